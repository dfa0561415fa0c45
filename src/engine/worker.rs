//! One worker: its share of every load on one thread, or on one virtual clock.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::sync::watch;

use super::command::{NextCommand, next_command};
use super::load_state::LoadState;
use super::open_load::OpenLoad;
use super::outbox::{ReportQueue, WorkerOutbox};
use super::pacer::Pacer;
use super::pulse::{HEARTBEAT, Pulse};
use super::report::{WorkerReport, WorkerResult};
use super::vu_pool::VuPool;
use super::wait::Wait;
use super::{LoadShare, WorkerCommand};
use crate::clock::{Clock, Sleep, Tick, look_again};
use crate::measure::{Batch, Vu, WorkerHealth};
use crate::metric::{Catalog, LoadId};
use crate::schedule::Schedule;
use crate::units::Duration;

/// Samples travel in batches of about this many.
const BATCH: usize = 256;
/// At most this many arrivals are started between two looks at the sockets.
const ARRIVALS: usize = 32;

/// Carries out a share of every load and returns when all of them are over.
pub async fn work<V: Vu + 'static>(
    shares: Vec<LoadShare>,
    catalog: &Catalog,
    clock: Clock,
    make: impl Fn(LoadId, u64) -> V,
    command: watch::Receiver<WorkerCommand>,
    outbox: WorkerOutbox,
) -> WorkerResult {
    let pulse = Rc::new(Pulse::new(&clock));
    let samples = Rc::new(RefCell::new(Batch::default()));
    let loads = shares
        .into_iter()
        .map(|share| Rc::new(LoadState::new(share, catalog, &clock, &samples, &pulse)));
    let open = |load: &Rc<LoadState>| match &load.share.schedule {
        Schedule::Open(open) => Some(OpenLoad {
            arrivals: open.arrivals(load.share.segment),
            next: None,
            made: 0,
        }),
        Schedule::Closed(_) => None,
    };
    let mut worker = Worker {
        pool: VuPool::new(loads.map(|load| (open(&load), load)).collect(), make),
        pacer: Pacer::new(&clock),
        timer: None,
        next_second: Tick::NEVER,
        command: Some(next_command(command)),
        zero: None,
        outbox: ReportQueue::new(outbox),
        samples,
        pulse,
        health: WorkerHealth::default(),
        busy_seconds: Vec::new(),
        stopped: false,
        clock,
    };
    worker.prepare().await;
    if let Some(zero) = worker.wait_for_start().await {
        worker.begin(zero);
        poll_fn(|cx| worker.poll(cx)).await;
    }
    worker.result()
}

struct Worker<M> {
    pool: VuPool<M>,
    pacer: Pacer,
    timer: Option<(Tick, Sleep)>,
    next_second: Tick,
    clock: Clock,
    command: Option<NextCommand>,
    /// Time zero of all loads, once it is known.
    zero: Option<Tick>,
    outbox: ReportQueue,
    samples: Rc<RefCell<Batch>>,
    pulse: Rc<Pulse>,
    health: WorkerHealth,
    busy_seconds: Vec<f64>,
    stopped: bool,
}

