//! What a monitor finds wrong with itself, and what it watches.

use super::source::ValueKind;
use super::spec::MonitorSpec;
use super::table::SOURCES;
use crate::diag::Problem;
use crate::select::Selector;

impl MonitorSpec {
    /// What is wrong with it by itself.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let used: Vec<&str> = SOURCES
            .iter()
            .filter(|source| (source.is_used)(self))
            .map(|source| source.key)
            .collect();
        let mut problems = Vec::new();
        let all = SOURCES.map(|source| source.key).join(", ");
        match used.as_slice() {
            [] => problems.push(Problem::error(
                "",
                "the monitor has no source: nothing would be watched",
                format!("it has exactly one of {all}"),
            )),
            [only] => problems.extend(self.values_problem(only)),
            [_, second, ..] => problems.push(Problem::error(
                *second,
                "a monitor has one source",
                format!("write one [monitor.NAME] for each of {}", used.join(", ")),
            )),
        }
        for process in &self.process.0 {
            let keys = [
                process.port.is_some(),
                process.pid.is_some(),
                process.pid_file.is_some(),
                process.name.is_some(),
            ];
            if keys.iter().filter(|is_there| **is_there).count() != 1 {
                problems.push(Problem::error(
                    "process",
                    "a process is found by exactly one of port, pid, pid_file, name",
                    "process = { port = 8000 }",
                ));
            }
        }
        if self.every.as_nanos() < 100_000_000 {
            problems.push(Problem::error(
                "every",
                "a monitor looks at most ten times a second",
                "every = \"1s\"",
            ));
        }
        problems
    }

    fn values_problem(&self, source: &str) -> Option<Problem> {
        let is_selected = ["json", "command"].contains(&source);
        for (name, value) in self.values.iter().filter(|_| is_selected) {
            if let Err(error) = value.at.parse::<Selector>() {
                return Some(Problem::error(
                    format!("values.{name}"),
                    error.message,
                    String::new(),
                ));
            }
        }
        let wants = ["json", "prometheus"].contains(&source);
        if wants && self.values.is_empty() {
            return Some(Problem::error(
                source,
                format!("the monitor has no values: `{source}` says nothing by itself"),
                "values = { memory = \"$.memory.used\" }",
            ));
        }
        (!wants && source != "command" && !self.values.is_empty()).then(|| {
            Problem::error(
                "values",
                format!("`{source}` has values of its own"),
                "take `values` out",
            )
        })
    }

    /// Every value that it watches.
    #[must_use]
    pub fn kinds(&self) -> Vec<ValueKind> {
        SOURCES
            .iter()
            .find(|source| (source.is_used)(self))
            .map_or_else(Vec::new, |source| (source.kinds)(self))
    }
}
