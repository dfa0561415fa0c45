//! Compiles what a step speaks and the messages that it sends: their names, their pools, the description of a call.

use serde_json::Value;

use super::compile::About;
use super::compiler::{Compiler, Spot};
use super::step::Transport;
use super::walk::Written;
use crate::diag::{Spanned, nearest};
use crate::protocol::grpc::{Described, Method, Sends, TAKES_ONE};
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
                    self.say(
                        written,
                        Spot::About(About::Key("protocols".to_owned())),
                        (message, String::new()),
                    );
                    None
                }
            };
        }
        let Some(grpc) = &spec.grpc else {
            return Some(Transport::Http);
        };
        let described = match Described::of(grpc, self.folder(written)) {
            Ok(described) => described,
            Err((key, message)) => {
                self.say(
                    written,
                    Spot::About(About::Key(key.to_owned())),
                    (message, String::new()),
                );
                return None;
            }
        };
        if let Some(method) = described.method() {
            if let Some((spot, message)) = unfit(written, method) {
                self.say(written, spot, (message, String::new()));
            }
            for message in messages(written) {
                for misfit in method.misfits(message.get_ref()) {
                    self.say(written, Spot::At(message.span()), (misfit, String::new()));
                }
            }
        }
        let messages = messages(written)
            .map(|message| message.get_ref().clone())
            .collect();
        let sends = if sends_several(written) {
            Sends::Several
        } else {
            Sends::One
        };
        Some(Transport::Grpc(described.saying(messages, sends)))
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
                if let Err(word) = self
                    .scope
                    .check(name, once)
                    .and_then(|()| self.check_text(name))
                {
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

/// Why the step cannot call the method, and where it says so.
fn unfit(written: &Written<'_>, method: &Method) -> Option<(Spot, String)> {
    let stream = written.spec.stream.as_ref()?;
    if sends_several(written) && !method.takes_many() {
        return Some((
            Spot::About(About::Key("method".to_owned())),
            format!("this method {TAKES_ONE}"),
        ));
    }
    let field = stream.audio.as_ref()?.field.as_ref()?;
    method
        .field(field.get_ref())
        .err()
        .map(|message| (Spot::At(field.span()), message))
}

fn sends_several(written: &Written<'_>) -> bool {
    let stream = written.spec.stream.as_ref();
    stream.is_some_and(|stream| {
        stream.audio.is_some() || stream.open.as_ref().is_some_and(|open| open.0.len() > 1)
    })
}

/// The messages of the step, as the plan has them.
fn messages<'a>(written: &Written<'a>) -> impl Iterator<Item = &'a Spanned<Value>> {
    let spec = written.spec;
    let call = spec.grpc.as_ref().and_then(|grpc| grpc.message.as_ref());
    let stream = spec.stream.as_ref();
    let open = stream
        .and_then(|stream| stream.open.as_ref())
        .map(|open| &open.0[..])
        .unwrap_or_default();
    let said = open
        .iter()
        .chain(stream.and_then(|stream| stream.finish.as_ref()))
        .filter_map(|say| say.json.as_ref());
    call.into_iter().chain(said)
}
