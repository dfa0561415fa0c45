//! A command that was run around the load, as `summary.json` holds it.

use serde::{Deserialize, Serialize};

/// One execution of a hook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HookRun {
    /// The run, from 1.
    pub run: u64,
    /// The phase, with its point; `None` for one of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// When it was run.
    pub when: HookTime,
    /// What was run.
    pub command: String,
    /// How it ended, in words.
    pub end: String,
    /// Whether it did what it should.
    pub ok: bool,
    /// A failure is only noted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// How long it took.
    pub took_s: f64,
    /// The variable that got what it printed, and its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<(String, String)>,
    /// The last lines of what it printed, where it failed or was run because something failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<String>,
}

/// When a hook is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookTime {
    /// Before the run, the phase or the point.
    Before,
    /// After it, however it ended.
    After,
    /// Because a threshold is crossed or the run broke.
    OnFailure,
}

impl HookTime {
    /// The key of the plan.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::OnFailure => "on_failure",
        }
    }
}

impl HookRun {
    /// `before scaling@3: ./scale.sh 3`
    #[must_use]
    pub fn name(&self) -> String {
        let phase = self
            .phase
            .as_ref()
            .map_or_else(String::new, |phase| format!(" {phase}"));
        format!("{}{phase}: {}", self.when.key(), self.command)
    }
}
