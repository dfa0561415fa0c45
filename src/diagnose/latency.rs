//! Symptoms among times and throughputs.

use super::evidence::{loads, may_fail, measured, percent, time, value};
use crate::summary::{HELD_BACK, Summary, SweepAnalysis, loads_of, of_session};

/// A 99th percentile so many times the 95th is a tail of its own,
const TAIL: f64 = 2.0;
/// and so much above it that a person may notice.
const TAIL_S: f64 = 0.05;
/// Iterations without which a 99th percentile is chance.
const ENOUGH: u64 = 1000;
/// A load is spread unevenly from here on.
const UNEVEN: f64 = 1.5;
/// Runs of one session differ from here on.
const DIFFERENT: f64 = 1.2;
/// Latency that grows by half within a load.
const DRIFT: f64 = 0.5;

pub(super) fn long_tail(summary: &Summary) -> Option<String> {
    loads(summary).find_map(|(run, load)| {
        let latency = |stat| value(summary, run, &load.owner().statistic("latency", stat));
        let (p95, p99) = (latency("p95")?, latency("p99")?);
        let is_tail = p99 > TAIL * p95 && p99 - p95 > TAIL_S;
        (measured(load).ok >= ENOUGH && is_tail).then(|| {
            format!(
                "p99 of `{}` is {}, more than twice its p95 of {}",
                load.address(),
                time(p99),
                time(p95)
            )
        })
    })
}

/// An open load whose latency grows all the time.
pub(super) fn drifts_up(summary: &Summary) -> Option<String> {
    loads(summary).find_map(|(run, load)| {
        let about = summary.loads.iter().find(|own| own.owner() == load.owner())?;
        let owner = load.owner();
        let drift = value(summary, run, &owner.statistic("latency", "drift"))?;
        let late = value(summary, run, &owner.statistic("latency", "mean"))?;
        let is_growing = about.open && drift > DRIFT && drift * late > TAIL_S;
        (is_growing && !may_fail(summary, load)).then(|| {
            format!(
                "the latency of `{}` is {} higher in the last third of its time than in the first, although arrivals are as many",
                load.address(),
                percent(drift)
            )
        })
    })
}

/// A sweep over users whose throughput stands still while latency grows with the users.
pub(super) fn linear_in_users(summary: &Summary) -> Option<String> {
    sweeps(summary).find_map(|(load, analysis)| {
        let optimum = analysis.points.get(analysis.optimum?)?;
        let last = analysis.points.iter().rfind(|point| point.decision.is_some())?;
        let users = last.value? / optimum.value?;
        let latency = last.mean_s? / optimum.mean_s?;
        let throughput = last.throughput? / optimum.throughput?;
        let is_linear = users >= 2.0 && throughput < 1.1 && (0.75..1.33).contains(&(latency / users));
        let is_load = is_over_users(summary, &load);
        (is_linear && is_load).then(|| {
            format!(
                "from {} to {} users of `{load}` the throughput stays, and the latency grows {latency:.1} times",
                optimum.point, last.point
            )
        })
    })
}

pub(super) fn inefficient(summary: &Summary) -> Option<String> {
    sweeps(summary).find_map(|(load, analysis)| {
        if is_over_users(summary, &load) {
            return None;
        }
        let at = analysis.points.len().checked_sub(1).filter(|at| *at > 0)?;
        let efficiency = analysis.efficiency(at)?;
        (efficiency < HELD_BACK).then(|| {
            format!(
                "`{load}` at {} has {} of the throughput that linear growth expects",
                analysis.points[at].point,
                percent(efficiency)
            )
        })
    })
}

fn sweeps(summary: &Summary) -> impl Iterator<Item = (String, SweepAnalysis)> {
    summary.sweeps.iter().flat_map(move |sweep| {
        let loads = summary.runs.last().map(|run| loads_of(sweep, run));
        loads.unwrap_or_default().into_iter().map(move |load| {
            let analysis = SweepAnalysis::of(of_session(summary, sweep, &load));
            (load.to_string(), analysis)
        })
    })
}

/// Whether the values of a sweep are the number of users, or a rate.
fn is_over_users(summary: &Summary, load: &str) -> bool {
    let mut points = summary
        .loads
        .iter()
        .filter(|own| own.owner().at_point(None).to_string() == load);
    points.any(|own| {
        let owner = own.owner();
        let value: Option<f64> = owner
            .point()
            .and_then(|point| point.split('#').next()?.parse().ok());
        own.open || own.users.map(|users| users as f64) == value
    })
}

pub(super) fn uneven(summary: &Summary) -> Option<String> {
    loads(summary).find_map(|(run, load)| {
        let about = summary.loads.iter().find(|own| own.owner() == load.owner())?;
        let split = about.split.as_ref().filter(|split| split.captured)?;
        let imbalance = value(summary, run, &load.owner().metric("imbalance"))?;
        (imbalance > UNEVEN && measured(load).started >= 20).then(|| {
            format!(
                "the most loaded `{}` of `{}` had {imbalance:.1} iterations for each one of the least loaded",
                split.by,
                load.address()
            )
        })
    })
}

/// Runs of one session that are not alike.
pub(super) fn runs_differ(summary: &Summary) -> Option<String> {
    if summary.runs.len() < 3 {
        return None;
    }
    summary
        .loads
        .iter()
        .filter(|load| !load.canary)
        .find_map(|load| {
            let metric = summary
                .metrics
                .get(&load.owner().statistic("latency", "p50"))?;
            let values: Option<Vec<f64>> = metric.runs.iter().map(|run| run.value).collect();
            let values = values?;
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(0.0, f64::max);
            (low > 0.0 && high / low > DIFFERENT && high - low > 0.005).then(|| {
                format!(
                    "the median latency of `{}` is {} in one run and {} in another",
                    load.address(),
                    time(low),
                    time(high)
                )
            })
        })
}

/// Resolving or a TLS handshake that is a good part of the latency, in most iterations.
pub(super) fn slow_connections(summary: &Summary) -> Option<String> {
    loads(summary).find_map(|(run, load)| {
        let latency = value(summary, run, &load.owner().statistic("latency", "p50"))?;
        load.steps.iter().find_map(|(step, counts)| {
            let owner = load.owner().step(step);
            ["dns", "tls"].into_iter().find_map(|part| {
                let mean = value(summary, run, &owner.statistic(part, "mean"))?;
                let made = value(summary, run, &owner.statistic(part, "count"))?;
                let often = made > 0.5 * counts.ok.max(1) as f64 && made >= 20.0;
                (often && mean > 0.2 * latency && mean > 0.005).then(|| {
                    format!(
                        "`{part}` takes {} in {made} of {} requests of `{owner}`",
                        time(mean),
                        counts.ok
                    )
                })
            })
        })
    })
}
