//! The `[session]` section of a plan.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Problem;
use crate::units::{Count, Duration};

/// How often the plan is run in one session.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SessionSpec {
    /// Runs of one session.
    pub repeats: Count,
    /// The pause between two runs.
    pub rest: Duration,
    /// Orders arrivals, picks and think times; the same in every run.
    pub seed: Count,
}

impl Default for SessionSpec {
    fn default() -> Self {
        Self { repeats: Count(1), rest: Duration::ZERO, seed: Count(1) }
    }
}

impl SessionSpec {
    /// What is wrong with the section.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        if self.repeats.0 == 0 {
            return vec![Problem::error("repeats", "a session has at least one run", "repeats = 1").at_value()];
        }
        Vec::new()
    }
}
