//! The hooks that are run because a threshold is crossed or a run broke: what they print explains it.

use super::control::Control;
use super::evidence::SessionEvidence;
use super::hooks::{HookPlace, HookRunner};
use super::progress::RunEvent;
use super::settings::Settings;
use crate::gate::{self, Overall};
use crate::hook::Hook;
use crate::plan::Plan;
use crate::run::{Reference, RunError};
use crate::summary::{HookRun, HookTime, Summary};

/// Runs them where the session fails, and adds what they print to its evidence.
pub(crate) async fn explain_failure(
    plan: &Plan,
    evidence: &mut SessionEvidence<'_>,
    settings: &Settings,
    control: &mut Control<'_>,
) {
    let hooks = &plan.hooks.on_failure;
    if hooks.is_empty() || !fails(&evidence.summary, settings) {
        return;
    }
    let runner = HookRunner {
        mask: &plan.mask,
        log: Some(evidence.folder.file("hooks.log")),
    };
    let run = evidence.summary.runs.len() as u64;
    let done = run_all(hooks, &runner, run, control).await;
    evidence.summary.hooks.extend(done);
}

/// Runs them for a session that could not be run at all; there is no report, so what they print is told.
pub(crate) async fn explain_error(plan: &Plan, error: &RunError, control: &mut Control<'_>) {
    if matches!(
        error,
        RunError::Stopped(_) | RunError::Plan(_) | RunError::Folder { .. }
    ) {
        return;
    }
    let runner = HookRunner {
        mask: &plan.mask,
        log: None,
    };
    for done in run_all(&plan.hooks.on_failure, &runner, 1, control).await {
        control.tell(&RunEvent::HookOutput(&done.output));
    }
}

async fn run_all(
    hooks: &[Hook],
    runner: &HookRunner<'_>,
    run: u64,
    control: &mut Control<'_>,
) -> Vec<HookRun> {
    let place = HookPlace {
        run,
        phase: None,
        when: HookTime::OnFailure,
    };
    let mut all = Vec::new();
    for hook in hooks {
        let done = runner.run(hook, &place, control).await;
        all.push(done.record);
        if done.signal.is_some() {
            break;
        }
    }
    all
}

fn fails(summary: &Summary, settings: &Settings) -> bool {
    let sessions = std::slice::from_ref(summary);
    let reference = settings.reference.clone().fitting(sessions);
    let reference = reference.unwrap_or(Reference::Nothing);
    let verdict = gate::judge(sessions, reference.against());
    matches!(
        verdict.verdict,
        Overall::Fail | Overall::NeverAnswered | Overall::NotReady
    )
}
