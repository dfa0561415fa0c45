//! Compiles what iterations are told apart by: tags, and what a load is split by.

use super::compiler::Compiler;
use crate::flow::program::tags::{Tag, Tags};
use crate::template::{Slot, Template};

/// What the samples of an iteration are tagged with.
pub(crate) fn tags(compiler: &mut Compiler<'_>) -> Tags {
    let mut own = Vec::new();
    for (name, text) in &compiler.scene.tags.0 {
        let template = match Template::parse(&text.get_ref().0) {
            Ok(template) => template,
            Err(error) => {
                let help = "a literal `{{` is written `{{{{`".to_owned();
                compiler.say_of_load((error.message, help), text.span());
                continue;
            }
        };
        for unknown in template.names() {
            if compiler.scope.is_known_at_the_end(unknown) {
                continue;
            }
            let missing = format!("no iteration of this load has `{{{{{unknown}}}}}`");
            let word = compiler.scope.nobody_has(unknown, missing, &[]);
            compiler.say_of_load(word, text.span());
        }
        let tag = template
            .constant()
            .map_or_else(|| Tag::Live(template.bind(&mut compiler.slots)), Tag::Fixed);
        own.push((name.clone(), tag));
    }
    Tags {
        own,
        pool: compiler.steps.iter().find_map(|step| step.audio.clone()),
    }
}

/// What the load is reported apart by.
pub(crate) fn split(compiler: &mut Compiler<'_>) -> Option<Slot> {
    let name = compiler.scene.split_by?;
    if !compiler.scope.is_known_at_the_end(name.get_ref()) {
        let missing = format!(
            "no iteration of this load has `{}` to be split by",
            name.get_ref()
        );
        let word = compiler.scope.nobody_has(name.get_ref(), missing, &[]);
        compiler.say_of_load(word, name.span());
    }
    Some(compiler.slots.slot(name.get_ref()))
}
