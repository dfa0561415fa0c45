//! What rules ask of a session.

use crate::measure::Counts;
use crate::summary::{LoadRun, MonitorLine, Run, Summary};
use crate::units::{Unit, print};

/// The loads of all runs that are judged.
pub(super) fn loads(summary: &Summary) -> impl Iterator<Item = (&Run, &LoadRun)> {
    let is_canary = |load: &LoadRun| {
        let about = summary.loads.iter().find(|own| own.owner() == load.owner());
        about.is_some_and(|own| own.canary)
    };
    let all = summary
        .runs
        .iter()
        .flat_map(|run| run.loads.iter().map(move |load| (run, load)));
    all.filter(move |(_, load)| !is_canary(load))
}

/// The measured iterations of a load.
pub(super) fn measured(load: &LoadRun) -> Counts {
    load.counts.get("measured").copied().unwrap_or_default()
}

/// Points of a sweep may fail: what goes wrong there is what the sweep is for.
pub(super) fn may_fail(summary: &Summary, load: &LoadRun) -> bool {
    let owner = load.owner();
    let mut sweeps = summary.sweeps.iter();
    sweeps.any(|sweep| sweep.expects_refusals && sweep.has(&owner))
}

/// A metric of a load in one run.
pub(super) fn value(summary: &Summary, run: &Run, address: &crate::metric::Address) -> Option<f64> {
    let at = summary
        .runs
        .iter()
        .position(|own| own.number == run.number)?;
    let value = summary.metrics.get(address)?.runs.get(at)?;
    value.value.filter(|_| !value.beyond)
}

/// What monitors have shown in all runs.
pub(super) fn watched(summary: &Summary) -> impl Iterator<Item = &MonitorLine> {
    summary.runs.iter().flat_map(|run| &run.monitors)
}

/// `12 %`
pub(super) fn percent(share: f64) -> String {
    print(share, Unit::Ratio)
}

/// A time in words.
pub(super) fn time(seconds: f64) -> String {
    print(seconds, Unit::Seconds)
}
