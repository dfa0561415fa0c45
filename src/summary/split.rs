//! A load apart by a value, as the summary has it.

use serde::{Deserialize, Serialize};

use super::MetricValue;
use super::values::statistic;
use crate::measure::{Counts, LoadStats, SplitPart};
use crate::metric::{MetricKind, MetricLevel, Stat};

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
}

/// A line for each value, in the order of the values.
pub(super) fn splits(stats: &LoadStats) -> Vec<SplitLine> {
    let Some(kind) = MetricKind::find(MetricLevel::Load, "latency") else {
        return Vec::new();
    };
    let line = |(value, part): (&str, &SplitPart)| SplitLine {
        value: value.to_owned(),
        counts: part.counts,
        latency_p50_s: statistic(kind, &part.latency, Stat::Percentile(0.5)),
        latency_p95_s: statistic(kind, &part.latency, Stat::Percentile(0.95)),
        latency_mean_s: statistic(kind, &part.latency, Stat::Mean),
    };
    stats.split.parts().map(line).collect()
}
