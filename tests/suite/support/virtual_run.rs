//! Loads carried out on one virtual clock, with a mock in place of a flow.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::{join, join_all};
use perfgate::clock::{Clock, Tick, VirtualClock};
use perfgate::engine::{Budget, LoadShare, WorkerCommand, WorkerOutbox, WorkerReport, work};
use perfgate::measure::{LoadResult, Recorder, SecondSlot, Ticket, Vu, WorkerHealth};
use perfgate::metric::{Catalog, LoadId, Outcome};
use perfgate::schedule::{Load, Segment};
use perfgate::units::Duration;
use tokio::sync::{mpsc, watch};

/// What an iteration of the mock does.
pub type Work = Rc<dyn Fn(Clock, Ticket) -> std::pin::Pin<Box<dyn Future<Output = Outcome>>>>;

/// A virtual user whose iteration is a closure.
pub struct Mock {
    clock: Clock,
    work: Work,
    pub log: Rc<RefCell<Vec<Ticket>>>,
}

impl Vu for Mock {
    async fn setup(&mut self, _: &mut Recorder) -> Outcome {
        Outcome::Ok
    }

    async fn iterate(&mut self, ticket: Ticket, _: &mut Recorder) -> Outcome {
        self.log.borrow_mut().push(ticket);
        (self.work)(self.clock.clone(), ticket).await
    }

    fn interrupt(&mut self, _: Tick, _: &mut Recorder) {}
}

/// An exchange that always takes that long.
pub fn takes(time: Duration) -> Work {
    Rc::new(move |clock, _| {
        Box::pin(async move {
            clock.sleep_until(clock.now() + time).await;
            Outcome::Ok
        })
    })
}

/// A load to be carried out in virtual time.
pub struct VirtualRun {
    load: Load,
    workers: u64,
    drain: Duration,
    stop: Option<(Duration, WorkerCommand)>,
    stall: Option<(Duration, Duration)>,
}

/// What came of it.
pub struct Played {
    pub result: LoadResult,
    pub tickets: Vec<Ticket>,
    pub slots: Vec<SecondSlot>,
    pub ended: Tick,
    pub health: WorkerHealth,
}

impl VirtualRun {
    pub fn new(load: &str) -> Self {
        let load: Load = toml::from_str(load).expect(load);
        assert_eq!(load.check(), [], "the load is valid");
        Self {
            load,
            workers: 1,
            drain: Duration::from_secs(60),
            stop: None,
            stall: None,
        }
    }

    pub fn workers(mut self, workers: u64) -> Self {
        self.workers = workers;
        self
    }

    /// Lets something run out after so many iterations of every part.
    pub fn at_most(mut self, iterations: u64) -> Self {
        self.load.at_most = Some(iterations);
        self
    }

    pub fn drain(mut self, drain: Duration) -> Self {
        self.drain = drain;
        self
    }

    /// The process is stopped in between, as by SIGSTOP.
    pub fn stalled(mut self, from: Duration, until: Duration) -> Self {
        self.stall = Some((from, until));
        self
    }

    /// Sends a command so long after time zero.
    pub fn then(mut self, after: Duration, command: WorkerCommand) -> Self {
        self.stop = Some((after, command));
        self
    }

    pub fn play(self, work_of: Work) -> Played {
        let time = VirtualClock::new();
        if let Some((from, until)) = self.stall {
            time.stall(Tick::ZERO + from, Tick::ZERO + until);
        }
        let clock = Clock::Virtual(time.clone());
        let mut catalog = Catalog::default();
        let id = catalog.add_load(None, "mock");
        let catalog = Arc::new(catalog);
        let schedule = self.load.schedule(11);
        let budget = Arc::new(Budget::new(&schedule));
        let (command, word) = watch::channel(WorkerCommand::Prepare);
        let (reports, mut inbox) = mpsc::channel(100_000);
        let log = Rc::new(RefCell::new(Vec::new()));
        let make = |_: LoadId, _: u64| Mock {
            clock: clock.clone(),
            work: Rc::clone(&work_of),
            log: Rc::clone(&log),
        };
        let workers = (0..self.workers).map(|k| {
            let share = LoadShare {
                id,
                schedule: schedule.clone(),
                segment: Segment::WHOLE.split(k, self.workers),
                budget: Arc::clone(&budget),
                drain: self.drain,
                seed: 11,
            };
            let outbox = WorkerOutbox {
                reports: reports.clone(),
                samples: None,
            };
            work(
                vec![share],
                &catalog,
                clock.clone(),
                make,
                word.clone(),
                outbox,
            )
        });
        let workers = join_all(workers);
        let control = async {
            let mut slots = Vec::new();
            for _ in 0..self.workers {
                assert!(matches!(inbox.recv().await, Some(WorkerReport::Ready)));
            }
            command.send_replace(WorkerCommand::Start(clock.now()));
            if let Some((after, then)) = self.stop {
                clock.sleep_until(Tick::ZERO + after).await;
                command.send_replace(then);
            }
            while let Ok(report) = inbox.try_recv() {
                if let WorkerReport::Slots(_, more) = report {
                    slots.extend(more);
                }
            }
            slots
        };
        let (results, mut slots) = time.run(join(workers, control));
        drop(reports);
        while let Ok(report) = inbox.try_recv() {
            if let WorkerReport::Slots(_, more) = report {
                slots.extend(more);
            }
        }
        let mut health = WorkerHealth::default();
        results
            .iter()
            .for_each(|result| health.merge(&result.health));
        let mut results = results.into_iter().flat_map(|result| result.loads);
        let mut result = results.next().unwrap();
        results.for_each(|more| result.merge(more));
        slots.extend(std::mem::take(&mut result.slots));
        for part in &result.stats.parts {
            assert!(part.counts.adds_up(), "{:?}", part.counts);
        }
        let tickets = log.borrow().clone();
        Played {
            result,
            tickets,
            slots,
            ended: clock.now(),
            health,
        }
    }
}
