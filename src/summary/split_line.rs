//! The iterations of a load apart by a value, as the summary has them.

use serde::{Deserialize, Serialize};

use super::MetricValue;
use crate::measure::Counts;

/// The measured iterations with one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitLine {
    /// The value; `unknown` where an iteration had none, `(other)` for all beyond the first 64.
    pub value: String,
    /// What became of them. Dropped arrivals have no value.
    pub counts: Counts,
    /// The median of their latency in seconds.
    pub latency_p50_s: MetricValue,
    /// Its 95th percentile.
    pub latency_p95_s: MetricValue,
    /// Its mean, of ok iterations.
    pub latency_mean_s: MetricValue,
    /// Their word error rate, where they have both transcripts and references.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wer: Option<f64>,
}
