//! The `[session]` section of a plan.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Problem;
use crate::units::{Count, Duration, Flag};

/// How often the plan is run in one session.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SessionSpec {
    /// Runs of one session.
    pub repeats: Count,
    /// The pause between two runs.
    pub rest: Duration,
    /// Further sessions that a suspected regression asks for; 0: the first one decides.
    pub confirm: Count,
    /// What `run --confirm` waits before each of them.
    pub confirm_after: Duration,
    /// Orders arrivals, picks and think times; the same in every run.
    pub seed: Count,
    /// Whether each transcript of an iteration that ended well is kept, with its word error rate: `transcripts.jsonl`.
    pub transcripts: Flag,
}

impl Default for SessionSpec {
    fn default() -> Self {
        Self {
            repeats: Count(1),
            rest: Duration::ZERO,
            confirm: Count(2),
            confirm_after: Duration::from_secs(30 * 60),
            seed: Count(1),
            transcripts: Flag(false),
        }
    }
}

impl SessionSpec {
    /// What is wrong with the section.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        if self.repeats.0 == 0 {
            return vec![
                Problem::error("repeats", "a session has at least one run", "repeats = 1")
                    .at_value(),
            ];
        }
        Vec::new()
    }
}
