//! The shape of `summary.json`. Times are seconds, rates are shares of one, unless a key says otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ComparisonPolicy, Health, HookRun, LoadRun, Machine, Metric, MonitorLine, PointDecision,
    SweepDescription, ThresholdLine,
};
use crate::metric::{Address, Owner};
use crate::units::Unit;

/// The kind of this document.
pub const SCHEMA: &str = "perfgate.summary";
/// Its major version.
pub const VERSION: u32 = 2;

/// One session: `perfgate run` on one machine at one time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    /// `perfgate.summary/2`.
    pub schema: String,
    /// The version of perfgate that wrote it.
    pub tool: String,
    /// The session's name: its start as UTC time.
    pub session: String,
    /// What was run.
    pub plan: PlanDescription,
    /// Covers flows, loads, resolved variables and audio: sessions with another hash did other work.
    pub load_hash: String,
    /// The seed of arrivals, picks and think times.
    pub seed: u64,
    /// `base` or `head` where it is one side of a comparison of two targets: no night of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
    /// When it began, UTC.
    pub started: String,
    /// When it ended, UTC.
    pub ended: String,
    /// The other tool that measured it; `None` for what perfgate has measured itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ForeignTool>,
    /// Why it ended early, where it did.
    pub interrupted: Option<Interruption>,
    /// What was not ready after something had been measured, where that ended it.
    #[serde(default)]
    pub not_ready: Option<String>,
    /// The hook that failed, where that ended it, with its last lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook_failed: Option<String>,
    /// The commands that were run around the load.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hooks: Vec<HookRun>,
    /// The machine that made the load.
    pub generator: Machine,
    /// The machine that bore it; unknown unless it is this one.
    pub target: Option<Machine>,
    /// What makes runs comparable, in the plan's words.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The presets that were taken, in order.
    #[serde(default)]
    pub presets: Vec<String>,
    /// The other words of the command line that changed what was run, in order: `--only`, `--set`, `--seed` and what they say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    /// The folder of results, where it is not the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<String>,
    /// The phases of the plan, in order; empty in a plan without phases.
    #[serde(default)]
    pub phases: Vec<PhaseDescription>,
    /// Phases that were repeated for each value of a variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sweeps: Vec<SweepDescription>,
    /// The loads of the plan.
    pub loads: Vec<LoadDescription>,
    /// Every run.
    pub runs: Vec<Run>,
    /// Every metric by its full address, with one value a run.
    pub metrics: BTreeMap<Address, Metric>,
    /// The thresholds of the plan.
    pub thresholds: Vec<ThresholdLine>,
    /// What it is compared with, and how.
    // Version 1 has it under its earlier name.
    #[serde(default, alias = "yardstick")]
    pub comparison: ComparisonPolicy,
    /// Findings about the plan that do not keep it from running.
    pub warnings: Vec<String>,
}

/// What was run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanDescription {
    /// The plan's name.
    pub name: String,
    /// Its first line in reports.
    pub description: String,
    /// Its file, as it was named.
    pub file: String,
    /// The plan with every variable filled in; secrets are masked.
    pub effective: serde_json::Value,
}

/// A signal that ended the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Interruption {
    /// Ctrl-C.
    Sigint,
    /// Told to end.
    Sigterm,
}

/// One phase of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseDescription {
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
}

/// One load of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadDescription {
    /// The phase, `None` in a plan without phases.
    #[serde(default)]
    pub phase: Option<String>,
    /// The load's name.
    pub name: String,
    /// k6's name of its executor.
    pub executor: String,
    /// What it plans, in words: `3/s for 2m, at most 12 in flight`.
    pub plan: String,
    /// Whether iterations start by the clock.
    pub open: bool,
    /// The virtual users of a closed load.
    pub users: Option<u64>,
    /// It is a control: it tells a slow machine from a slow target, and nothing judges it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canary: bool,
    /// What its iterations are told apart by, where the plan says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<SplitDescription>,
}

/// What the iterations of a load are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitDescription {
    /// The name in the plan.
    pub by: String,
    /// The target's replies say it, as they name an instance; a clip or a row is this side's own choice.
    pub captured: bool,
}

/// One execution of all loads.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// From 1.
    pub number: u64,
    /// When it began, UTC.
    pub started: String,
    /// Its wall time.
    pub wall_s: f64,
    /// What became of each phase; empty in a plan without phases.
    #[serde(default)]
    pub phases: Vec<PhaseRun>,
    /// What became of each load.
    pub loads: Vec<LoadRun>,
    /// What was watched beside the loads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub monitors: Vec<MonitorLine>,
    /// Loads that a rule of `abort` has ended early.
    #[serde(default)]
    pub aborted: Vec<Aborted>,
    /// Errors in groups, most frequent first.
    pub errors: Vec<ErrorLine>,
    /// Errors that found no group free.
    pub errors_beyond: u64,
    /// Whether the generator is to be trusted.
    pub health: Health,
    /// Raw samples that could not be kept.
    pub samples_lost: u64,
}

