//! Compiles what a step speaks and the messages that it sends: their names, their pools, the description of a call.

use super::compile::About;
use super::compiler::{Compiler, Spot};
use super::step::Transport;
use super::walk::Written;
use crate::diag::{Spanned, nearest};
use crate::protocol::grpc::Described;
use crate::protocol::{Say, SaySpec};
use crate::template::Slots;

impl Compiler<'_> {
    /// What the step speaks; `None` where that is wrong, which has been said.
    pub(super) fn transport(&mut self, written: &Written<'_>) -> Option<Transport> {
        let spec = written.spec;
        if let Some(websocket) = &spec.websocket {
            return match websocket.offer() {
                Ok(offer) => Some(Transport::WebSocket(offer)),
                Err(message) => {
                    self.say(written, Spot::About(About::Key("protocols".to_owned())), (message, String::new()));
                    None
                }
            };
        }
        let Some(grpc) = &spec.grpc else { return Some(Transport::Http) };
        let described = match Described::of(grpc, self.folder(written)) {
            Ok(described) => described,
            Err((key, message)) => {
                self.say(written, Spot::About(About::Key(key.to_owned())), (message, String::new()));
                return None;
            }
        };
        if let Some((key, message)) = described.method().and_then(|method| unfit(written, method)) {
            self.say(written, Spot::About(About::Key(key.to_owned())), (message, String::new()));
        }
        Some(Transport::Grpc(described))
    }

    /// One message; `own` are names that it has beside those of the iteration.
    pub(super) fn say_message(
        &mut self,
        written: &Written<'_>,
        message: &SaySpec,
        once: bool,
        own: &[&str],
    ) -> Option<Say> {
        let mut needed = Slots::default();
        if message.compile(&mut needed).is_ok() {
            for (name, _) in needed.iter().filter(|(name, _)| !own.contains(name)) {
                if let Err(word) = self.scope.check(name, once).and_then(|()| self.check_text(name)) {
                    self.say(written, Spot::About(About::Name(name.to_owned())), word);
                }
            }
        }
        match message.compile(&mut self.slots) {
            Ok(say) => Some(say),
            Err(wrong) => {
                for error in wrong {
                    let spot = error.span.map_or(Spot::Step, Spot::At);
                    self.say(written, spot, (error.message, String::new()));
                }
                None
            }
        }
    }

    /// The pool of streamed audio must be there, and hold what streams want.
    pub(super) fn check_streamed(&mut self, written: &Written<'_>, name: &Spanned<String>) {
        let word = match self.scene.pools.get(name.get_ref()) {
            Some(pool) => match pool.require_for_streams() {
                Ok(()) => return,
                Err(error) => (error.to_string(), String::new()),
            },
            None => self.no_pool(name.get_ref()),
        };
        self.say(written, Spot::At(name.span()), word);
    }

    /// What to say about a pool that is not there.
    pub(super) fn no_pool(&self, pool: &str) -> (String, String) {
        let help = nearest(pool, self.scene.pools.keys().map(String::as_str)).map_or_else(
            || format!("add [audio.{pool}] with `files` or `synthesize`"),
            |close| format!("a pool with a similar name exists: `{close}`"),
        );
        (format!("there is no audio pool `{pool}`"), help)
    }
}

/// What of the step does not fit the method: the key of `grpc` and why.
fn unfit(written: &Written<'_>, method: &crate::protocol::grpc::Method) -> Option<(&'static str, String)> {
    let spec = written.spec;
    if let Some(stream) = &spec.stream {
        let sends = stream.audio.is_some() || stream.open.as_ref().is_some_and(|open| open.0.len() > 1);
        if sends && !method.takes_many() {
            return Some(("method", "this method takes one message, and the stream sends several".to_owned()));
        }
        if let Some(Err(message)) =
            stream.audio.as_ref().and_then(|audio| audio.field.as_ref()).map(|field| method.field(field.get_ref()))
        {
            return Some(("method", message));
        }
    }
    let message = spec.grpc.as_ref()?.message.as_ref()?;
    let fixed = SaySpec { json: Some(message.clone()), text: None, binary: None }.compile(&mut Slots::default());
    let bytes = fixed.ok()?.fixed()?;
    method.encode(&bytes).err().map(|why| ("message", why))
}
