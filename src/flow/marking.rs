//! Compiles what iterations are told apart by: tags, and what a load is split by.

use super::compiler::Compiler;
use super::tags::{Tag, Tags};
use crate::template::{Slot, Template};

impl Compiler<'_> {
    /// What the samples of an iteration are tagged with.
    pub(super) fn tags(&mut self) -> Tags {
        let mut own = Vec::new();
        for (name, text) in &self.scene.tags.0 {
            let template = match Template::parse(&text.get_ref().0) {
                Ok(template) => template,
                Err(error) => {
                    let help = "a literal `{{` is written `{{{{`".to_owned();
                    self.say_of_load((error.message, help), text.span());
                    continue;
                }
            };
            for unknown in template.names() {
                if self.scope.is_known_at_the_end(unknown) {
                    continue;
                }
                let missing = format!("no iteration of this load has `{{{{{unknown}}}}}`");
                let word = self.scope.nobody_has(unknown, missing, &[]);
                self.say_of_load(word, text.span());
            }
            let tag = template
                .constant()
                .map_or_else(|| Tag::Live(template.bind(&mut self.slots)), Tag::Fixed);
            own.push((name.clone(), tag));
        }
        Tags {
            own,
            pool: self.steps.iter().find_map(|step| step.audio.clone()),
        }
    }

    /// What the load is reported apart by.
    pub(super) fn split(&mut self) -> Option<Slot> {
        let name = self.scene.split_by?;
        if !self.scope.is_known_at_the_end(name.get_ref()) {
            let missing = format!(
                "no iteration of this load has `{}` to be split by",
                name.get_ref()
            );
            let word = self.scope.nobody_has(name.get_ref(), missing, &[]);
            self.say_of_load(word, name.span());
        }
        Some(self.slots.slot(name.get_ref()))
    }
}
