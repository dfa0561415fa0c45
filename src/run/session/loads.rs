//! Loads side by side, once.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use super::control::Control;
use super::guard::Guard;
use super::progress::Progress;
use super::watch::Watch;
use crate::clock::{Clock, RealClock, wall_now};
use crate::engine::{Budget, LoadShare, VuFactory, WorkerResult, Workers};
use crate::flow::FlowUser;
use crate::gate::AbortRule;
use crate::measure::{Batch, LoadResult, SecondSlot, WorkerHealth};
use crate::metric::{Catalog, LoadId};
use crate::plan::PreparedLoad;
use crate::protocol::Client;
use crate::schedule::{Schedule, Segment};
use crate::summary::{Aborted, GeneratorEvidence, Health, Interruption, MachineCounters, judge};
use crate::units::Duration;

pub(crate) struct Measured {
    pub(crate) loads: Vec<LoadResult>,
    pub(crate) health: Health,
    pub(crate) samples_lost: u64,
    pub(crate) wall: Duration,
    pub(crate) interrupted: Option<Interruption>,
    pub(crate) aborted: Vec<Aborted>,
}

pub(crate) struct RunContext<'a> {
    pub(crate) catalog: &'a Arc<Catalog>,
    pub(crate) clock: RealClock,
    /// Workers; as many as the planned rate needs where it is not said.
    pub(crate) threads: Option<usize>,
    pub(crate) seed: u64,
    pub(crate) samples: Option<&'a SyncSender<Batch>>,
    /// What the generator has to say of itself is only noted.
    pub(crate) trust_generator: bool,
}

#[derive(Clone)]
struct Users {
    loads: Arc<Vec<PreparedLoad>>,
}

impl VuFactory for Users {
    type User = FlowUser<Client>;

    fn recruit(&self, clock: &Clock, load: LoadId, number: u64) -> Self::User {
        let of = self
            .loads
            .iter()
            .find(|prepared| prepared.id == load)
            .unwrap_or(&self.loads[0]);
        let client = Client::new(clock.clone(), Arc::clone(&of.wiring));
        FlowUser::new(Arc::clone(&of.flow), clock.clone(), client, number)
    }
}

/// Carries out these loads side by side and waits for their end, or for a signal.
pub(crate) async fn run(
    group: &[PreparedLoad],
    aborts: &[AbortRule],
    context: &RunContext<'_>,
    control: &mut Control<'_>,
) -> std::io::Result<Measured> {
    let (clock, seed) = (context.clock, context.seed);
    let machine = MachineCounters::now();
    let begin = clock.now();
    let schedules: Vec<Schedule> = group.iter().map(|load| load.load.schedule(seed)).collect();
    let budgets: Vec<_> = schedules
        .iter()
        .map(|schedule| Arc::new(Budget::new(schedule)))
        .collect();
    let threads = context.threads.unwrap_or_else(|| threads_for(&schedules));
    let shares = (0..threads as u64).map(|k| {
        let each = group.iter().zip(&schedules).zip(&budgets);
        let share =
            |((load, schedule), budget): ((&PreparedLoad, &Schedule), &Arc<Budget>)| LoadShare {
                id: load.id,
                schedule: schedule.clone(),
                segment: Segment::WHOLE.split(k, threads as u64),
                budget: Arc::clone(budget),
                drain: load.drain,
                seed,
            };
        each.map(share).collect()
    });
    let salt = wall_now().as_nanosecond() as u64;
    let fresh = |load: &PreparedLoad| PreparedLoad {
        flow: Arc::new(load.flow.for_run(salt)),
        ..load.clone()
    };
    let crew = Users {
        loads: Arc::new(group.iter().map(fresh).collect()),
    };
    let mut team = Workers::start(
        shares.collect(),
        context.catalog,
        clock,
        &crew,
        context.samples,
    )?;
    let watched = group.iter().zip(&schedules).zip(&budgets);
    let guards = watched
        .map(|((load, schedule), budget)| Guard::new(load.id, schedule, budget, aborts))
        .collect();
    let mut watch = Watch::new(
        progress(&schedules),
        budgets.clone(),
        guards,
        context.catalog,
    );
    watch.follow(&mut team, clock, control).await;
    let results = team.results()?;
    let wall = clock.now().since(watch.zero);
    let samples_lost = results.iter().map(|result| result.samples_lost).sum();
    let generator = generator_evidence(&results, machine, clock.now().since(begin), wall);
    let loads = merge(
        results.into_iter().flat_map(|result| result.loads),
        watch.slots,
    );
    let mut health = judge(context.catalog, &loads, &generator);
    if context.trust_generator {
        health.trust();
    }
    let aborted = watch
        .guards
        .into_iter()
        .filter_map(|guard| guard.fired)
        .collect();
    Ok(Measured {
        loads,
        health,
        samples_lost,
        wall,
        interrupted: watch.interrupted,
        aborted,
    })
}

/// What is known of the generator besides its loads; `machine` was counted when they began, `whole` ago.
fn generator_evidence(
    results: &[WorkerResult],
    machine: MachineCounters,
    whole: Duration,
    wall: Duration,
) -> GeneratorEvidence {
    let mut workers = WorkerHealth::default();
    results
        .iter()
        .for_each(|result| workers.merge(&result.health));
    let waited = workers.waited.as_secs_f64() / results.len().max(1) as f64;
    GeneratorEvidence {
        busy: results.iter().map(|result| result.busy.clone()).collect(),
        workers,
        machine: MachineCounters::now().since(machine, whole.as_secs_f64(), waited),
        wall_s: wall.as_secs_f64(),
    }
}

/// The books of all workers, one for each load.
fn merge(
    parts: impl Iterator<Item = LoadResult>,
    slots: Vec<(LoadId, SecondSlot)>,
) -> Vec<LoadResult> {
    let mut loads: Vec<LoadResult> = Vec::new();
    for part in parts {
        match loads
            .iter_mut()
            .find(|load| load.stats.load() == part.stats.load())
        {
            Some(load) => load.merge(part),
            None => loads.push(part),
        }
    }
    for (id, slot) in slots {
        loads
            .iter_mut()
            .filter(|load| load.stats.load() == id)
            .for_each(|load| load.slots.push(slot.clone()));
    }
    loads
}

/// A worker is good for about this many arrivals a second.
const RATE_OF_A_WORKER: f64 = 10_000.0;

/// How many workers these loads get where the command line does not say.
pub(crate) fn workers(loads: &[PreparedLoad]) -> usize {
    let schedules: Vec<Schedule> = loads.iter().map(|load| load.load.schedule(0)).collect();
    threads_for(&schedules)
}

/// One worker, unless the planned rate needs more; one processor is left for everything else.
fn threads_for(schedules: &[Schedule]) -> usize {
    let rate = |schedule: &Schedule| match schedule {
        Schedule::Open(open) => open.peak_rate(),
        Schedule::Closed(_) => 0.0,
    };
    let wanted = (schedules.iter().map(rate).sum::<f64>() / RATE_OF_A_WORKER)
        .ceil()
        .max(1.0) as usize;
    let most = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .saturating_sub(1)
        .max(1);
    wanted.min(most)
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
                    crate::schedule::WarmUpSpec::For(time) => time,
                    crate::schedule::WarmUpSpec::Iterations(_) => Duration::ZERO,
                };
                let begin = closed.ramp_up + warm_up;
                (begin, begin + closed.measured())
            }
        };
        from = from.min(begin);
        total = total
            .filter(|_| end != Duration::MAX)
            .map(|total| total.max(end));
    }
    Progress::new(total, from, rate)
}
