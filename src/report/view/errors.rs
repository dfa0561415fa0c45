//! Errors in groups, most frequent first.

use std::collections::BTreeSet;

use crate::report::text::{clean, clock, plural};
use crate::summary::{ErrorLine, Summary};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ErrorsView {
    /// Groups, most frequent first; those of several runs are put together.
    pub(crate) groups: Vec<ErrorView>,
    pub(crate) beyond: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorView {
    pub(crate) count: u64,
    /// `[2x] HTTP 503: Resource threshold exceeded (memory: 92%)`.
    pub(crate) line: String,
    /// `step submit, class status, first seen at 1:12`.
    pub(crate) place: String,
    /// The load, with its phase where it has one: `transcribe`, `stress/transcribe`.
    pub(crate) load: String,
    /// The step; `–` for what is no step's.
    pub(crate) step: String,
    /// What it was: `status`, `timeout`.
    pub(crate) class: String,
    pub(crate) message: String,
    /// When the first one happened, from the run's begin.
    pub(crate) first: String,
    pub(crate) last: String,
}

struct GroupedErrors<'a> {
    first: &'a ErrorLine,
    count: u64,
    first_s: f64,
    last_s: f64,
    runs: BTreeSet<u64>,
}

impl ErrorsView {
    pub(crate) fn of(summary: &Summary) -> Self {
        let mut groups: Vec<GroupedErrors<'_>> = Vec::new();
        for (run, error) in summary
            .runs
            .iter()
            .flat_map(|run| run.errors.iter().map(move |error| (run.number, error)))
        {
            match groups.iter_mut().find(|group| same(group.first, error)) {
                Some(group) => {
                    group.count += error.count;
                    group.first_s = group.first_s.min(error.first_s);
                    group.last_s = group.last_s.max(error.last_s);
                    group.runs.insert(run);
                }
                None => groups.push(GroupedErrors {
                    first: error,
                    count: error.count,
                    first_s: error.first_s,
                    last_s: error.last_s,
                    runs: BTreeSet::from([run]),
                }),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        let beyond: u64 = summary.runs.iter().map(|run| run.errors_beyond).sum();
        Self {
            groups: groups.iter().map(|group| view(group, summary)).collect(),
            beyond: (beyond > 0).then(|| {
                format!(
                    "{} of further kinds, counted and not kept",
                    plural(beyond, "error")
                )
            }),
        }
    }
}

/// Runs keep groups of their own; like them, this takes texts that differ only in their numbers for one.
fn same(a: &ErrorLine, b: &ErrorLine) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
    };
    (&a.phase, &a.load, &a.step, &a.class) == (&b.phase, &b.load, &b.step, &b.class)
        && letters(&a.message) == letters(&b.message)
}

fn view(group: &GroupedErrors<'_>, summary: &Summary) -> ErrorView {
    let error = group.first;
    let mut place: Vec<String> = error
        .phase
        .iter()
        .map(|phase| format!("phase {}", clean(phase)))
        .collect();
    if summary.loads.len() > 1 {
        place.push(format!("load {}", clean(&error.load)));
    }
    place.extend(
        error
            .step
            .as_ref()
            .map(|step| format!("step {}", clean(step))),
    );
    place.push(format!("class {}", clean(&error.class)));
    place.push(format!("first seen at {}", clock(group.first_s)));
    if summary.runs.len() > 1 {
        place.push(format!(
            "in {} of {} runs",
            group.runs.len(),
            summary.runs.len()
        ));
    }
    ErrorView {
        count: group.count,
        line: format!("[{}x] {}", group.count, clean(&error.message)),
        place: place.join(", "),
        load: clean(&error.phase.as_ref().map_or_else(
            || error.load.clone(),
            |phase| format!("{phase}/{}", error.load),
        )),
        step: error
            .step
            .as_ref()
            .map_or_else(|| "–".to_owned(), |step| clean(step)),
        class: clean(&error.class),
        message: clean(&error.message),
        first: clock(group.first_s),
        last: clock(group.last_s),
    }
}
