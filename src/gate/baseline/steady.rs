//! Whether a session shows how things normally are: what a baseline is made of.

use std::collections::BTreeMap;

use super::document::{MetricPolicy, Severity};
use super::scale::MetricScale;
use crate::metric::{Address, Stat};
use crate::stats::spread::sd;
use crate::stats::trend::Trend;
use crate::stats::warm_up::WarmUp;
use crate::summary::{Summary, are_few};
use crate::units::{Unit, print};

/// Latencies of the ok iterations of a load in the order in which they were due, in seconds: one list a run.
pub type Arrivals = BTreeMap<String, Vec<Vec<f64>>>;

/// More errors than this are not normal, whatever the plan allows.
const MOST_ERRORS: f64 = 0.05;
/// A trend this unlikely by chance is one, if it is large enough.
const TREND: f64 = 0.01;
/// Fewer latencies than this have no trend.
const LEAST: usize = 20;

/// What is not steady in a session, each in one sentence; empty where it is steady. Without `arrivals` nothing is said of
/// warm-up and trend within its runs.
#[must_use]
pub fn unsteady(
    summary: &Summary,
    compared: &BTreeMap<Address, MetricPolicy>,
    arrivals: Option<&Arrivals>,
) -> Vec<String> {
    let mut found = Vec::new();
    counts(summary, &mut found);
    let judged = compared
        .iter()
        .filter(|(_, compared)| compared.severity == Severity::Fail && compared.bound.is_none());
    let mut tightest: BTreeMap<String, f64> = BTreeMap::new();
    for (metric, compared) in judged {
        let Some(scale) = MetricScale::of(metric, compared)
            .ok()
            .filter(|scale| scale.logarithmic)
        else {
            continue;
        };
        let Some(own) = summary.metrics.get(metric) else {
            found.push(format!("`{metric}` was not measured"));
            continue;
        };
        if own.runs.iter().any(|run| run.beyond) {
            found.push(format!(
                "`{metric}` lies among what timed out in a run: its value is not known"
            ));
            continue;
        }
        let places: Vec<f64> = own
            .runs
            .iter()
            .filter_map(|run| run.value)
            .map(|value| scale.transform(value, false))
            .collect();
        let bound = places.first().map_or(0.0, |place| scale.bound(*place));
        let few = matches!(metric.statistic(), Some(Stat::Percentile(share))
            if own.runs.iter().any(|run| are_few(run.samples, share)));
        // What is not judged keeps no session out; and of three runs half the tolerance would be an honest one's spread.
        if let Some(spread) = sd(&places).filter(|spread| !few && *spread > bound) {
            found.push(format!(
                "the runs differ in `{metric}` by {} (standard deviation), which is more than is allowed",
                print(spread.exp_m1(), Unit::Ratio)
            ));
        }
        let whole = metric.owner().filter(|_| metric.step().is_none());
        if let Some(load) = whole.filter(|_| metric.quantity() == "latency") {
            let least = tightest.entry(load.to_string()).or_insert(bound);
            *least = least.min(bound);
        }
    }
    for (load, runs) in arrivals.into_iter().flatten() {
        let Some(bound) = tightest.get(load.as_str()) else {
            continue;
        };
        for (at, latencies) in runs.iter().enumerate() {
            found.extend(
                along(latencies, *bound).map(|what| format!("run {} of `{load}`: {what}", at + 1)),
            );
        }
    }
    found
}

/// Errors, drops and what the generator says of itself.
fn counts(summary: &Summary, found: &mut Vec<String>) {
    for run in &summary.runs {
        found.extend(
            run.health
                .invalid
                .iter()
                .map(|why| format!("run {}: {why}", run.number)),
        );
        for load in &run.loads {
            let Some(counts) = load.counts.get("measured") else {
                continue;
            };
            let lost = counts.failed + counts.timed_out + counts.interrupted;
            if counts.dropped > 0 {
                found.push(format!(
                    "run {}: {} iterations of `{}` were dropped",
                    run.number, counts.dropped, load.load
                ));
            }
            if lost as f64 > MOST_ERRORS * counts.started as f64 {
                let share = print(lost as f64 / counts.started.max(1) as f64, Unit::Ratio);
                found.push(format!(
                    "run {}: {share} of the iterations of `{}` did not end well",
                    run.number, load.load
                ));
            }
        }
    }
}

/// Whether latency was still finding its level, or went up or down all along, by more than half of what is allowed.
fn along(latencies: &[f64], bound: f64) -> Option<String> {
    if latencies.len() < LEAST {
        return None;
    }
    let allowed = (bound / 2.0).exp_m1();
    let warm_up = WarmUp::find(latencies);
    let cut = warm_up
        .as_ref()
        .map_or(0, |own| own.samples.min(latencies.len()));
    let before = latencies[..cut].iter().sum::<f64>() / cut.max(1) as f64;
    if let Some(own) = warm_up.filter(|own| own.at_edge && cut > 0)
        && ((before / own.mean_after) - 1.0).abs() > allowed
    {
        return Some(format!(
            "its first half took {} on average and its second {}: warm it up longer",
            print(before, Unit::Seconds),
            print(own.mean_after, Unit::Seconds)
        ));
    }
    let rest = &latencies[cut..];
    let trend = Trend::of_series(rest).filter(|_| rest.len() >= LEAST)?;
    let mean = rest.iter().sum::<f64>() / rest.len() as f64;
    let change = trend.slope * rest.len() as f64 / mean;
    (change.abs() > allowed && trend.p < TREND).then(|| {
        let way = if change > 0.0 { "rises" } else { "falls" };
        format!(
            "latency {way} by {} from its begin to its end",
            print(change.abs(), Unit::Ratio)
        )
    })
}