impl<V: Vu + 'static, M: Fn(LoadId, u64) -> V> Worker<M> {
    /// Makes the users that are there from the start, and waits until they are ready.
    async fn prepare(&mut self) {
        self.pool.make_users();
        poll_fn(|cx| {
            self.pool.poll_users(cx);
            if self.pool.is_ready() || self.poll_command(cx) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.outbox.report(WorkerReport::Ready);
    }

    async fn wait_for_start(&mut self) -> Option<Tick> {
        poll_fn(|cx| {
            let stopped = self.poll_command(cx);
            if self.zero.is_some() || stopped {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.zero
    }

    fn begin(&mut self, zero: Tick) {
        self.next_second = zero + Duration::from_secs(1);
        self.pool.begin(zero);
    }

    /// Everything that can happen while loads run. Ready when all of them are over. Between two polls the runtime looks
    /// at the sockets: each does a bounded amount of work, and says so where more is waiting.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.look();
        loop {
            self.poll_command(cx);
            // Users first: a place that is free at the moment of an arrival must be found free.
            let ended = self.poll_users(cx);
            let arrivals = self.poll_arrivals(cx);
            let ticked = self.poll_timer(cx);
            if self.pool.is_over() {
                return Poll::Ready(());
            }
            if ended || ticked {
                continue;
            }
            if arrivals == Wait::Soon {
                look_again(cx);
            }
            return Poll::Pending;
        }
    }

    /// The runtime has just looked at the sockets: how late was that, and what did it cost?
    fn look(&mut self) {
        self.pulse.look();
        let late = self.pulse.late();
        if late.is_zero() {
            return;
        }
        let loads = self.pool.loads.iter().map(|(_, load)| load);
        let in_flight = loads.map(|load| load.found_late(late)).sum();
        self.health.waited = self.health.waited + self.pulse.waited();
        self.health.add_gap(self.pulse.gap(), in_flight);
    }

    /// Obeys new commands; `true` where nothing more is to be started.
    fn poll_command(&mut self, cx: &mut Context<'_>) -> bool {
        while let Some(next) = &mut self.command {
            let Poll::Ready((command, word)) = next.as_mut().poll(cx) else {
                break;
            };
            self.command = (command != WorkerCommand::Abort).then(|| next_command(word));
            match command {
                WorkerCommand::Prepare => {}
                WorkerCommand::Start(zero) => self.zero = Some(zero),
                WorkerCommand::Stop { cut_at } => self.stop(cut_at),
                WorkerCommand::Abort => {
                    self.stop(Tick::ZERO);
                    self.pool.loads.iter().for_each(|(_, load)| load.cut());
                }
            }
        }
        self.stopped
    }

    fn stop(&mut self, cut_at: Tick) {
        self.stopped = true;
        self.pool.stop(cut_at);
    }

    /// Starts what is due. [`Wait::Soon`] where more is due, or nearly so, after another look at the sockets.
    fn poll_arrivals(&mut self, cx: &mut Context<'_>) -> Wait {
        for _ in 0..ARRIVALS {
            let Some((due, at)) = self.pool.next_arrival() else {
                return Wait::Later;
            };
            match self.pacer.poll_until(due, cx) {
                Wait::Over => self.pool.arrive(at, self.clock.now()),
                not_yet => return not_yet,
            }
            self.poll_users(cx);
        }
        Wait::Soon
    }

    /// Lets every user that was woken go on. `true` where one of them has finished for good.
    fn poll_users(&mut self, cx: &mut Context<'_>) -> bool {
        let ended = self.pool.poll_users(cx);
        let full = self.samples.borrow().samples.len() >= BATCH;
        if full {
            self.outbox.send_samples(&self.samples);
        }
        ended
    }

    /// The second's round, deadlines, and a heartbeat while nothing else happens.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> bool {
        let at = self.pool.deadline().min(self.next_second);
        let now = self.clock.now();
        if now < at {
            self.wait_for(at, now, cx);
            return false;
        }
        self.timer = None;
        self.pool.cut_overdue(now);
        if now >= self.next_second {
            while self.next_second <= now {
                self.next_second = self.next_second + Duration::from_secs(1);
            }
            self.each_second(now);
            self.pool.obey_halts();
        }
        true
    }

    /// Sees to it that this worker is woken at `at`, and on a real clock after a heartbeat at the latest.
    fn wait_for(&mut self, at: Tick, now: Tick, cx: &mut Context<'_>) {
        let at = match self.clock {
            Clock::Real(_) => at.min(now + HEARTBEAT),
            Clock::Virtual(_) => at,
        };
        let armed = self.timer.as_ref().map(|(armed, _)| *armed);
        // One that wakes it earlier will do; it is set again then.
        if armed.is_none_or(|armed| armed > at || armed <= now) {
            self.timer = Some((at, self.clock.sleep_until(at)));
        }
        let Some((_, sleep)) = &mut self.timer else {
            return;
        };
        if Pin::new(sleep).poll(cx).is_ready() {
            self.timer = None;
            cx.waker().wake_by_ref();
        }
    }

    fn each_second(&mut self, now: Tick) {
        let busy = self.pulse.busy(now);
        let measuring =
            |window: crate::measure::MeasuredWindow| window.from <= now && now <= window.until;
        if self
            .pool
            .loads
            .iter()
            .any(|(_, load)| measuring(load.window.get()))
        {
            self.busy_seconds.push(busy);
        }
        self.outbox.report(WorkerReport::Busy(busy));
        for at in 0..self.pool.loads.len() {
            let errors = self.pool.loads[at].1.first_errors();
            if !errors.is_empty() {
                self.outbox
                    .report(WorkerReport::Errors(self.pool.loads[at].1.share.id, errors));
            }
            let slots = self.pool.loads[at].1.finished_slots(now);
            if !slots.is_empty() {
                self.outbox
                    .report(WorkerReport::Slots(self.pool.loads[at].1.share.id, slots));
            }
        }
        self.outbox.send_samples(&self.samples);
    }

    fn result(mut self) -> WorkerResult {
        self.outbox.send_samples(&self.samples);
        let mut loads: Vec<_> = self
            .pool
            .loads
            .iter()
            .map(|(_, load)| load.result())
            .collect();
        for report in self.outbox.unsent.drain(..) {
            if let WorkerReport::Slots(id, slots) = report {
                loads
                    .iter_mut()
                    .filter(|load| load.stats.load() == id)
                    .for_each(|load| load.slots.extend(slots.iter().cloned()));
            }
        }
        WorkerResult {
            loads,
            busy: self.busy_seconds,
            health: self.health,
            samples_lost: self.outbox.samples_lost,
        }
    }
}
