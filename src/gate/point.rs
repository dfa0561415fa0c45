//! What a sweep decides at one of its points, while it is under way.

use super::bound::MetricBound;
use super::run_check::RunCheck;
use super::verdict::Mark;
use crate::metric::Better;
use crate::summary::{MetricValue, PointDecision, Summary, ThresholdLine};
use crate::units::{Unit, print};

/// What `accept` and `stop` say of a point in the run that the metrics at `run` belong to. `valid`: the generator did what the
/// plan says; otherwise nothing is known of the point, and it neither ends the sweep nor is accepted.
#[must_use]
pub fn decide_point(
    summary: &Summary,
    (accept, stop): (&[ThresholdLine], &[ThresholdLine]),
    valid: bool,
    run: usize,
) -> PointDecision {
    if !valid {
        return PointDecision {
            accepted: false,
            because: vec!["the generator could not do what the plan says".to_owned()],
            stopped: None,
            invalid: true,
        };
    }
    let judged = |line: &ThresholdLine| judge(summary, line, run);
    let broken = accept.iter().filter_map(|line| {
        let (mark, words) = judged(line);
        (mark != Mark::Pass).then(|| format!("{words}, not {}", line.bound))
    });
    let because: Vec<String> = broken.collect();
    let met = stop.iter().find_map(|line| {
        let (mark, words) = judged(line);
        (mark == Mark::Pass).then(|| format!("{words} ({})", line.bound))
    });
    PointDecision {
        accepted: because.is_empty(),
        because,
        stopped: met,
        invalid: false,
    }
}

/// How a rule stands, and its value in words: `error_rate is 12 %`.
fn judge(summary: &Summary, line: &ThresholdLine, run: usize) -> (Mark, String) {
    let metric = summary.metrics.get(&line.metric);
    let value = metric.and_then(|metric| metric.runs.get(run)).copied();
    let better = metric.map_or(Better::Neither, |metric| metric.better);
    let unit = metric.map_or(Unit::Count, |metric| metric.unit);
    let bound: MetricBound = line.bound.parse().unwrap_or(MetricBound::Any);
    let check = RunCheck {
        summary,
        line,
        bound: &bound,
        better,
        run,
    };
    let (mark, value) = check.judge(value.unwrap_or_default());
    (mark, format!("{} is {}", short(line), shown(value, unit)))
}

fn shown(value: MetricValue, unit: Unit) -> String {
    match value.value {
        Some(number) if value.beyond => format!("> {}", print(number, unit)),
        Some(number) => print(number, unit),
        None => "unknown: nothing was measured".to_owned(),
    }
}

/// The metric without its phase, load and point.
fn short(line: &ThresholdLine) -> String {
    let within = line.metric.within_load();
    within.split('@').next().unwrap_or(within).to_owned()
}
