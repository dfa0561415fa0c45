//! The whole plan file as one type, for its schema. It is read section by section, so that every error is found.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::SessionSpec;
use super::phase::PhaseSpec;
use crate::audio::PoolSpec;
use crate::flow::{DataSpec, StepSpec};
use crate::gate::Rules;
use crate::protocol::http::Texts;
use crate::schedule::Load;
use crate::target::TargetSpec;
use crate::units::{Duration, Flag, List};

/// A perfgate plan: where, with what, what one iteration does, how much of it, and what must hold.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct Document {
    /// Names the results folder; by default the file's stem.
    name: Option<String>,
    /// The first line of the report.
    description: Option<String>,
    /// Parts of other plans.
    include: Option<List<String>>,
    /// The plan's parameters and their defaults.
    vars: BTreeMap<String, Value>,
    /// Values used like variables that no output ever shows.
    secrets: BTreeMap<String, Value>,
    /// Named sets of values for variables: `--preset NAME`.
    preset: BTreeMap<String, BTreeMap<String, Value>>,
    /// What makes runs comparable, such as a model or a device.
    labels: BTreeMap<String, Value>,
    /// Where the load goes.
    target: Option<TargetSpec>,
    /// What is sent.
    audio: BTreeMap<String, PoolSpec>,
    /// What one iteration does: steps in order.
    flow: BTreeMap<String, Vec<StepSpec>>,
    /// Rows of tables, one an iteration.
    data: BTreeMap<String, DataSpec>,
    /// What is written with every sample.
    tags: Option<Texts>,
    /// How much of it, and when.
    load: BTreeMap<String, Load>,
    /// Ordered parts, each with its own loads and rules; without any, the plan itself is the only phase.
    phase: Vec<PhaseSpec>,
    /// Without phases: the loads run one after the other, not side by side.
    in_turn: Flag,
    /// The pause between readiness and load, in every phase that says nothing else.
    rest: Duration,
    /// What must hold.
    threshold: Option<Rules>,
    /// What should hold: never changes the exit code.
    warning: Option<Rules>,
    /// Ends a load early when it does not hold over its last 10 seconds, and fails the run.
    abort: Option<Rules>,
    /// How often it is run.
    session: Option<SessionSpec>,
}

/// The JSON schema of a plan file (draft 2020-12).
#[must_use]
pub(super) fn schema() -> Value {
    schemars::schema_for!(Document).to_value()
}

/// The JSON schema as text, ready to be written to a file.
#[must_use]
pub fn schema_text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
    text.push('\n');
    text
}
