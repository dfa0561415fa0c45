//! One run: all loads of the plan, once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration as StdDuration;

use super::progress::{Event, Progress};
use super::signals::Signals;
use crate::clock::{Clock, RealClock, Tick};
use crate::engine::{Budget, Command, Crew, LoadShare, Team, WorkerReport};
use crate::flow::FlowUser;
use crate::measure::{Batch, ErrorNote, LoadResult, Slot, fold};
use crate::metric::{Catalog, ErrorClass, LoadId, StepId};
use crate::plan::{Prepared, PreparedLoad};
use crate::protocol::http::Client;
use crate::schedule::{Schedule, Segment};
use crate::summary::{Health, Interruption, Pressure, judge};
use crate::units::Duration;

/// After a first signal, what is under way may take this long.
const AFTER_SIGNAL: Duration = Duration::from_secs(5);
/// Time zero lies this far ahead when it is announced, so that every worker hears of it before.
const HEAD_START: Duration = Duration::from_millis(20);
/// How often a person is shown where the run is.
const LOOK: StdDuration = StdDuration::from_millis(250);

/// What one run has measured.
pub(super) struct OneRun {
    pub(super) loads: Vec<LoadResult>,
    pub(super) health: Health,
    pub(super) samples_lost: u64,
    pub(super) wall: Duration,
    pub(super) interrupted: Option<Interruption>,
}

/// Makes the users of every load.
#[derive(Clone)]
struct Users {
    loads: Arc<Vec<PreparedLoad>>,
}

impl Crew for Users {
    type User = FlowUser<Client>;

    fn recruit(&self, clock: &Clock, load: LoadId, _number: u64) -> Self::User {
        let of = self.loads.iter().find(|prepared| prepared.id == load).unwrap_or(&self.loads[0]);
        FlowUser::new(Arc::clone(&of.flow), clock.clone(), Client::new(clock.clone()))
    }
}

