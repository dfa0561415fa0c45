//! The composed plan.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::audio::Pool;
use crate::diag::Span;
use crate::document::Mask;
use crate::endpoint::TargetSpec;
use crate::flow::{DataTable, StepSpec};
use crate::gate::Rules;
use crate::gate::baseline::BaselineSpec;
use crate::hook::Hook;
use crate::metric::split_point;
use crate::monitor::MonitorSpec;
use crate::plan::docs::explain::Explained;
use crate::plan::session::SessionSpec;
use crate::plan::source::PlanSource;
use crate::plan::sweep::SweepPoint;
use crate::plan::tree::Text;
use crate::protocol::ConnectionOptions;
use crate::protocol::http::TextMap;
use crate::schedule::Load;
use crate::units::Duration;

/// A plan whose every section is valid by itself and fits the others.
#[derive(Debug)]
pub struct Plan {
    /// Names the results folder.
    pub name: String,
    /// The first line of the report.
    pub description: String,
    /// The file, as it was named.
    pub file: PathBuf,
    /// What is sent.
    pub pools: BTreeMap<String, Arc<Pool>>,
    /// Rows that iterations take.
    pub data: BTreeMap<String, Arc<DataTable>>,
    /// What is watched beside the load.
    pub(crate) monitors: BTreeMap<String, MonitorSpec>,
    /// Where the plan's own file is: what commands of monitors are run in.
    pub(crate) folder: PathBuf,
    /// What is run before, after, and when a run fails.
    pub(crate) hooks: PlanHooks,
    /// What it was read from, to be read again with other values of its variables.
    pub(crate) source: PlanSource,
    /// What is carried out, in order. A plan without phases has one without a name.
    pub phases: Vec<Phase>,
    /// What must hold in every phase that says nothing else.
    pub rules: RuleSets,
    /// What it is compared with; `None` without a `[baseline]` section.
    pub baseline: Option<BaselineSpec>,
    /// How often it is run.
    pub session: SessionSpec,
    /// What makes runs comparable.
    pub labels: BTreeMap<String, String>,
    /// The presets that were taken, in order.
    pub presets: Vec<String>,
    /// The other words of the command line that change what is run: `--only`, `--set`, `--seed`.
    pub cli_overrides: Vec<String>,
    /// Hides secrets from everything that is written.
    pub mask: Mask,
    /// The plan with every variable filled in; secrets are masked.
    pub effective: Value,
    /// Every value of it with where it came from.
    pub explained: Vec<Explained>,
    /// Two plans with the same one do the same work.
    pub load_hash: String,
    /// Only some of its phases or loads are run, so that rules about others are left out.
    pub(super) partial: bool,
    /// Where sections stand, for findings that come later.
    pub(super) places: PlanSpans,
}

/// One part of a plan: loads that run side by side, or one after the other.
#[derive(Debug)]
pub struct Phase {
    /// Its name, with the point where it is one of a sweep (`scaling@3`); `None` in a plan without phases.
    pub name: Option<String>,
    /// The point of a sweep that it is.
    pub(crate) point: Option<SweepPoint>,
    /// What it is for.
    pub description: String,
    /// Where its load goes.
    pub target: TargetSpec,
    /// How connections to it are made.
    pub wiring: Arc<ConnectionOptions>,
    /// What one iteration does.
    pub flows: BTreeMap<String, Vec<StepSpec>>,
    /// What is written with every sample.
    pub tags: TextMap,
    /// Names that were filled in when the plan was read.
    pub filled: Vec<String>,
    /// What is run before and after it.
    pub(crate) hooks: PhaseHooks,
    /// How much of it, in the order of the file.
    pub loads: Vec<(String, Load)>,
    /// The pause between readiness and load.
    pub rest: Duration,
    /// The loads run one after the other.
    pub in_turn: bool,
    /// No later phase is run where this one does not pass.
    pub must_pass: bool,
    /// Its own rules, which replace the plan's for the metrics they name.
    pub rules: RuleSets,
    /// Where it stands.
    pub(super) span: Span,
    /// Where its target stands.
    pub(super) target_span: Span,
    /// Where each load stands.
    pub(super) load_spans: LoadSpans,
}

/// Commands around the runs of a plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanHooks {
    /// Before each run.
    pub(crate) before: Vec<Hook>,
    /// After each run, however it ended.
    pub(crate) after: Vec<Hook>,
    /// When a threshold is crossed or a run breaks.
    pub(crate) on_failure: Vec<Hook>,
}

/// Commands around a phase. In a sweep those of the phase are run once, those of a point at each point.
#[derive(Debug, Clone, Default)]
pub(crate) struct PhaseHooks {
    /// Before the phase.
    pub(crate) before: Vec<Hook>,
    /// Before the point.
    pub(crate) before_point: Vec<Hook>,
    /// After the point, however it ended.
    pub(crate) after_point: Vec<Hook>,
    /// After the phase, however it ended.
    pub(crate) after: Vec<Hook>,
}

/// The three tables of rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSets {
    /// What must hold.
    pub threshold: Rules,
    /// What should hold; never changes the exit code.
    pub warning: Rules,
    /// What ends a load early when it does not hold.
    pub abort: Rules,
}

/// Where each load's name stands, and where it says its flow.
pub(super) type LoadSpans = BTreeMap<String, (Span, Span)>;

/// Where sections of the plan stand.
#[derive(Debug, Default)]
pub(super) struct PlanSpans {
    pub(super) steps: BTreeMap<(String, usize), Span>,
    /// Every text of a step.
    pub(super) texts: BTreeMap<(String, usize), Vec<Text>>,
    /// The value of each step's `name`, or what stands for it.
    pub(super) names: BTreeMap<(String, usize), Span>,
    /// Every key of a step, with dots.
    pub(super) keys: BTreeMap<(String, usize), BTreeMap<String, Span>>,
    /// Every key of the target, with dots.
    pub(super) target_keys: BTreeMap<String, Span>,
    /// Each monitor's name.
    pub(super) monitors: BTreeMap<String, Span>,
    /// Every text of the target.
    pub(super) target_texts: Vec<Text>,
    pub(super) folders: BTreeMap<String, PathBuf>,
}

impl Phase {
    /// Its name in the plan, without the point of a sweep.
    #[must_use]
    pub fn plain_name(&self) -> Option<&str> {
        self.name.as_deref().and_then(|name| split_point(name).0)
    }

    /// The flow that a load runs.
    #[must_use]
    pub fn steps_of(&self, name: &str, load: &Load) -> &[StepSpec] {
        self.flows
            .get(load.flow.as_deref().unwrap_or(name))
            .map_or(&[], Vec::as_slice)
    }
}
