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
    /// The value without the generator's own delays; `None` where they made no difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<f64>,
    /// Of a percentile with fewer than ten samples beyond it: the samples that enclose it in nine of ten cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<SampleInterval>,
    /// How many samples stand behind it.
    pub samples: u64,
}

/// Two samples that enclose a percentile (order statistics, binomial, 90 %), in the unit of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SampleInterval {
    /// The lower one.
    pub low: f64,
    /// The upper one; `None` where it lies among what was given up.
    pub high: Option<f64>,
}