/// Carries out all loads and waits for their end, or for a signal.
pub(super) async fn run(
    prepared: &Prepared,
    threads: usize,
    seed: u64,
    samples: Option<&SyncSender<Batch>>,
    signals: &mut Signals,
    tell: &mut dyn FnMut(&Event<'_>),
) -> std::io::Result<OneRun> {
    let clock = RealClock::start();
    let pressure = Pressure::now();
    let schedules: Vec<Schedule> = prepared.loads.iter().map(|load| load.load.schedule(seed)).collect();
    let budgets: Vec<_> = schedules.iter().map(|schedule| Arc::new(Budget::new(schedule))).collect();
    let shares = (0..threads as u64).map(|k| {
        let each = prepared.loads.iter().zip(&schedules).zip(&budgets);
        let share = |((load, schedule), budget): ((&PreparedLoad, &Schedule), &Arc<Budget>)| LoadShare {
            id: load.id,
            schedule: schedule.clone(),
            segment: Segment::WHOLE.split(k, threads as u64),
            budget: Arc::clone(budget),
            drain: load.drain,
            seed,
        };
        each.map(share).collect()
    });
    let crew = Users { loads: Arc::new(prepared.loads.clone()) };
    let mut team = Team::start(shares.collect(), &prepared.catalog, clock, &crew, samples)?;
    let mut watch = Watch {
        progress: progress(&schedules),
        slots: Vec::new(),
        budgets,
        zero: Tick::NEVER,
        interrupted: None,
        catalog: Arc::clone(&prepared.catalog),
        told: BTreeSet::new(),
    };
    watch.follow(&mut team, clock, signals, tell).await;
    let results = team.results()?;
    let wall = clock.now().since(watch.zero);
    let samples_lost = results.iter().map(|result| result.samples_lost).sum();
    let busy: Vec<Vec<f64>> = results.iter().map(|result| result.busy.clone()).collect();
    let mut loads: Vec<LoadResult> = Vec::new();
    for part in results.into_iter().flat_map(|result| result.loads) {
        match loads.iter_mut().find(|load| load.ledger.load() == part.ledger.load()) {
            Some(load) => load.merge(part),
            None => loads.push(part),
        }
    }
    for (id, slot) in watch.slots {
        loads.iter_mut().filter(|load| load.ledger.load() == id).for_each(|load| load.slots.push(slot.clone()));
    }
    let stalled = Pressure::now().since(pressure, clock.now().since(Tick::ZERO).as_secs_f64());
    let health = judge(&prepared.catalog, &loads, &busy, stalled);
    Ok(OneRun { loads, health, samples_lost, wall, interrupted: watch.interrupted })
}

/// The control thread's view of a run.
struct Watch {
    progress: Progress,
    slots: Vec<(LoadId, Slot)>,
    budgets: Vec<Arc<Budget>>,
    zero: Tick,
    interrupted: Option<Interruption>,
    catalog: Arc<Catalog>,
    told: BTreeSet<(Option<StepId>, String)>,
}

impl Watch {
    async fn follow(
        &mut self,
        team: &mut Team,
        clock: RealClock,
        signals: &mut Signals,
        tell: &mut dyn FnMut(&Event<'_>),
    ) {
        let mut waited_for = team.size();
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                biased;
                signal = signals.next() => self.stop(signal, team, clock, tell),
                report = team.report() => match report {
                    None => return,
                    Some(WorkerReport::Ready) => {
                        waited_for -= 1;
                        if waited_for == 0 && self.interrupted.is_none() {
                            self.zero = clock.now() + HEAD_START;
                            team.tell(Command::Start(self.zero));
                        }
                    }
                    Some(WorkerReport::Slots(id, slots)) => {
                        slots.iter().for_each(|slot| self.progress.add(slot));
                        self.slots.extend(slots.into_iter().map(|slot| (id, slot)));
                    }
                    Some(WorkerReport::Errors(_, errors)) => self.first_errors(&errors, tell),
                    Some(WorkerReport::Busy(_)) => {}
                },
                _ = look.tick() => {
                    self.progress.elapsed = clock.now().since(self.zero);
                    self.progress.in_flight = self.budgets.iter().map(|budget| budget.in_flight()).sum();
                    tell(&Event::Progress(&self.progress));
                }
            }
        }
    }

    /// Each kind of error is told once, whichever worker meets it first.
    fn first_errors(&mut self, errors: &[ErrorNote], tell: &mut dyn FnMut(&Event<'_>)) {
        for error in errors.iter().filter(|error| error.class != ErrorClass::Aborted) {
            if self.told.insert((error.step, fold(&error.message))) {
                let step = error.step.map(|step| self.catalog.step(step).name.as_str());
                tell(&Event::FirstError { elapsed: error.at.since(self.zero), step, message: &error.message });
            }
        }
    }

    fn stop(&mut self, signal: Interruption, team: &Team, clock: RealClock, tell: &mut dyn FnMut(&Event<'_>)) {
        if self.interrupted.is_none() && self.zero != Tick::NEVER {
            self.interrupted = Some(signal);
            tell(&Event::Draining);
            team.tell(Command::Stop { cut_at: clock.now() + AFTER_SIGNAL });
        } else {
            self.interrupted.get_or_insert(signal);
            tell(&Event::Aborting);
            team.tell(Command::Abort);
        }
    }
}

fn progress(schedules: &[Schedule]) -> Progress {
    let mut total = Some(Duration::ZERO);
    let (mut from, mut rate) = (Duration::MAX, None);
    for schedule in schedules {
        let (begin, end) = match schedule {
            Schedule::Open(open) => {
                rate = Some(rate.unwrap_or(0.0) + open.peak_rate());
                (open.window().0, open.end())
            }
            Schedule::Closed(closed) => {
                let warm_up = match closed.warm_up {
                    crate::schedule::WarmUp::For(time) => time,
                    crate::schedule::WarmUp::Iterations(_) => Duration::ZERO,
                };
                let begin = closed.ramp_up + warm_up;
                (begin, begin + closed.measured())
            }
        };
        from = from.min(begin);
        total = total.filter(|_| end != Duration::MAX).map(|total| total.max(end));
    }
    Progress::new(total, from, rate)
}
