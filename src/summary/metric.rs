//! One metric of a session, with its value in every run.

use serde::{Deserialize, Serialize};

use crate::metric::Better;
use crate::units::Unit;

/// One metric with one value a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// One value a run, in order.
    pub runs: Vec<MetricValue>,
}

/// The value of a metric in one run.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct MetricValue {
    /// The value; `None` where there was no data, which is neither zero nor good.
    pub value: Option<f64>,
    /// The rank fell among what was given up: it is worse than the value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beyond: bool,
    /// How many samples stand behind it.
    pub samples: u64,
}
