//! The commands that were run around the load, as far as there is something to say about them.

use crate::report::text::{clean, plural, wall};
use crate::summary::{HookRun, HookTime, Summary};

/// Hooks of a session.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct HooksView {
    /// `6 hooks, 12.4 s`; empty where there were none.
    pub(crate) line: String,
    /// A sentence for each that failed without ending the session.
    pub(crate) failures: Vec<String>,
    /// What was printed by those that failed, and by those that explain a failure.
    pub(crate) outputs: Vec<HookOutput>,
}

/// What one command printed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HookOutput {
    /// `on_failure: docker logs worker-1`
    pub(crate) title: String,
    /// Its last lines.
    pub(crate) lines: Vec<String>,
}

impl HooksView {
    pub(crate) fn of(summary: &Summary) -> Self {
        let hooks = &summary.hooks;
        let took: f64 = hooks.iter().map(|hook| hook.took_s).sum();
        let failed = hooks.iter().filter(|hook| !hook.ok);
        let failure = |hook: &HookRun| clean(&format!("the hook `{}` {}", hook.name(), hook.end));
        let told = hooks
            .iter()
            .filter(|hook| hook.when == HookTime::OnFailure || !hook.ok);
        let output = |hook: &HookRun| HookOutput {
            title: clean(&hook.name()),
            lines: hook.output.iter().map(|line| clean(line)).collect(),
        };
        Self {
            line: if hooks.is_empty() {
                String::new()
            } else {
                format!("{}, {}", plural(hooks.len() as u64, "hook"), wall(took))
            },
            failures: failed.map(failure).collect(),
            outputs: told
                .filter(|hook| !hook.output.is_empty())
                .map(output)
                .collect(),
        }
    }
}
