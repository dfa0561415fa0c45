//! A monitor as a plan says it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::source::ValueKind;
use crate::metric::Better;
use crate::units::{Count, Duration, Flag, List, Unit, or_text, text_or_table};

/// Something that is looked at again and again while the load runs. Exactly one source.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonitorSpec {
    /// This machine: `cpu`, `memory`, `swap`, `load`, `pressure`.
    #[serde(default)]
    pub host: Flag,
    /// Processes, each by one of its keys: `rss`, `cpu`, `threads`, `files`, `restarts`, `up`.
    #[serde(default)]
    pub process: List<ProcessSpec>,
    /// Commands for `sh -c`: the number that one prints is `value`, or `values` select from what it prints.
    #[serde(default)]
    pub command: List<String>,
    /// Addresses that answer with JSON, from which `values` select.
    #[serde(default)]
    pub json: List<String>,
    /// Addresses of Prometheus pages, from which `values` select.
    #[serde(default)]
    pub prometheus: List<String>,
    /// Names of values, and where each is found: a selector (`$.memory.used`), or of a Prometheus page a metric
    /// (`name{label="v"}`, `rate(name)`, `p95(name)` of a histogram).
    #[serde(default)]
    pub values: BTreeMap<String, ValueSpec>,
    /// How often.
    #[serde(default = "each_second")]
    pub every: Duration,
    /// How long an answer may take; by default as long as `every`. A late or missing one is a gap, and never an error.
    #[serde(default)]
    pub timeout: Option<Duration>,
}

const fn each_second() -> Duration {
    Duration::from_secs(1)
}

/// A process, by exactly one of its keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessSpec {
    /// Who listens on this TCP port.
    #[serde(default)]
    pub port: Option<Count>,
    /// Its number.
    #[serde(default)]
    pub pid: Option<Count>,
    /// The file that its number stands in.
    #[serde(default)]
    pub pid_file: Option<String>,
    /// The name of its program; of several the oldest.
    #[serde(default)]
    pub name: Option<String>,
}

/// Where a value is found, and what it is.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_text)]
pub struct ValueSpec {
    /// The selector, or the metric of a Prometheus page.
    pub at: String,
    /// Its unit: `bytes`, `seconds`, `ratio`, `count`.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// Which direction is good.
    #[serde(default)]
    pub better: Option<Better>,
}

text_or_table!(
    ValueSpec,
    "a selector, for example \"$.memory.used\"",
    |text| {
        Ok(ValueSpec {
            at: text.to_owned(),
            unit: None,
            better: None,
        })
    }
);

impl MonitorSpec {
    /// How many instances it watches.
    #[must_use]
    pub fn instances(&self) -> usize {
        let lists = [
            self.process.0.len(),
            self.command.0.len(),
            self.json.0.len(),
            self.prometheus.0.len(),
        ];
        lists.into_iter().max().unwrap_or_default().max(1)
    }

    /// The values that the plan itself names.
    pub(super) fn own_kinds(&self) -> Vec<ValueKind> {
        let named = self.values.iter().map(|(name, spec)| ValueKind {
            name: name.clone(),
            unit: spec.unit.unwrap_or(Unit::Count),
            better: spec.better.unwrap_or(Better::Lower),
        });
        named.collect()
    }

    /// How long one look may take.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.timeout.unwrap_or(self.every)
    }
}
