//! What a session was made under, and what differs between two besides their numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::plan_values::plan_values;
use crate::gate::baseline::Recorded;
use crate::report::text::clean;
use crate::summary::{Machine, Summary};
use crate::units::{Unit, print};

/// What a plan says about itself, which changes nothing.
const BESIDE: [&str; 2] = ["name", "description"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What: `load.transcribe.rate`, `label model`, `processor of the target`.
    pub(crate) what: String,
    pub(crate) then: String,
    pub(crate) now: String,
}

pub(crate) struct Circumstances<'a> {
    tool: &'a str,
    /// The plan with its values; unknown of a recorded session.
    plan: Option<(&'a str, &'a Value)>,
    load_hash: &'a str,
    labels: &'a BTreeMap<String, String>,
    generator: &'a Machine,
    target: Option<&'a Machine>,
}

impl<'a> From<&'a Summary> for Circumstances<'a> {
    fn from(own: &'a Summary) -> Self {
        Self {
            tool: &own.tool,
            plan: Some((&own.plan.name, &own.plan.effective)),
            load_hash: &own.load_hash,
            labels: &own.labels,
            generator: &own.generator,
            target: own.target.as_ref(),
        }
    }
}

impl<'a> From<&'a Recorded> for Circumstances<'a> {
    fn from(own: &'a Recorded) -> Self {
        Self {
            tool: &own.tool,
            plan: None,
            load_hash: &own.load_hash,
            labels: &own.labels,
            generator: &own.generator,
            target: own.target.as_ref(),
        }
    }
}

impl Circumstances<'_> {
    /// What differs from an earlier session, in words; what is not listed is the same.
    pub(crate) fn since(&self, then: &Self) -> Vec<Difference> {
        let mut all = Vec::new();
        let mut add = |what: &str, before: &str, now: &str| {
            if before != now {
                all.push(Difference {
                    what: clean(what),
                    then: clean(before),
                    now: clean(now),
                });
            }
        };
        add("perfgate", then.tool, self.tool);
        if let (Some((before, old)), Some((now, new))) = (then.plan, self.plan) {
            add("plan", before, now);
            let (old, new) = (plan_values(old), plan_values(new));
            for path in names(&old, &new)
                .into_iter()
                .filter(|path| !BESIDE.contains(&path.as_str()))
            {
                add(path, value(&old, path), value(&new, path));
            }
        }
        let work = |hash: &str| {
            hash.trim_start_matches("sha256:")
                .chars()
                .take(12)
                .collect::<String>()
        };
        add(
            "flows and loads of the plan (load hash)",
            &work(then.load_hash),
            &work(self.load_hash),
        );
        for name in names(then.labels, self.labels) {
            add(
                &format!("label {name}"),
                value(then.labels, name),
                value(self.labels, name),
            );
        }
        for (whose, before, now) in [
            ("generator", Some(then.generator), Some(self.generator)),
            ("target", then.target, self.target),
        ] {
            for (name, part) in parts() {
                let value =
                    |machine: Option<&Machine>| machine.map_or_else(|| "unknown".to_owned(), part);
                add(
                    &format!("{name} of the {whose}"),
                    &value(before),
                    &value(now),
                );
            }
        }
        all
    }
}

fn names<'a>(
    then: &'a BTreeMap<String, String>,
    now: &'a BTreeMap<String, String>,
) -> BTreeSet<&'a String> {
    then.keys().chain(now.keys()).collect()
}

fn value<'a>(values: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    values.get(name).map_or("–", String::as_str)
}

type Part = fn(&Machine) -> String;

fn parts() -> [(&'static str, Part); 5] {
    [
        ("processor", |machine| machine.cpu.clone()),
        ("number of processors", |machine| machine.cpus.to_string()),
        ("memory", |machine| {
            print(machine.memory_bytes as f64, Unit::Bytes)
        }),
        ("system", |machine| machine.os.clone()),
        ("kernel", |machine| machine.kernel.clone()),
    ]
}
