//! Controls that are measured beside the loads.

use crate::metric::Owner;
use crate::stats::order::median;
use crate::summary::Summary;

/// Each canary's median latency in seconds, the median of the runs.
#[must_use]
pub fn canaries(summary: &Summary) -> Vec<(String, f64)> {
    let value = |owner: Owner| {
        let runs = &summary
            .metrics
            .get(&owner.statistic("latency", "p50"))?
            .runs;
        let values: Option<Vec<f64>> = runs
            .iter()
            .map(|run| run.value.filter(|value| *value > 0.0))
            .collect();
        Some((owner.to_string(), median(&values?)?))
    };
    summary
        .loads
        .iter()
        .filter(|load| load.canary)
        .filter_map(|load| value(load.owner()))
        .collect()
}
