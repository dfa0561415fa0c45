//! What the points of a sweep measured, side by side.

use super::description::{PointDecision, SweepDescription};
use crate::metric::{Address, Owner};
use crate::stats::knee::CurvePoint;
use crate::summary::{Run, Summary};

/// The figures of one load at one point, of one run or of the middle of several.
#[derive(Debug, Clone, PartialEq)]
pub struct PointFigures {
    /// The value, as rules name it.
    pub point: String,
    /// The value as a number; `None` where it is a name.
    pub value: Option<f64>,
    /// Iterations a second.
    pub throughput: Option<f64>,
    /// Mean latency in seconds.
    pub mean_s: Option<f64>,
    /// The 95th percentile of latency in seconds.
    pub p95_s: Option<f64>,
    /// Mean seconds of audio per second, where audio is sent.
    pub rtfx: Option<f64>,
    /// The share that ended well.
    pub success: Option<f64>,
    /// The share that failed, timed out or was interrupted.
    pub errors: Option<f64>,
    /// Of [`PointFigures::throughput`], as a share of it.
    pub throughput_error: f64,
    /// What the sweep decided here; `None` where the point was not measured to its end.
    pub decision: Option<PointDecision>,
}

impl PointFigures {
    /// Whether it may be an optimum.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.decision.as_ref().is_some_and(|own| own.accepted) && self.throughput.is_some()
    }

    /// Its place on the curve of throughput over the value.
    #[must_use]
    pub fn on_curve(&self) -> Option<CurvePoint> {
        Some(CurvePoint {
            n: self.value?,
            x: self.throughput.filter(|x| *x > 0.0)?,
            error: self.throughput_error,
        })
    }
}

/// The figures of a load at every point that `run` measured, in the order of the sweep. `at` is the place of the run's values
/// in each metric.
#[must_use]
pub fn of_run(
    summary: &Summary,
    sweep: &SweepDescription,
    load: &Owner,
    (run, at): (&Run, usize),
) -> Vec<PointFigures> {
    let decision = |point: &str| {
        let name = sweep.phase_at(point);
        let own = run.phases.iter().find(|phase| phase.name == name)?;
        own.decision.clone()
    };
    let measured = |point: &&String| {
        let owner = load.at_point(Some(point));
        run.loads.iter().any(|load| load.owner() == owner)
    };
    let figures = |point: &String| {
        let owner = load.at_point(Some(point));
        let value = |metric: Address| {
            let value = summary.metrics.get(&metric)?.runs.get(at)?;
            value.value.filter(|_| !value.beyond)
        };
        let plain = |quantity: &str| value(owner.metric(quantity));
        let latency = |stat: &str| value(owner.statistic("latency", stat));
        // Of users in a closed circuit throughput is their number over the mean latency, and errs as that does.
        let scatter = latency("stddev").zip(latency("mean")).zip(latency("count"));
        let error = scatter.map_or(0.0, |((stddev, mean), count)| {
            stddev / mean / count.max(1.0).sqrt()
        });
        PointFigures {
            point: point.clone(),
            value: sweep.value(point),
            throughput: plain("throughput"),
            mean_s: latency("mean"),
            p95_s: latency("p95"),
            rtfx: value(owner.statistic("rtfx", "mean")),
            success: plain("success_rate"),
            errors: plain("error_rate"),
            throughput_error: if error.is_finite() { error } else { 0.0 },
            decision: decision(point),
        }
    };
    sweep.points.iter().filter(measured).map(figures).collect()
}

/// The figures of a load at every point that any run measured: of several runs the middle of each, and the last decision.
#[must_use]
pub fn of_session(summary: &Summary, sweep: &SweepDescription, load: &Owner) -> Vec<PointFigures> {
    let runs: Vec<Vec<PointFigures>> = summary
        .runs
        .iter()
        .enumerate()
        .map(|(at, run)| of_run(summary, sweep, load, (run, at)))
        .collect();
    let at_point = |point: &String| {
        let measured: Vec<&PointFigures> = runs
            .iter()
            .flatten()
            .filter(|own| own.point == *point)
            .collect();
        let last = measured.last()?;
        let middle = |of: fn(&PointFigures) -> Option<f64>| {
            let mut values: Vec<f64> = measured.iter().filter_map(|own| of(own)).collect();
            values.sort_by(f64::total_cmp);
            let at = values.len().checked_sub(1)?;
            Some(f64::midpoint(values[at / 2], values[at.div_ceil(2)]))
        };
        let errors = middle(|own| Some(own.throughput_error)).unwrap_or_default();
        Some(PointFigures {
            throughput: middle(|own| own.throughput),
            mean_s: middle(|own| own.mean_s),
            p95_s: middle(|own| own.p95_s),
            rtfx: middle(|own| own.rtfx),
            success: middle(|own| own.success),
            errors: middle(|own| own.errors),
            throughput_error: errors / (measured.len() as f64).sqrt(),
            ..(*last).clone()
        })
    };
    sweep.points.iter().filter_map(at_point).collect()
}
