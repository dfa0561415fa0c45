//! The control thread's view of loads that run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration as StdDuration;

use super::control::Control;
use super::guard::Guard;
use super::progress::{Progress, RunEvent};
use crate::clock::{RealClock, Tick};
use crate::engine::{Budget, WorkerCommand, WorkerReport, Workers};
use crate::measure::{ErrorRecord, SecondSlot, fold};
use crate::metric::{Catalog, ErrorClass, LoadId, StepId};
use crate::summary::Interruption;
use crate::units::Duration;

/// After a first signal, or once a load is ended early, what is under way may take this long.
const AFTER_SIGNAL: Duration = Duration::from_secs(5);
/// Time zero lies this far ahead when it is announced, so that every worker hears of it before.
const HEAD_START: Duration = Duration::from_millis(20);
/// How often a person is shown where the run is.
const LOOK: StdDuration = StdDuration::from_millis(250);

/// The control thread's view of a run.
pub(crate) struct Watch {
    progress: Progress,
    pub(crate) slots: Vec<(LoadId, SecondSlot)>,
    budgets: Vec<Arc<Budget>>,
    pub(crate) guards: Vec<Guard>,
    pub(crate) zero: Tick,
    pub(crate) interrupted: Option<Interruption>,
    catalog: Arc<Catalog>,
    told: BTreeSet<(Option<StepId>, String)>,
}

impl Watch {
    pub(crate) fn new(
        progress: Progress,
        budgets: Vec<Arc<Budget>>,
        guards: Vec<Guard>,
        catalog: &Arc<Catalog>,
    ) -> Self {
        Self {
            progress,
            slots: Vec::new(),
            budgets,
            guards,
            zero: Tick::NEVER,
            interrupted: None,
            catalog: Arc::clone(catalog),
            told: BTreeSet::new(),
        }
    }

    pub(crate) async fn follow(
        &mut self,
        team: &mut Workers,
        clock: RealClock,
        control: &mut Control<'_>,
    ) {
        let Control { signals, tell } = control;
        let mut waited_for = team.size();
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                biased;
                signal = signals.next() => self.stop(signal, team, clock, &mut **tell),
                report = team.report() => match report {
                    None => return,
                    Some(WorkerReport::Ready) => {
                        waited_for -= 1;
                        if waited_for == 0 && self.interrupted.is_none() {
                            self.zero = clock.now() + HEAD_START;
                            team.tell(WorkerCommand::Start(self.zero));
                        }
                    }
                    Some(WorkerReport::Slots(id, slots)) => {
                        slots.iter().for_each(|slot| self.progress.add(slot));
                        for guard in self.guards.iter_mut().filter(|guard| guard.load == id) {
                            slots.iter().for_each(|slot| guard.add(slot));
                        }
                        self.slots.extend(slots.into_iter().map(|slot| (id, slot)));
                    }
                    Some(WorkerReport::Errors(_, errors)) => self.first_errors(&errors, &mut **tell),
                    Some(WorkerReport::Busy(_)) => {}
                },
                _ = look.tick() => {
                    self.guard(clock, &mut **tell);
                    self.progress.elapsed = clock.now().since(self.zero);
                    self.progress.in_flight = self.budgets.iter().map(|budget| budget.in_flight()).sum();
                    tell(&RunEvent::Progress(&self.progress));
                }
            }
        }
    }

    /// Ends the loads whose rules are crossed.
    fn guard(&mut self, clock: RealClock, tell: &mut dyn FnMut(&RunEvent<'_>)) {
        let now = clock.now();
        for guard in &mut self.guards {
            if guard.look(self.zero, now) {
                guard.budget.halt(now + AFTER_SIGNAL);
                guard
                    .fired
                    .iter()
                    .for_each(|fired| tell(&RunEvent::EndedEarly(fired)));
            }
        }
    }

    /// Each kind of error is told once, whichever worker meets it first.
    fn first_errors(&mut self, errors: &[ErrorRecord], tell: &mut dyn FnMut(&RunEvent<'_>)) {
        for error in errors
            .iter()
            .filter(|error| error.class != ErrorClass::Aborted)
        {
            if self.told.insert((error.step, fold(&error.message))) {
                let step = error.step.map(|step| self.catalog.step(step).name.as_str());
                tell(&RunEvent::FirstError {
                    elapsed: error.at.since(self.zero),
                    step,
                    message: &error.message,
                });
            }
        }
    }

    fn stop(
        &mut self,
        signal: Interruption,
        team: &Workers,
        clock: RealClock,
        tell: &mut dyn FnMut(&RunEvent<'_>),
    ) {
        if self.interrupted.is_none() && self.zero != Tick::NEVER {
            self.interrupted = Some(signal);
            tell(&RunEvent::Draining);
            team.tell(WorkerCommand::Stop {
                cut_at: clock.now() + AFTER_SIGNAL,
            });
        } else {
            self.interrupted.get_or_insert(signal);
            tell(&RunEvent::Aborting);
            team.tell(WorkerCommand::Abort);
        }
    }
}
