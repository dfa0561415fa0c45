//! Symptoms among the errors.

use super::evidence::{loads, may_fail, measured, percent, time, value};
use crate::summary::{ErrorLine, LoadRun, Summary};

/// From here on errors are many, as the guides of load tests have it.
const MANY: f64 = 0.05;
/// And here far too many.
const FAR_TOO_MANY: f64 = 0.10;

/// Groups of errors that say this status first, and how many there were.
fn with_status(summary: &Summary, statuses: &[&str]) -> u64 {
    let is_status = |line: &&ErrorLine| {
        let status = line.message.strip_prefix("HTTP ");
        let status = status.and_then(|rest| rest.get(..3));
        line.class == "status" && status.is_some_and(|own| statuses.contains(&own))
    };
    let errors = summary.runs.iter().flat_map(|run| &run.errors);
    errors.filter(is_status).map(|line| line.count).sum()
}

fn all_errors(summary: &Summary) -> u64 {
    let errors = summary.runs.iter().flat_map(|run| &run.errors);
    errors.map(|line| line.count).sum()
}

fn started(summary: &Summary) -> u64 {
    loads(summary).map(|(_, load)| measured(load).started).sum()
}

pub(super) fn method_not_allowed(summary: &Summary) -> Option<String> {
    let (refused, all) = (with_status(summary, &["405"]), all_errors(summary));
    let ok: u64 = loads(summary).map(|(_, load)| measured(load).ok).sum();
    (refused > 0 && refused == all && ok == 0)
        .then(|| format!("all {all} errors are HTTP 405, and nothing ended well"))
}

pub(super) fn bad_gateway(summary: &Summary) -> Option<String> {
    let bad = with_status(summary, &["502", "504"]);
    let share = bad as f64 / started(summary).max(1) as f64;
    (share >= MANY).then(|| format!("{} of the iterations got HTTP 502 or 504", percent(share)))
}

/// Connections that are refused after iterations have ended well.
pub(super) fn refused_after_success(summary: &Summary) -> Option<String> {
    loads(summary).find_map(|(run, load)| {
        let of_load = |line: &&ErrorLine| {
            line.class == "connect" && line.load == load.load && line.phase == load.phase
        };
        let first = run.errors.iter().filter(of_load);
        let first = first.map(|line| line.first_s).fold(f64::INFINITY, f64::min);
        let ok_before = load
            .series
            .second
            .iter()
            .zip(&load.series.ok)
            .filter(|(second, _)| load.zero_s + **second as f64 + 1.0 < first)
            .map(|(_, ok)| ok)
            .sum::<u64>();
        (first.is_finite() && ok_before > 0).then(|| {
            format!(
                "{ok_before} iterations of `{}` had ended well when connections were refused, {} after the run began",
                load.address(),
                time(first)
            )
        })
    })
}

pub(super) fn timeouts(summary: &Summary) -> Option<String> {
    worst(summary, |load| {
        let counts = measured(load);
        (counts.timed_out as f64, counts.started)
    })
    .filter(|(share, _)| *share > MANY)
    .map(|(share, name)| format!("{} of `{name}` timed out", percent(share)))
}

pub(super) fn many_errors(summary: &Summary) -> Option<String> {
    let (share, name) = worst(summary, |load| {
        let counts = measured(load);
        let lost = counts.failed + counts.timed_out;
        // Where nothing ends well less load helps nobody.
        (
            if counts.ok > 0 { lost as f64 } else { 0.0 },
            counts.started,
        )
    })?;
    (share > MANY).then(|| {
        let word = if share > FAR_TOO_MANY {
            "far more than the 5 % that are"
        } else {
            "more than the 5 % that are"
        };
        format!(
            "{} of `{name}` did not end well, {word} usual under load",
            percent(share)
        )
    })
}

/// The load with the largest share of something, where points may not fail.
fn worst(summary: &Summary, of: impl Fn(&LoadRun) -> (f64, u64)) -> Option<(f64, String)> {
    let shares = loads(summary)
        .filter(|(_, load)| !may_fail(summary, load))
        .filter_map(|(_, load)| {
            let (lost, started) = of(load);
            // A handful says nothing about what the service takes.
            (started >= 20).then(|| (lost / started as f64, load.address()))
        });
    shares.max_by(|a, b| a.0.total_cmp(&b.0))
}

pub(super) fn connections_close(summary: &Summary) -> Option<String> {
    loads(summary).find_map(|(run, load)| {
        let reconnects = value(summary, run, &load.owner().metric("reconnects"))?;
        let share = reconnects / measured(load).started.max(1) as f64;
        (share > MANY && reconnects >= 10.0).then(|| {
            format!(
                "`{}` had to connect again {reconnects} times, in {} of its iterations",
                load.address(),
                percent(share)
            )
        })
    })
}
