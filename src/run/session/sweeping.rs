//! The sweeps of a run under way: what is decided at each point, and what the points together say.

use std::collections::BTreeSet;

use crate::gate::{MetricBound, Operand};
use crate::metric::{Address, Owner};
use crate::plan::{Phase, Prepared};
use crate::summary::{FoundPoint, PointDecision, Run, Summary, loads_of};

/// Metrics that are worth knowing at every point that is found.
const ALWAYS: [&str; 3] = ["throughput", "error_rate", "success_rate"];
/// The same of the latency.
const ALWAYS_OF_LATENCY: [&str; 3] = ["mean", "p50", "p95"];

/// The sweeps of one run that have met a rule of `stop`.
#[derive(Default)]
pub(super) struct Sweeping {
    /// Phase, and why it is over.
    stopped: Vec<(Option<String>, String)>,
}

impl Sweeping {
    /// Why a phase is not run, where it is a later point of a sweep that is over.
    pub(super) fn skips(&self, phase: &Phase) -> Option<String> {
        phase.point.as_ref()?;
        let over = |(name, _): &&(Option<String>, String)| name.as_deref() == phase.plain_name();
        self.stopped.iter().find(over).map(|(_, why)| why.clone())
    }

    /// Takes notice of what was decided at a point.
    pub(super) fn decided(&mut self, phase: &Phase, decision: &PointDecision) {
        let name = phase.name.as_deref().unwrap_or_default();
        self.stopped.extend(decision.stopped.as_ref().map(|rule| {
            let phase = phase.plain_name().map(str::to_owned);
            (phase, format!("the sweep ended at `{name}`: {rule}"))
        }));
    }
}

/// The metrics that are asked for at points that only the sweep finds.
pub(super) fn wanted(prepared: &Prepared, run: &Run) -> BTreeSet<Address> {
    let thresholds = prepared.thresholds.iter();
    let operands = thresholds.clone().flat_map(|line| {
        let bound: Option<MetricBound> = line.bound.parse().ok();
        let operands: Vec<Address> = bound
            .iter()
            .flat_map(MetricBound::operands)
            .filter_map(|operand| match operand {
                Operand::Metric(_, name) => Some(name.as_str().into()),
                Operand::Value(..) => None,
            })
            .collect();
        operands
    });
    let tolerances = prepared.comparison.tolerances.iter();
    let mut wanted: BTreeSet<Address> = thresholds
        .map(|line| line.metric.clone())
        .chain(tolerances.map(|line| line.metric.clone()))
        .chain(operands)
        .collect();
    for sweep in &prepared.sweeps {
        for (load, found) in loads_of(sweep, run)
            .iter()
            .flat_map(|load| FoundPoint::ALL.map(|found| (load, found)))
        {
            let owner = load.at_point(Some(found.word()));
            wanted.extend(ALWAYS.map(|quantity| owner.metric(quantity)));
            wanted.extend(ALWAYS_OF_LATENCY.map(|stat| owner.statistic("latency", stat)));
        }
    }
    wanted
}

/// Takes out the rules about each point that no run has measured, because its sweep was over before it. A rule that names the
/// point stays, and has no data.
pub(super) fn drop_unmeasured(summary: &mut Summary, prepared: &Prepared) {
    let measured: BTreeSet<Owner> = summary
        .runs
        .iter()
        .flat_map(|run| &run.loads)
        .map(crate::summary::LoadRun::owner)
        .collect();
    let sweeps = &prepared.sweeps;
    summary.thresholds.retain(|line| {
        let Some(owner) = line.metric.owner().map(Owner::whole) else {
            return true;
        };
        let found = FoundPoint::ALL
            .iter()
            .any(|found| owner.point() == Some(found.word()));
        let is_point = !found && sweeps.iter().any(|sweep| sweep.has(&owner));
        !is_point || measured.contains(&owner) || prepared.named_points.contains(&line.metric)
    });
}
