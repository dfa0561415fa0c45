//! The shape of `baselines/<plan>.json`: what people decide, what was recorded, what follows from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::metric::{Address, Better};
use crate::summary::{Machine, Summary, ToleranceLine};
use crate::units::Unit;

/// The kind of this document.
pub const SCHEMA: &str = "perfgate.baseline";
/// Its major version.
pub const VERSION: u32 = 1;

/// What was normal, and how far each metric may drift from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// `perfgate.baseline/1`.
    pub schema: String,
    /// The plan's name.
    pub plan: String,
    /// What it is, in words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What is compared, by full address. People edit this part.
    pub metrics: BTreeMap<Address, MetricPolicy>,
    /// What was recorded, the oldest first.
    pub sessions: Vec<Recorded>,
    /// What follows from the sessions, by metric and machine class. Computed; a value that differs is refused.
    pub derived: BTreeMap<Address, BTreeMap<String, Derived>>,
    /// Why the file was changed, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// How one metric is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricPolicy {
    /// Its base unit; values below are in it.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// The drift allowed: `15%`, `50ms`, `10% and 50ms`; of a share, percentage points. Absent beside a `bound`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<String>,
    /// A fixed bound in place of a tolerance, judged without statistics: `<= 2.22s`, `>= 97%`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<String>,
    /// What leaving the tolerance means.
    #[serde(default)]
    pub severity: Severity,
    /// With fewer samples in a run it is not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_samples: Option<u64>,
    /// The spread between sessions to begin with, where the one of its kind does not fit: `2%` for a counter that never varies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<String>,
}

impl MetricPolicy {
    /// A metric with a tolerance, nothing else said of it.
    #[must_use]
    pub const fn within(unit: Unit, better: Better, tolerance: Option<String>) -> Self {
        Self {
            unit,
            better,
            tolerance,
            bound: None,
            severity: Severity::Fail,
            min_samples: None,
            prior: None,
        }
    }

    /// What a session is compared by before there is a baseline: the tolerances of its plan.
    #[must_use]
    pub fn of_plan(summary: &Summary) -> BTreeMap<Address, Self> {
        let one = |line: &ToleranceLine| {
            // What was not measured is missed by its name.
            let own = summary.metrics.get(&line.metric);
            let (unit, better) =
                own.map_or((Unit::Seconds, Better::Lower), |own| (own.unit, own.better));
            (
                line.metric.clone(),
                Self::within(unit, better, Some(line.tolerance.clone())),
            )
        };
        summary.comparison.tolerances.iter().map(one).collect()
    }
}

/// What leaving a tolerance means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The run fails.
    #[default]
    Fail,
    /// It is said, and changes no exit code.
    Warn,
    /// It is shown.
    Info,
}

impl Severity {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Info => "info",
        }
    }
}

/// One recorded session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Its name.
    pub session: String,
    /// When it began, UTC.
    pub started: String,
    /// The perfgate that measured it.
    pub tool: String,
    /// The commit of the service or of the plan, where it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Why it was recorded.
    pub reason: String,
    /// What spoke against it when it was recorded all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forced: Vec<String>,
    /// Why it stands here without being compared: it lies too far from the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<String>,
    /// The work it did.
    pub load_hash: String,
    /// What the plan said of its setting.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The machine that bore the load; `null` where it is unknown.
    pub target: Option<Machine>,
    /// The machine that made it.
    pub generator: Machine,
    /// Each canary's median latency, in seconds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub canary: BTreeMap<String, f64>,
    /// The values of every run, by full address.
    pub metrics: BTreeMap<Address, RecordedValues>,
    /// Percentiles of the latency of each load, in seconds, for drawing now over then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub curves: BTreeMap<String, Curve>,
}

/// One metric of one session, one entry a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedValues {
    /// The values in base units.
    pub runs: Vec<f64>,
    /// How many samples stand behind each.
    pub samples: Vec<u64>,
}

/// How the latency of one load was spread, and how it went along.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Shares of one.
    pub percentiles: Vec<f64>,
    /// Seconds at each of them, the median of the runs.
    pub seconds: Vec<f64>,
    /// The median second by second of the first run, thinned to at most sixty points: when, from time zero.
    pub at_s: Vec<f64>,
    /// And its value in seconds.
    pub p50_s: Vec<f64>,
}

/// What follows for one metric on one class of machine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// Sessions that count.
    pub sessions: u64,
    /// The median of their medians, in the base unit.
    pub center: f64,
    /// The standard deviation between sessions: of logarithms, or of values where the tolerance is an amount; 0 for one session.
    pub spread: f64,
}

/// Why the file was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When, UTC.
    pub at: String,
    /// What was done.
    pub what: String,
    /// Why, in the words of who did it.
    pub reason: String,
}
