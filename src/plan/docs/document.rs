//! The whole plan file as one type, for its schema. It is read section by section, so that every error is found.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::audio::PoolSpec;
use crate::endpoint::TargetSpec;
use crate::flow::{DataSpec, StepSpec};
use crate::gate::Rules;
use crate::gate::baseline::BaselineSpec;
use crate::hook::HookSpec;
use crate::monitor::MonitorSpec;
use crate::plan::read::phase_spec::PhaseSpec;
use crate::plan::session::SessionSpec;
use crate::plan::sweep::SweepSpec;
use crate::protocol::http::TextMap;
use crate::schedule::Load;
use crate::units::{Duration, Flag, List};

/// A perfgate plan: where, with what, what one iteration does, how much of it, and what must hold.
#[derive(Default, JsonSchema)]
#[schemars(deny_unknown_fields, default, title = "perfgate plan", extend("$id" = "urn:perfgate:plan:1"))]
pub(in crate::plan) struct Document {
    /// Names the results folder; by default the file's stem.
    name: Option<String>,
    /// The first line of the report; may hold `{{variables}}`.
    description: Option<String>,
    /// Parts of other plans: everything but what they run.
    include: Option<List<String>>,
    /// The plan's parameters and their defaults.
    vars: BTreeMap<String, SingleValue>,
    /// Values used like variables that no output ever shows.
    secrets: BTreeMap<String, SingleValue>,
    /// Named sets of values for variables: `--preset NAME`.
    #[schemars(extend("propertyNames" = crate::plan::names::name_schema()))]
    preset: BTreeMap<String, BTreeMap<String, SingleValue>>,
    /// What makes runs comparable, such as a model or a device.
    labels: BTreeMap<String, SingleValue>,
    /// Where the load goes: a URL, or a table.
    target: Option<TargetSpec>,
    /// What is sent.
    #[schemars(extend("propertyNames" = crate::plan::names::name_schema()))]
    audio: BTreeMap<String, PoolSpec>,
    /// What one iteration does: steps in order.
    #[schemars(extend("propertyNames" = crate::plan::names::name_schema()))]
    flow: BTreeMap<String, Vec<StepSpec>>,
    /// Rows of tables, one an iteration.
    #[schemars(extend("propertyNames" = crate::plan::names::name_schema()))]
    data: BTreeMap<String, DataSpec>,
    /// What is written with every sample.
    tags: Option<TextMap>,
    /// What is watched beside the load.
    #[schemars(extend("propertyNames" = crate::plan::names::name_schema()))]
    monitor: BTreeMap<String, MonitorSpec>,
    /// How much of it, and when.
    #[schemars(extend("propertyNames" = crate::plan::names::name_schema()))]
    load: BTreeMap<String, Load>,
    /// Ordered parts, each with its own loads and rules; without any, the plan itself is the only phase.
    phase: Vec<PhaseSpec>,
    /// Commands that are run before each run.
    before: List<HookSpec>,
    /// Commands that are run after each run, however it ended.
    after: List<HookSpec>,
    /// Commands that are run when a threshold is crossed or a run breaks; what they print stands in the report.
    on_failure: List<HookSpec>,
    /// Without phases: the loads run one after the other, not side by side.
    in_turn: Flag,
    /// The pause between readiness and load, in every phase that says nothing else.
    rest: Duration,
    /// Without phases: the plan again for each value of a variable.
    sweep: Option<SweepSpec>,
    /// What must hold.
    threshold: Rules,
    /// What should hold: never changes the exit code.
    warning: Rules,
    /// Ends a load early when it does not hold over its last 10 seconds, and fails the run.
    abort: Rules,
    /// What it is compared with, and how far it may drift.
    baseline: Option<BaselineSpec>,
    /// How often it is run.
    session: Option<SessionSpec>,
}

/// A single value of any kind.
struct SingleValue;

impl JsonSchema for SingleValue {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "title": "single value", "type": ["string", "number", "boolean"] })
    }
}
