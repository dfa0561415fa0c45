//! What a baseline keeps of a session.

use std::collections::BTreeMap;

use super::canaries::canaries;
use super::document::{Curve, MetricPolicy, Recorded, RecordedValues};
use super::scale::middle;
use crate::metric::{Address, Owner, Stat};
use crate::summary::{LoadRun, Metric, Summary};

/// Points of a series that is kept for drawing.
const POINTS: usize = 60;
/// Seconds are kept with so many digits behind the point: microseconds.
const MICRO: f64 = 1e6;

impl Recorded {
    /// The session with the metrics that are compared. A metric with a run that has no value, or one that is only known
    /// to be worse than its number, is left out.
    #[must_use]
    pub fn of(
        summary: &Summary,
        compared: &BTreeMap<Address, MetricPolicy>,
        reason: &str,
        commit: Option<&str>,
    ) -> Self {
        let values = |metric: &Metric| {
            let runs: Option<Vec<f64>> = metric
                .runs
                .iter()
                .map(|run| run.value.filter(|value| value.is_finite() && !run.beyond))
                .collect();
            let samples = metric.runs.iter().map(|run| run.samples).collect();
            runs.filter(|runs| !runs.is_empty())
                .map(|runs| RecordedValues { runs, samples })
        };
        let metrics = compared
            .keys()
            .filter_map(|name| Some((name.clone(), values(summary.metrics.get(name)?)?)));
        let curves = summary
            .loads
            .iter()
            .filter(|load| !load.canary)
            .filter_map(|load| {
                let owner = load.owner();
                Some((owner.to_string(), curve(summary, &owner)?))
            });
        Self {
            session: summary.session.clone(),
            started: summary.started.clone(),
            tool: summary.tool.clone(),
            commit: commit.map(str::to_owned),
            reason: reason.to_owned(),
            forced: Vec::new(),
            set_aside: None,
            load_hash: summary.load_hash.clone(),
            labels: summary.labels.clone(),
            target: summary.target.clone(),
            generator: summary.generator.clone(),
            canary: canaries(summary).into_iter().collect(),
            metrics: metrics.collect(),
            curves: curves.collect(),
        }
    }
}

fn curve(summary: &Summary, load: &Owner) -> Option<Curve> {
    let mut curve = Curve::default();
    for (name, stat) in Stat::ALL {
        let share = match stat {
            Stat::Min => 0.0,
            Stat::Percentile(share) => share,
            Stat::Max => 1.0,
            Stat::Mean | Stat::StdDev | Stat::Count => continue,
        };
        let runs = &summary.metrics.get(&load.statistic("latency", name))?.runs;
        let values: Vec<f64> = runs
            .iter()
            .filter(|run| !run.beyond)
            .filter_map(|run| run.value)
            .collect();
        let Some(seconds) = middle(&values) else {
            continue;
        };
        curve.percentiles.push(share);
        curve.seconds.push(rounded(seconds));
    }
    let run = summary
        .runs
        .first()?
        .loads
        .iter()
        .find(|own: &&LoadRun| own.owner() == *load)?;
    let known: Vec<(f64, f64)> = run
        .series
        .second
        .iter()
        .zip(&run.series.p50_s)
        .filter_map(|(second, value)| Some((*second as f64, (*value)?)))
        .collect();
    for group in known.chunks(known.len().div_ceil(POINTS).max(1)) {
        curve.at_s.push(group[0].0);
        curve
            .p50_s
            .extend(middle(&group.iter().map(|point| point.1).collect::<Vec<_>>()).map(rounded));
    }
    (!curve.percentiles.is_empty()).then_some(curve)
}

fn rounded(seconds: f64) -> f64 {
    (seconds * MICRO).round() / MICRO
}
