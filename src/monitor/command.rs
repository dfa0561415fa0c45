//! A command that prints numbers, such as `nvidia-smi` or `docker stats`.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::http::select;
use super::source::{Instance, Source, ValueKind};
use super::spec::MonitorSpec;
use crate::hook::{Hook, HookCommand, HookSpec};
use crate::metric::Better;
use crate::select::Selector;
use crate::units::{Flag, Unit};

/// The name of the number that a command prints.
const VALUE: &str = "value";

pub(super) struct CommandSource {
    hook: Hook,
    selectors: Vec<Option<Selector>>,
}

impl CommandSource {
    pub(super) fn kinds(spec: &MonitorSpec) -> Vec<ValueKind> {
        if spec.values.is_empty() {
            vec![ValueKind::new(VALUE, Unit::Count, Better::Lower)]
        } else {
            spec.own_kinds()
        }
    }

    pub(super) fn open(spec: &MonitorSpec, folder: &Path) -> Vec<Instance> {
        let one = |text: &String| -> Instance {
            let hook = Hook {
                spec: HookSpec {
                    run: HookCommand::Shell(text.clone()),
                    within: spec.patience(),
                    r#as: None,
                    optional: Flag(true),
                },
                folder: folder.to_owned(),
            };
            let selectors = spec.values.values().map(|value| value.at.parse().ok());
            let source = Self {
                hook,
                selectors: selectors.collect(),
            };
            (text.clone(), Box::new(source))
        };
        spec.command.0.iter().map(one).collect()
    }
}

impl Source for CommandSource {
    fn look(&mut self) -> Vec<Option<f64>> {
        let done = self.hook.run(&AtomicBool::new(false));
        let printed = done.printed.as_ref().filter(|_| done.is_ok());
        if self.selectors.is_empty() {
            return vec![printed.and_then(|text| leading_number(text))];
        }
        let text = printed.map_or("", String::as_str);
        select(text, &self.selectors)
    }
}

/// The number that a text begins with: `41 %`, `1234 MiB`, `0.5`.
fn leading_number(text: &str) -> Option<f64> {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c)))
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_its_number() {
        for (text, expected) in [
            ("41 %", Some(41.0)),
            (" 0.5\n", Some(0.5)),
            ("-3", Some(-3.0)),
            ("1e3 MiB", Some(1000.0)),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(leading_number(text), expected, "{text:?}");
        }
    }
}
