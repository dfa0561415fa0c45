//! Which of the many metrics of a session a short table shows.

use crate::metric::Address;
use crate::report::text::{over, pick};
use crate::summary::{MetricValue, Summary};

const OF_LOADS: [&str; 10] = [
    "throughput",
    "audio_throughput",
    "latency.mean",
    "latency.p50",
    "latency.p95",
    "latency.p99",
    "rtfx.p50",
    "success_rate",
    "error_rate",
    "rejection_rate",
];
const OF_STEPS: [&str; 6] = [
    "delay.p95",
    "staleness.p95",
    "coverage.mean",
    "latency.p95",
    "total.p95",
    "first_message.p95",
];

/// The addresses of what matters most, load by load; then what the plan judges or compares. Of a session that has no loads of
/// its own, every metric.
pub(crate) fn headline(summary: &Summary) -> Vec<Address> {
    if summary.loads.is_empty() {
        return summary.metrics.keys().cloned().collect();
    }
    let mut all: Vec<Address> = Vec::new();
    for load in summary.loads.iter().filter(|load| !load.canary) {
        let address = load.address();
        all.extend(OF_LOADS.map(|name| load.owner().metric(name)));
        let runs = summary.runs.iter().flat_map(|run| &run.loads);
        let steps = runs
            .clone()
            .find(|run| run.address() == address)
            .map(|run| run.steps.as_slice());
        for (step, _) in steps.unwrap_or_default() {
            all.extend(OF_STEPS.map(|name| load.owner().step(step).metric(name)));
        }
    }
    all.extend(
        summary
            .comparison
            .tolerances
            .iter()
            .map(|line| line.metric.clone()),
    );
    all.extend(summary.thresholds.iter().map(|line| line.metric.clone()));
    let mut known: Vec<Address> = Vec::new();
    for metric in all {
        if summary.metrics.contains_key(&metric) && !known.contains(&metric) {
            known.push(metric);
        }
    }
    known
}

/// The value of a session: the median of its runs; none where it was not measured.
pub(crate) fn session_value(summary: &Summary, metric: &str) -> MetricValue {
    summary
        .metrics
        .get(metric)
        .map_or_else(MetricValue::default, |metric| {
            pick(metric, over(metric.runs.len()))
        })
}
