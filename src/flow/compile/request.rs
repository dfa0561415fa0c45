//! Compiles what a step sends: its request, its protocol, its messages.

use super::compiler::Compiler;
use super::error::{ErrorLocation, ErrorSubject};
use crate::diag::Spanned;
use crate::flow::spec::walk::SourceStep;
use crate::protocol::http::{HttpSpec, HttpTemplate, RequestContext, TextMap};
use crate::protocol::{Binding, MessageSpec, MessageTemplate};
use crate::template::Slots;

/// What the step speaks; `None` where that is wrong, which has been said.
pub(crate) fn binding(compiler: &mut Compiler<'_>, written: &SourceStep<'_>) -> Option<Binding> {
    let (binding, errors) = written.spec.bind(compiler.folder(written))?;
    compiler.say_all(written, errors);
    binding
}

/// One message; `own` are names that it has beside those of the iteration.
pub(crate) fn say_message(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    message: &MessageSpec,
    once: bool,
    own: &[&str],
) -> Option<MessageTemplate> {
    let mut needed = Slots::default();
    if message.compile(&mut needed).is_ok() {
        for (name, _) in needed.iter().filter(|(name, _)| !own.contains(name)) {
            compiler.check_needed(written, name, once);
        }
    }
    match message.compile(&mut compiler.slots) {
        Ok(say) => Some(say),
        Err(wrong) => {
            compiler.say_all(written, wrong);
            None
        }
    }
}

/// The pool of streamed audio must be there, and hold what streams want.
pub(crate) fn check_streamed(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    name: &Spanned<String>,
) {
    let word = match compiler.scene.pools.get(name.get_ref()) {
        Some(pool) => match pool.require_for_streams() {
            Ok(()) => return,
            Err(error) => (error.to_string(), String::new()),
        },
        None => compiler.no_pool(name.get_ref()),
    };
    compiler.say(written, ErrorLocation::At(name.span()), word);
}

/// The request of a step, and the pool whose clip it sends.
pub(crate) fn template(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    http: &HttpSpec,
    once: bool,
) -> (Option<HttpTemplate>, Option<String>) {
    let folder = compiler.folder(written);
    let (headers, auth) = (compiler.scene.headers, compiler.scene.auth);
    let around = RequestContext {
        base: compiler.scene.base,
        headers,
        auth,
        folder,
    };
    // What it cannot do without: headers are left out until they have a value.
    let mut needed = Slots::default();
    let bare = HttpSpec {
        headers: TextMap::default(),
        ..http.clone()
    };
    drop(bare.compile(
        &RequestContext {
            headers: &TextMap::default(),
            auth: None,
            ..around
        },
        &mut needed,
    ));
    let needed: Vec<String> = needed.iter().map(|(name, _)| name.to_owned()).collect();
    for name in &needed {
        compiler.check_needed(written, name, once);
    }
    let before = compiler.slots.iter().count();
    let template = http.compile(&around, &mut compiler.slots);
    let fresh: Vec<String> = compiler
        .slots
        .iter()
        .skip(before)
        .map(|(name, _)| name.to_owned())
        .collect();
    for name in fresh.iter().filter(|name| !needed.contains(name)) {
        // The target's own headers are those of every flow: one that never captures the name goes without.
        let mut steps = compiler.scene.flows.values().flatten();
        let later = steps.any(|step| step.capture.0.iter().any(|(own, _)| own == name));
        if let Err(word) = compiler
            .scope
            .check(name, once)
            .or_else(|word| if later { Ok(()) } else { Err(word) })
        {
            compiler.say(
                written,
                ErrorLocation::About(ErrorSubject::Name(name.clone())),
                word,
            );
        }
    }
    let template = match template {
        Ok(template) => template,
        Err(wrong) => {
            compiler.say_all(written, wrong);
            return (None, None);
        }
    };
    let inline = || {
        needed
            .iter()
            .find_map(|name| Some(name.strip_suffix(".base64")?.to_owned()))
    };
    let audio = template.audio_pool().map(str::to_owned);
    if let Some(pool) = audio
        .as_ref()
        .filter(|pool| !compiler.scene.pools.contains_key(*pool))
    {
        compiler.say(
            written,
            ErrorLocation::About(ErrorSubject::Pool(pool.clone())),
            compiler.no_pool(pool),
        );
    }
    (Some(template), audio.or_else(inline))
}
