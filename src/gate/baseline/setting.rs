//! What has to be equal for two sessions to be compared.

use std::collections::BTreeMap;

use super::document::Recorded;
use crate::summary::{Machine, Summary};

/// The work that a session did and the class of machine that it was done on, in the words of `[baseline] match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What must be equal, by name.
    work: BTreeMap<String, String>,
    /// What sorts sessions into classes, which may stand side by side.
    class: Vec<(&'static str, String)>,
}

impl Setting {
    /// The setting of a session.
    #[must_use]
    pub fn of_summary(words: &[String], summary: &Summary) -> Self {
        Self::of(
            words,
            &summary.load_hash,
            &summary.labels,
            summary.target.as_ref(),
        )
    }

    /// The setting of a recorded session.
    #[must_use]
    pub fn of_recorded(words: &[String], recorded: &Recorded) -> Self {
        Self::of(
            words,
            &recorded.load_hash,
            &recorded.labels,
            recorded.target.as_ref(),
        )
    }

    /// The setting of whatever did this work on this machine; `None` where the machine is unknown.
    #[must_use]
    pub fn of(
        words: &[String],
        load_hash: &str,
        labels: &BTreeMap<String, String>,
        target: Option<&Machine>,
    ) -> Self {
        let (mut work, mut class) = (BTreeMap::new(), Vec::new());
        for word in words {
            let machine =
                |of: fn(&Machine) -> String| target.map_or_else(|| "unknown".to_owned(), of);
            match word.as_str() {
                "load_hash" => drop(work.insert("load hash".to_owned(), load_hash.to_owned())),
                "labels" => {
                    work.extend(
                        labels
                            .iter()
                            .map(|(name, value)| (format!("label {name}"), value.clone())),
                    );
                }
                "cpu" => class.push(("processor", machine(|own| own.cpu.clone()))),
                "cpus" => class.push(("processors", machine(|own| own.cpus.to_string()))),
                // What the system takes for itself differs by a little each time it starts.
                "memory" => {
                    class.push((
                        "memory",
                        machine(|own| format!("{} GB", own.memory_bytes.div_ceil(1_000_000_000))),
                    ));
                }
                "os" => class.push(("system", machine(|own| own.os.clone()))),
                "kernel" => class.push(("kernel", machine(|own| own.kernel.clone()))),
                other => {
                    let name = other.strip_prefix("label.").unwrap_or(other);
                    work.insert(
                        format!("label {name}"),
                        labels.get(name).cloned().unwrap_or_default(),
                    );
                }
            }
        }
        Self { work, class }
    }

    /// Whether the same work was done.
    #[must_use]
    pub fn same_work(&self, other: &Self) -> bool {
        self.work == other.work
    }

    /// The machine class in words: `Intel Xeon, 2 processors`.
    #[must_use]
    pub fn class(&self) -> String {
        if self.class.iter().all(|(_, value)| value == "unknown") {
            return if self.class.is_empty() {
                "any machine".to_owned()
            } else {
                "an unknown machine".to_owned()
            };
        }
        let part = |(name, value): &(&str, String)| match *name {
            "processors" => format!("{value} processors"),
            "memory" => format!("{value} of memory"),
            _ => value.clone(),
        };
        self.class.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    /// What differs in the work, in words; empty where nothing does. `place` says where the other one is.
    #[must_use]
    pub fn differences_from(&self, other: &Self, place: &str) -> Vec<String> {
        let names = self.work.keys().chain(
            other
                .work
                .keys()
                .filter(|name| !self.work.contains_key(*name)),
        );
        let differs = names.filter(|name| self.work.get(*name) != other.work.get(*name));
        differs
            .map(|name| {
                let said = |of: &Self| {
                    of.work
                        .get(name)
                        .filter(|value| !value.is_empty())
                        .map_or("none".to_owned(), |value| format!("`{value}`"))
                };
                if name == "load hash" {
                    "the flows or loads are not the same (the plan has changed, or a --set is another one)".to_owned()
                } else {
                    format!("{name} is {}, {place} {}", said(self), said(other))
                }
            })
            .collect()
    }
}
