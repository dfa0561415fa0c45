//! The steps that a user runs once, before its first iteration.

use std::sync::atomic::Ordering::Relaxed;

use super::context::StepContext;
use super::failure::{StepEnd, StepFailure};
use super::steps::run_step;
use crate::flow::program::op::steps_of;
use crate::flow::program::setup::{CapturedValues, SharedSetup};
use crate::flow::program::step::{CompiledStep, Once};
use crate::metric::Outcome;
use crate::protocol::Transport;

/// Why a user is not set up.
#[derive(Debug, Clone)]
pub(crate) struct SetupFailure {
    /// The step that failed.
    pub(crate) step: usize,
    pub(crate) outcome: Outcome,
    pub(crate) message: String,
}

/// Runs them in their order. What goes wrong is recorded with its step.
pub(crate) async fn run_all<T: Transport>(
    context: &mut StepContext<'_, T>,
) -> Result<(), SetupFailure> {
    let flow = context.flow;
    for step in steps_of(&flow.setup) {
        let end = match flow.steps[step].once {
            Some(Once::PerRun(which)) => run_shared(context, &flow.shared[which], step).await,
            _ => run_step(context, step, context.clock.now()).await,
        };
        if let Err(StepFailure { outcome, message }) = end {
            let message = message.unwrap_or_else(|| outcome.name().to_owned());
            context.record_failure(step, StepFailure::new(outcome, message.clone()));
            return Err(SetupFailure {
                step,
                outcome,
                message,
            });
        }
    }
    Ok(())
}

/// Runs a step that is done by one user for all, or waits for that one and takes over what it has captured.
async fn run_shared<T: Transport>(
    context: &mut StepContext<'_, T>,
    shared: &SharedSetup,
    step: usize,
) -> StepEnd {
    let tries = shared.tries.load(Relaxed);
    let mut result = shared.result.lock().await;
    match &*result {
        Some(Ok(captured)) => {
            for (slot, value) in captured {
                context.state.values.set(*slot, value.clone());
            }
            return Ok(());
        }
        // Whoever waited for a try that failed has failed with it; trying once more each would add up all their timeouts.
        Some(Err((outcome, message))) if shared.tries.load(Relaxed) > tries => {
            return Err(StepFailure::new(*outcome, message.clone()));
        }
        _ => {}
    }
    let end = run_step(context, step, context.clock.now()).await;
    shared.tries.fetch_add(1, Relaxed);
    *result = Some(match &end {
        Ok(()) => Ok(captured_by(context, &context.flow.steps[step])),
        Err(failure) => Err((failure.outcome, failure.message.clone().unwrap_or_default())),
    });
    end
}

fn captured_by<T>(context: &StepContext<'_, T>, step: &CompiledStep) -> CapturedValues {
    let values = &context.state.values;
    step.capture
        .iter()
        .filter_map(|captured| Some((captured.slot, values.get(captured.slot)?.clone())))
        .collect()
}