/// What became of a phase in one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseRun {
    /// Its name.
    pub name: String,
    /// When its loads began, UTC; empty where it was not run.
    pub started: String,
    /// The wall time of its loads.
    pub wall_s: f64,
    /// Why it was not run; `None` where it was.
    pub skipped: Option<String>,
    /// Of a point of a sweep that was measured to its end: what was decided there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<PointDecision>,
}

/// A load that a rule has ended early.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aborted {
    /// The full address of the metric.
    pub metric: Address,
    /// The bound that it crossed.
    pub bound: String,
    /// Its value over the last seconds, in base units.
    pub value: f64,
    /// Its base unit.
    pub unit: Unit,
    /// When, from the load's time zero.
    pub at_s: f64,
    /// The file that says so.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// One group of errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorLine {
    /// How many.
    pub count: u64,
    /// The phase, `None` in a plan without phases.
    #[serde(default)]
    pub phase: Option<String>,
    /// The load.
    pub load: String,
    /// The step.
    pub step: Option<String>,
    /// What it was.
    pub class: String,
    /// The first message.
    pub message: String,
    /// When the first one happened, from the run's begin.
    pub first_s: f64,
    /// When the last one happened.
    pub last_s: f64,
}

/// The tool that measured a session, and what its file says about the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignTool {
    /// Its name.
    pub tool: String,
    /// How long it ran; `None` where the file does not say.
    pub wall_s: Option<f64>,
    /// Whether anything was measured at all: a file of zeros is no evidence.
    pub measured: bool,
    /// How its numbers differ from those of perfgate.
    pub notes: Vec<String>,
}

impl LoadDescription {
    /// The first part of the addresses of its metrics: `phase/load`.
    #[must_use]
    pub fn address(&self) -> String {
        self.owner().to_string()
    }

    /// What its metrics belong to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::load(self.phase.as_deref(), &self.name)
    }
}

impl Summary {
    /// Whether both are the same session.
    #[must_use]
    pub fn is_same_session(&self, other: &Self) -> bool {
        (&self.session, &self.started) == (&other.session, &other.started)
    }

    /// A session of which nothing is known yet.
    #[must_use]
    pub fn empty(plan: &str) -> Self {
        Self {
            schema: format!("{SCHEMA}/{VERSION}"),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            session: String::new(),
            plan: PlanDescription {
                name: plan.to_owned(),
                description: String::new(),
                file: String::new(),
                effective: serde_json::Value::Null,
            },
            load_hash: String::new(),
            seed: 1,
            side: None,
            started: String::new(),
            ended: String::new(),
            origin: None,
            interrupted: None,
            not_ready: None,
            hook_failed: None,
            hooks: Vec::new(),
            generator: Machine::default(),
            target: None,
            labels: BTreeMap::new(),
            presets: Vec::new(),
            given: Vec::new(),
            out: None,
            phases: Vec::new(),
            sweeps: Vec::new(),
            loads: Vec::new(),
            runs: Vec::new(),
            metrics: BTreeMap::new(),
            thresholds: Vec::new(),
            comparison: ComparisonPolicy::default(),
            warnings: Vec::new(),
        }
    }

    /// Whether the generator's own lateness is in any value.
    #[must_use]
    pub fn has_own_delays(&self) -> bool {
        let mut values = self.metrics.values().flat_map(|metric| &metric.runs);
        values.any(|value| value.corrected.is_some())
    }

    /// The same session as it would have been without the generator's own delays.
    #[must_use]
    pub fn without_own_delays(&self) -> Self {
        let mut own = self.clone();
        let values = own.metrics.values_mut().flat_map(|metric| &mut metric.runs);
        for value in values {
            value.value = value.corrected.take().or(value.value);
        }
        own
    }

    /// What the command of the session said of the plan's values, word by word: its presets, and what was set by hand.
    pub fn said(&self) -> impl Iterator<Item = &str> {
        let presets = self.presets.iter().flat_map(|preset| ["--preset", preset]);
        presets.chain(self.given.iter().map(String::as_str))
    }

    /// Adds the metrics of one more run; what it has not measured is said to be missing.
    pub fn add_metrics(&mut self, run: usize, metrics: Vec<(Address, Metric)>) {
        for (address, metric) in metrics {
            let own = self.metrics.entry(address).or_insert_with(|| Metric {
                runs: Vec::new(),
                ..metric.clone()
            });
            own.runs.resize(run, super::MetricValue::default());
            own.runs.extend(metric.runs);
        }
    }
}

impl Run {
    /// A run of which nothing is known yet.
    #[must_use]
    pub fn empty(number: u64) -> Self {
        Self {
            number,
            started: String::new(),
            wall_s: 0.0,
            phases: Vec::new(),
            loads: Vec::new(),
            monitors: Vec::new(),
            aborted: Vec::new(),
            errors: Vec::new(),
            errors_beyond: 0,
            health: Health::default(),
            samples_lost: 0,
        }
    }
}
