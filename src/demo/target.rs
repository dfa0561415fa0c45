//! The state that all connections share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::faults::{Fault, FaultPlan};
use super::http::jobs::Jobs;
use super::http::logins::Logins;
use super::http::open_uploads::OpenUploads;
use super::model::Model;
use super::slots::{SlotGuard, WorkerSlots};
use super::spec::DemoSpec;
use super::stream::{Script, Steps, StreamRegistry, StreamSession};
use super::tally::TargetCounts;
use crate::clock::{RealClock, Tick, wall_now};
use crate::units::Duration;

/// One embedded target.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) spec: DemoSpec,
    clock: RealClock,
    started: Timestamp,
    dead: watch::Sender<bool>,
    pub(crate) roll: Arc<StreamRegistry>,
    pub(crate) script: Arc<Script>,
    books: Mutex<Books>,
}

/// What changes with each request.
#[derive(Debug)]
pub(crate) struct Books {
    pub(crate) slots: WorkerSlots,
    pub(crate) jobs: Jobs,
    pub(crate) tally: TargetCounts,
    pub(crate) model: Model,
    pub(crate) logins: Logins,
    pub(crate) sessions: OpenUploads,
    /// How many workers there are now.
    pub(crate) workers: u64,
    probes: u64,
    plan: FaultPlan,
}

impl Target {
    pub(crate) fn new(spec: DemoSpec) -> Self {
        let books = Books {
            slots: WorkerSlots::new(
                spec.slots() * spec.workers.0,
                spec.queue.map(|queue| queue.0),
            ),
            jobs: Jobs::default(),
            tally: TargetCounts::default(),
            model: Model::new(&spec),
            logins: Logins::default(),
            sessions: OpenUploads::default(),
            workers: spec.workers.0,
            probes: 0,
            plan: FaultPlan::new(&spec.faults),
        };
        let (clock, started) = (RealClock::start(), wall_now());
        let roll = Arc::new(StreamRegistry::new(
            clock,
            spec.slots(),
            spec.workers.0,
            &spec.stream.shares.0,
        ));
        let script = Arc::new(Script::new(&spec.stream));
        Self {
            spec,
            clock,
            started,
            dead: watch::Sender::new(false),
            roll,
            script,
            books: Mutex::new(books),
        }
    }

    pub(crate) fn clock(&self) -> RealClock {
        self.clock
    }

    pub(crate) fn now(&self) -> Tick {
        self.clock.now()
    }

    /// The wall clock's reading of a moment, for documents.
    pub(crate) fn date(&self, at: Tick) -> Option<String> {
        let since = i64::try_from(at.as_nanos())
            .ok()
            .map(SignedDuration::from_nanos)?;
        self.started
            .checked_add(since)
            .ok()
            .map(|date| date.to_string())
    }

    pub(crate) async fn wait_until(&self, at: Tick) {
        let left = at.since(self.now());
        if !left.is_zero() {
            tokio::time::sleep(left.into()).await;
        }
    }

    /// A time of a stream, as slow as this target is.
    pub(crate) fn stream_time(&self, time: Duration) -> Duration {
        Duration::from_secs_f64(time.as_secs_f64() * self.spec.slowdown.0)
    }

    /// When a stream that begins now is ready.
    pub(crate) fn ready_at(&self, now: Tick) -> Tick {
        now + self.stream_time(self.spec.stream.ready_time)
    }

    /// What a stream hears and is to hear, in steps of that kind, once it is ready.
    pub(crate) fn session(&self, steps: Steps, ready: Tick) -> StreamSession {
        let spec = &self.spec.stream;
        let delay = self.stream_time(spec.delay);
        StreamSession::new(&self.script, spec.result_every, delay, steps, ready)
    }

    /// Everything counted so far, jobs that have finished meanwhile included.
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.settle(self.now());
        books
    }

    /// A turn for content with so much audio in it, now; `None` where the queue is full.
    pub(crate) fn admit(
        &self,
        content: &[u8],
        audio_seconds: f64,
        work: Duration,
    ) -> Option<SlotGuard> {
        let now = self.now();
        self.books().admit(now, content, audio_seconds, work)
    }

    /// The worker that answers a probe: each in turn, as behind a balancer.
    pub(crate) fn next_worker(&self) -> String {
        let mut books = self.books();
        books.probes += 1;
        format!("worker-{}", (books.probes - 1) % books.workers + 1)
    }

    /// Gives it another number of workers.
    pub(crate) fn scale(&self, workers: u64) {
        let mut books = self.books();
        books.workers = workers;
        books.slots.resize(self.spec.slots() * workers);
    }

    /// Counts a request that arrives, and deals it its fault where it is one that may have some.
    pub(crate) fn begin(&self, may_fail: bool) -> Option<Fault> {
        let mut books = self.books();
        books.tally.begin(self.now());
        if !may_fail {
            return None;
        }
        if self
            .spec
            .faults
            .die_after
            .is_some_and(|most| books.plan.seen() >= most.0)
        {
            self.dead.send_replace(true);
        }
        books.plan.next()
    }

    pub(crate) fn is_dead(&self) -> bool {
        *self.dead.borrow()
    }

    /// Waits until the server dies, maybe for ever.
    pub(crate) async fn death(&self) {
        let mut dead = self.dead.subscribe();
        while !*dead.borrow_and_update() {
            if dead.changed().await.is_err() {
                return;
            }
        }
    }

    /// The end of the stall window, where the present lies in one.
    pub(crate) fn window_end(&self) -> Option<Tick> {
        let first = self.books().tally.first_request?;
        let now = self.now();
        let wait = self.spec.faults.window(now.since(first));
        (!wait.is_zero()).then(|| now + wait)
    }
}

impl Books {
    /// A turn for content with so much audio in it; `None` where the queue is full. What is known is answered at once.
    pub(crate) fn admit(
        &mut self,
        now: Tick,
        content: &[u8],
        audio_seconds: f64,
        work: Duration,
    ) -> Option<SlotGuard> {
        if self.model.knows(content) {
            self.tally.audio_seconds += audio_seconds;
            return Some(SlotGuard {
                start: now,
                finish: now,
            });
        }
        let work = self.model.work(now, work);
        let turn = self.slots.admit(now, work)?;
        self.model.used_until(turn.finish);
        self.tally.audio_seconds += audio_seconds;
        Some(turn)
    }

    fn settle(&mut self, now: Tick) {
        while let Some((failed, work)) = self.jobs.finished(now) {
            self.tally.worked(work);
            if failed {
                self.tally.jobs_failed += 1;
            } else {
                self.tally.jobs_completed += 1;
            }
        }
    }
}
