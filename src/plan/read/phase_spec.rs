//! The `[[phase]]` section of a plan.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::endpoint::TargetSpec;
use crate::gate::Rules;
use crate::hook::HookSpec;
use crate::plan::sweep::SweepSpec;
use crate::schedule::Load;
use crate::units::{Duration, Flag, List};

/// One part of a plan, in order: its loads run side by side and are judged by rules of their own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::plan) struct PhaseSpec {
    /// Its name: part of every metric's address, and what `--only` takes.
    pub(in crate::plan) name: String,
    /// What it is for; stands in the report.
    #[serde(default)]
    pub(in crate::plan) description: String,
    /// How much of which flow, as in a plan without phases.
    #[serde(default)]
    #[schemars(extend("propertyNames" = crate::plan::names::name_schema()))]
    #[expect(
        dead_code,
        reason = "each load is read by itself, so that every mistake is found"
    )]
    pub(in crate::plan) load: BTreeMap<String, Load>,
    /// Keys of the target that are others in this phase.
    #[serde(default)]
    #[expect(dead_code, reason = "read together with the plan's own target")]
    pub(in crate::plan) target: Option<TargetSpec>,
    /// Commands that are run before it, in a sweep before the first point.
    #[serde(default)]
    #[expect(dead_code, reason = "read with the folder that they are run in")]
    pub(in crate::plan) before: List<HookSpec>,
    /// Commands that are run after it, however it ended.
    #[serde(default)]
    #[expect(dead_code, reason = "read with the folder that they are run in")]
    pub(in crate::plan) after: List<HookSpec>,
    /// The pause between readiness and load; by default the plan's.
    #[serde(default)]
    pub(in crate::plan) rest: Option<Duration>,
    /// The loads run one after the other, not side by side.
    #[serde(default)]
    pub(in crate::plan) in_turn: Flag,
    /// It has to pass, or no later phase is run.
    #[serde(default)]
    pub(in crate::plan) must_pass: Flag,
    /// The phase again for each value of a variable.
    #[serde(default)]
    #[expect(dead_code, reason = "read before the names of the phase are filled in")]
    pub(in crate::plan) sweep: Option<SweepSpec>,
    /// What must hold in this phase; for the metrics named here in place of the plan's.
    #[serde(default)]
    #[expect(dead_code, reason = "each table of rules is read by itself")]
    pub(in crate::plan) threshold: Rules,
    /// What should hold: never changes the exit code.
    #[serde(default)]
    #[expect(dead_code, reason = "each table of rules is read by itself")]
    pub(in crate::plan) warning: Rules,
    /// Ends a load early when it does not hold over its last 10 seconds, and fails the run.
    #[serde(default)]
    #[expect(dead_code, reason = "each table of rules is read by itself")]
    pub(in crate::plan) abort: Rules,
}

/// The keys of a phase that are read apart from it.
pub(in crate::plan) const SECTIONS: [&str; 8] = [
    "before",
    "after",
    "load",
    "target",
    "sweep",
    "threshold",
    "warning",
    "abort",
];
