//! What must hold, as a session carries it along.

use serde::{Deserialize, Serialize};

use crate::metric::Address;

/// One threshold of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThresholdLine {
    /// The full address of the metric.
    pub metric: Address,
    /// The bound; a metric named in it has its full address.
    pub bound: String,
    /// Whether it must hold.
    #[serde(default)]
    pub demand: Demand,
    /// The file that says so.
    pub file: String,
    /// The line, from 1; 0 for one that holds without being written.
    pub line: usize,
    /// What the tool that measured said of it, where that was another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

/// The word of the tool that measured about one of its own thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It held.
    Held,
    /// It was crossed.
    Crossed,
}

/// What crossing a bound means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// It must hold: crossing it fails the run.
    #[default]
    Must,
    /// It should hold: crossing it is said and changes no exit code.
    Should,
}
