//! Which names a step can use, and what to say about one that it cannot.

use std::collections::BTreeMap;

use crate::diag::nearest;
use crate::flow::program::built_in;
use crate::flow::spec::step::NAMELESS;
use crate::flow::spec::walk::WalkEvent;

/// So many names are listed at most.
const LISTED: usize = 12;

/// The names that are known at one place of a flow.
#[derive(Debug)]
pub(crate) struct Scope {
    /// What every iteration knows by itself: its number, the clip, the row.
    built_in: Vec<String>,
    /// Captured by steps that are done once.
    kept: Vec<String>,
    /// Captured by the steps so far.
    captured: Vec<String>,
    /// Counters of the repetitions around.
    counters: Vec<String>,
    /// Every capture of the flow, with the step that makes it and whether it is done once.
    anywhere: BTreeMap<String, (String, bool)>,
    /// The columns of each table of rows.
    columns: BTreeMap<String, Vec<String>>,
}

/// What is wrong, and what to do.
pub(crate) type Word = (String, String);

impl Scope {
    pub(crate) fn new<'a>(
        pools: impl Iterator<Item = &'a str>,
        columns: BTreeMap<String, Vec<String>>,
        visits: &[WalkEvent<'_>],
    ) -> Self {
        let mut built_in = built_in::all(pools);
        built_in.extend(columns.iter().flat_map(|(table, built_in)| {
            built_in.iter().map(move |name| format!("{table}.{name}"))
        }));
        let mut anywhere = BTreeMap::new();
        for visit in visits {
            let WalkEvent::Step(step) = visit else {
                continue;
            };
            for (name, _) in &step.spec.capture.0 {
                let own = step
                    .spec
                    .name
                    .clone()
                    .unwrap_or_else(|| NAMELESS.to_owned());
                anywhere
                    .entry(name.clone())
                    .or_insert((own, step.spec.once.is_some()));
            }
        }
        Self {
            built_in,
            kept: Vec::new(),
            captured: Vec::new(),
            counters: Vec::new(),
            anywhere,
            columns,
        }
    }

    /// A step captures a value; `once` where it is done once.
    pub(crate) fn capture(&mut self, name: &str, once: bool) {
        if once {
            &mut self.kept
        } else {
            &mut self.captured
        }
        .push(name.to_owned());
    }

    /// Whether the name belongs to perfgate, and a capture of it would never be seen.
    pub(crate) fn is_built_in(&self, name: &str) -> bool {
        self.built_in.iter().any(|own| own == name)
    }

    /// A repetition begins, with or without a counter.
    pub(crate) fn enter(&mut self, counter: &str) {
        self.counters.push(counter.to_owned());
    }

    /// The innermost repetition ends.
    pub(crate) fn leave(&mut self) {
        self.counters.pop();
    }

    /// Whether some step of the flow captures the name: what may be left out until then may use it.
    pub(crate) fn is_captured_somewhere(&self, name: &str) -> bool {
        self.anywhere.contains_key(name)
    }

    /// Whether the name has a value at the end of an iteration.
    pub(crate) fn is_known_at_the_end(&self, name: &str) -> bool {
        self.is_built_in(name) || self.is_captured_somewhere(name)
    }

    /// Whether a step can use a name; `once` where it is done once.
    ///
    /// # Errors
    /// Says why not.
    pub(crate) fn check(&self, name: &str, once: bool) -> Result<(), Word> {
        let known = self.known(once);
        if known.contains(&name) {
            return Ok(());
        }
        let missing = format!("nothing has the name `{{{{{name}}}}}` here");
        if once && name == "iteration" {
            return Err((
                missing,
                "what is done once is done before the first iteration; `{{vu}}` is the user's number".to_owned(),
            ));
        }
        if let Some((step, of_once)) = self.anywhere.get(name) {
            return Err(if once && !of_once {
                let message = format!(
                    "`{{{{{name}}}}}` is captured in each iteration, by step `{step}`, and this step is done once before"
                );
                (message, format!("give `{step}` a `once` of its own"))
            } else {
                let message = format!("`{{{{{name}}}}}` is captured only later, by step `{step}`");
                (message, format!("put `{step}` before this step"))
            });
        }
        Err(self.nobody_has(name, missing, &known))
    }

    /// What to say about a name that no step captures.
    pub(crate) fn nobody_has(&self, name: &str, missing: String, known: &[&str]) -> Word {
        if let Some((table, column)) = name.split_once('.')
            && let Some(columns) = self.columns.get(table)
        {
            let message = format!("the data `{table}` has no column `{column}`");
            let help = match nearest(column, columns.iter().map(String::as_str)) {
                Some(close) => format!("a column with a similar name exists: `{close}`"),
                None => format!("its columns are {}", columns.join(", ")),
            };
            return (message, help);
        }
        let everything = known
            .iter()
            .copied()
            .chain(self.anywhere.keys().map(String::as_str));
        let help = nearest(name, everything).map_or_else(
            || {
                let step = if known.is_empty() {
                    "a step of the flow"
                } else {
                    "a step before this one"
                };
                let names: Vec<String> = known
                    .iter()
                    .take(LISTED)
                    .map(|name| format!("`{name}`"))
                    .collect();
                let has = match names.as_slice() {
                    [] => String::new(),
                    names => format!("names here are {}; ", names.join(", ")),
                };
                format!("{has}{step} can capture another: capture = {{ NAME = \"$.path\" }}")
            },
            |close| format!("a value with a similar name exists: `{close}`"),
        );
        (missing, help)
    }

    fn known(&self, once: bool) -> Vec<&str> {
        let own = self
            .built_in
            .iter()
            .filter(|name| !once || *name != "iteration")
            .chain(&self.kept);
        let later = self.captured.iter().chain(&self.counters).filter(|_| !once);
        own.chain(later)
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect()
    }
}
