//! The one variable in which several sessions differ, where there is one.

use std::collections::{BTreeMap, BTreeSet};

use super::plan_values::plan_values;
use crate::summary::Summary;
use crate::units::Quantity;

/// Parts of a plan in which sessions may differ and have done the same work.
const BESIDE: [&str; 9] = [
    "name",
    "description",
    "target.url",
    "threshold.",
    "warning.",
    "abort.",
    "baseline.",
    "session.",
    "secrets.",
];
/// What is named first where several values go along with each other.
const FIRST: [&str; 3] = ["vars.", "label ", "load."];

/// A quantity that has a value in each session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variable {
    /// `users`, `load.work.rate`, `label workers`.
    pub(crate) name: String,
    /// One number a session, in the base unit of what was written.
    pub(crate) values: Vec<f64>,
    pub(crate) texts: Vec<String>,
}

impl Variable {
    /// The variable of these sessions: a number by which everything else in their plans and labels is decided in which they
    /// differ. `None` where they differ in nothing, in no number, or in several things.
    pub(crate) fn of(sessions: &[&Summary]) -> Option<Self> {
        let all: Vec<BTreeMap<String, String>> =
            sessions.iter().map(|session| values(session)).collect();
        let names: BTreeSet<&String> = all.iter().flat_map(BTreeMap::keys).collect();
        let column = |name: &String| all.iter().map(|own| own.get(name)).collect::<Vec<_>>();
        let differing: Vec<(&String, Vec<Option<&String>>)> = names
            .into_iter()
            .map(|name| (name, column(name)))
            .filter(|(_, column)| column.windows(2).any(|pair| pair[0] != pair[1]))
            .collect();
        let decides = |texts: &[&String]| {
            differing.iter().all(|(_, column)| {
                let mut seen: BTreeMap<&String, &Option<&String>> = BTreeMap::new();
                texts
                    .iter()
                    .zip(column)
                    .all(|(text, other)| *seen.entry(text).or_insert(other) == other)
            })
        };
        let candidate = |(name, column): &(&String, Vec<Option<&String>>)| {
            let texts: Vec<&String> = column.iter().copied().collect::<Option<_>>()?;
            let values: Vec<f64> = texts
                .iter()
                .map(|text| number(text))
                .collect::<Option<_>>()?;
            let name = name.strip_prefix("vars.").unwrap_or(name).to_owned();
            let texts_owned = texts.iter().map(|text| (*text).clone()).collect();
            decides(&texts).then_some(Self {
                name,
                values,
                texts: texts_owned,
            })
        };
        let place = |name: &String| {
            FIRST
                .iter()
                .position(|first| name.starts_with(first))
                .unwrap_or(FIRST.len())
        };
        let mut ordered: Vec<&(&String, Vec<Option<&String>>)> = differing.iter().collect();
        ordered.sort_by_key(|(name, _)| place(name));
        ordered.into_iter().find_map(candidate)
    }
}

fn values(summary: &Summary) -> BTreeMap<String, String> {
    let mut values = plan_values(&summary.plan.effective);
    values.retain(|path, _| {
        !BESIDE.iter().any(|beside| path.starts_with(beside)) && !path.starts_with("labels.")
    });
    values.extend(
        summary
            .labels
            .iter()
            .map(|(name, value)| (format!("label {name}"), value.clone())),
    );
    values
}

fn number(text: &str) -> Option<f64> {
    text.parse::<Quantity>()
        .ok()
        .map(|quantity| quantity.value)
        .filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(plans: &[Value]) -> Option<(String, Vec<f64>)> {
        let sessions: Vec<Summary> = plans
            .iter()
            .map(|plan| {
                let mut summary = Summary::empty("series");
                summary.plan.effective = plan.clone();
                summary
            })
            .collect();
        Variable::of(&sessions.iter().collect::<Vec<_>>()).map(|found| (found.name, found.values))
    }

    #[test]
    fn one_number_that_decides_the_rest_is_found() {
        let plan = |users: u64, rate: &str, model: &str| {
            json!({ "name": format!("run_{users}"), "vars": { "users": users, "model": model },
                "load": { "ask": { "vus": users, "rate": rate } }, "session": { "repeats": users } })
        };
        let users = [
            plan(5, "1/s", "a"),
            plan(10, "1/s", "a"),
            plan(5, "1/s", "a"),
        ];
        assert_eq!(
            found(&users),
            Some(("users".to_owned(), vec![5.0, 10.0, 5.0]))
        );
        let only = [
            json!({ "load": { "ask": { "rate": "1/s" } } }),
            json!({ "load": { "ask": { "rate": "120/min" } } }),
        ];
        assert_eq!(
            found(&only),
            Some(("load.ask.rate".to_owned(), vec![1.0, 2.0]))
        );
        // Two things that go their own ways are no variable, and neither is a word.
        assert_eq!(
            found(&[
                plan(5, "1/s", "a"),
                plan(5, "2/s", "a"),
                plan(10, "2/s", "a")
            ]),
            None
        );
        assert_eq!(found(&[plan(5, "1/s", "a"), plan(5, "1/s", "b")]), None);
        assert_eq!(found(&[plan(5, "1/s", "a"), plan(5, "1/s", "a")]), None);
    }
}
