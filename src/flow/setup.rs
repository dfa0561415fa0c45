//! What a user does once, before its first iteration.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde_json::Value;
use tokio::sync::Mutex;

use super::program::steps_of;
use super::step::{Once, Step};
use super::user::{FlowUser, StepEnd};
use crate::measure::{Recorder, Ticket};
use crate::metric::{Outcome, Part};
use crate::protocol::Exchange;
use crate::template::Slot;

/// Captured values with their slots.
type Captured = Vec<(Slot, Value)>;

/// What one user has done for all of a run: its captures, or how it failed.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// How often it was tried.
    tries: AtomicU64,
    result: Mutex<Option<Result<Captured, (Outcome, String)>>>,
}

/// Why a user is not set up.
#[derive(Debug, Clone)]
pub(super) struct Unready {
    /// The step that failed.
    pub(super) step: usize,
    pub(super) outcome: Outcome,
    pub(super) message: String,
}

impl<E: Exchange> FlowUser<E> {
    /// Runs the steps that are done once, in their order. What goes wrong is noted with its step.
    pub(super) async fn set_up(&mut self, notes: &mut Recorder) -> Outcome {
        self.unready = None;
        let flow = Arc::clone(&self.flow);
        if flow.setup.is_empty() {
            return Outcome::Ok;
        }
        let now = self.clock.now();
        // Rows and clips go by the user's number here, because there is no iteration yet.
        let ticket = Ticket {
            n: self.number.saturating_sub(1),
            vu: self.number,
            due: now,
            start: now,
            part: Part::WarmUp,
        };
        self.values.clear();
        self.begin(&ticket, super::names::mix(flow.nonce));
        for place in steps_of(&flow.setup) {
            let end = match flow.steps[place].once {
                Some(Once::PerRun(which)) => {
                    self.set_up_for_all(&flow.shared[which], place, notes).await
                }
                _ => self.run_step(place, self.clock.now(), notes).await,
            };
            if let Err((outcome, message)) = end {
                let message = message.unwrap_or_else(|| outcome.name().to_owned());
                self.note(place, outcome, Some(message.clone()), notes);
                self.unready = Some(Unready {
                    step: place,
                    outcome,
                    message,
                });
                self.reconnects = self.transport.reconnects();
                return outcome;
            }
        }
        self.reconnects = self.transport.reconnects();
        Outcome::Ok
    }

    /// Runs a step that is done by one user for all, or waits for that one and takes over what it has captured.
    async fn set_up_for_all(
        &mut self,
        shared: &Shared,
        place: usize,
        notes: &mut Recorder,
    ) -> StepEnd {
        let tries = shared.tries.load(Relaxed);
        let mut result = shared.result.lock().await;
        match &*result {
            Some(Ok(captured)) => {
                captured
                    .iter()
                    .for_each(|(slot, value)| self.values.set(*slot, value.clone()));
                return Ok(());
            }
            // Whoever waited for a try that failed has failed with it; trying once more each would add up all their timeouts.
            Some(Err((outcome, message))) if shared.tries.load(Relaxed) > tries => {
                return Err((*outcome, Some(message.clone())));
            }
            _ => {}
        }
        let end = self.run_step(place, self.clock.now(), notes).await;
        shared.tries.fetch_add(1, Relaxed);
        *result = Some(match &end {
            Ok(()) => Ok(self.captured_by(&Arc::clone(&self.flow).steps[place])),
            Err((outcome, message)) => Err((*outcome, message.clone().unwrap_or_default())),
        });
        end
    }

    fn captured_by(&self, step: &Step) -> Captured {
        step.capture
            .iter()
            .filter_map(|of| Some((of.slot, self.values.get(of.slot)?.clone())))
            .collect()
    }
}
