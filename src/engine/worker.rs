//! One worker: its share of every load on one thread, or on one virtual clock.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::busy::BusyMeter;
use super::command::{NextCommand, next_command};
use super::load_state::LoadState;
use super::mailbox::VuMailbox;
use super::open_load::OpenLoad;
use super::outbox::{ReportQueue, WorkerOutbox};
use super::pacer::Pacer;
use super::report::{WorkerReport, WorkerResult};
use super::{LoadShare, WorkerCommand, closed_vu, open_vu};
use crate::clock::{Clock, Sleep, Tick};
use crate::measure::{Batch, Vu};
use crate::metric::{Catalog, LoadId};
use crate::schedule::Schedule;
use crate::units::Duration;

/// Samples travel in batches of about this many.
const BATCH: usize = 256;

type Users = FuturesUnordered<Pin<Box<dyn Future<Output = ()>>>>;

/// Carries out a share of every load and returns when all of them are over.
pub async fn work<V: Vu + 'static>(
    shares: Vec<LoadShare>,
    catalog: &Catalog,
    clock: Clock,
    make: impl Fn(LoadId, u64) -> V,
    command: watch::Receiver<WorkerCommand>,
    outbox: WorkerOutbox,
) -> WorkerResult {
    let drop_meter = Rc::new(RefCell::new(BusyMeter::new(&clock)));
    let samples = Rc::new(RefCell::new(Batch::default()));
    let loads = shares.into_iter().map(|share| {
        Rc::new(LoadState::new(
            share,
            catalog,
            &clock,
            &samples,
            &drop_meter,
        ))
    });
    let open = |load: &Rc<LoadState>| match &load.share.schedule {
        Schedule::Open(open) => Some(OpenLoad {
            arrivals: open.arrivals(load.share.segment),
            next: None,
            made: 0,
        }),
        Schedule::Closed(_) => None,
    };
    let mut worker = Worker {
        loads: loads.map(|load| (open(&load), load)).collect(),
        users: Users::new(),
        pacer: Pacer::new(&clock),
        timer: None,
        next_second: Tick::NEVER,
        make,
        command: Some(next_command(command)),
        zero: None,
        outbox: ReportQueue::new(outbox),
        samples,
        busy: BusyMeter::new(&clock),
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
    loads: Vec<(Option<OpenLoad>, Rc<LoadState>)>,
    users: Users,
    pacer: Pacer,
    timer: Option<(Tick, Sleep)>,
    next_second: Tick,
    clock: Clock,
    make: M,
    command: Option<NextCommand>,
    /// Time zero of all loads, once it is known.
    zero: Option<Tick>,
    outbox: ReportQueue,
    samples: Rc<RefCell<Batch>>,
    busy: BusyMeter,
    busy_seconds: Vec<f64>,
    stopped: bool,
}

impl<V: Vu + 'static, M: Fn(LoadId, u64) -> V> Worker<M> {
    /// Makes the users that are there from the start, and waits until they are ready.
    async fn prepare(&mut self) {
        for at in 0..self.loads.len() {
            let load = Rc::clone(&self.loads[at].1);
            match &load.share.schedule {
                Schedule::Open(open) => {
                    for _ in 0..load.share.segment.share_of(open.pre_allocated_vus) {
                        self.make_open_user(at);
                        load.live.set(load.live.get() + 1);
                    }
                }
                Schedule::Closed(closed) => {
                    let shared = Rc::new(closed.clone());
                    for k in 0..load.share.segment.share_of(closed.vus) {
                        let index = load.share.segment.offset + k * load.share.segment.stride;
                        let desk = self.add_desk(at).1;
                        let vu = (self.make)(load.share.id, index + 1);
                        let life =
                            closed_vu::live(vu, index, Rc::clone(&shared), desk, Rc::clone(&load));
                        self.users.push(Box::pin(life));
                        load.live.set(load.live.get() + 1);
                    }
                }
            }
        }
        let ready = |loads: &[(Option<OpenLoad>, Rc<LoadState>)]| {
            loads.iter().all(|(_, load)| load.live.get() == 0)
        };
        poll_fn(|cx| {
            self.poll_users(cx);
            if ready(&self.loads) || self.poll_command(cx) {
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
        for (open, load) in &mut self.loads {
            load.begin(zero);
            match open {
                Some(open) => open.next = open.arrivals.next(),
                None => load.live.set(load.desks.borrow().len()),
            }
            OpenLoad::end_of_arrivals(open.as_ref(), load, zero);
        }
    }

    /// Everything that can happen while loads run. Ready when all of them are over.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            self.poll_command(cx);
            // Users first: a place that is free at the moment of an arrival must be found free.
            let ended = self.poll_users(cx);
            let dispatched = self.poll_arrivals(cx);
            let ticked = self.poll_timer(cx);
            if self.is_over() {
                return Poll::Ready(());
            }
            if !(dispatched || ended || ticked) {
                return Poll::Pending;
            }
        }
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
                    self.loads.iter().for_each(|(_, load)| load.cut());
                }
            }
        }
        self.stopped
    }

    /// Loads that were ended early start nothing more.
    fn obey_halts(&mut self) {
        for (open, load) in &mut self.loads {
            if let Some(cut_at) = load.share.budget.halted()
                && !load.stopped.replace(true)
            {
                if let Some(open) = open {
                    open.next = None;
                }
                load.stop(cut_at);
            }
        }
    }

    fn stop(&mut self, cut_at: Tick) {
        self.stopped = true;
        for (open, load) in &mut self.loads {
            if let Some(open) = open {
                open.next = None;
            }
            load.stop(cut_at);
        }
    }

    /// Starts what is due. `true` where anything was.
    fn poll_arrivals(&mut self, cx: &mut Context<'_>) -> bool {
        let due = |(open, load): &(Option<OpenLoad>, Rc<LoadState>)| {
            Some(load.zero() + open.as_ref()?.next?.due)
        };
        let next = self
            .loads
            .iter()
            .enumerate()
            .filter_map(|(at, load)| Some((due(load)?, at)))
            .min();
        let Some((at_tick, at)) = next else {
            return false;
        };
        if self.pacer.poll_until(at_tick, cx).is_pending() {
            return false;
        }
        self.arrive(at);
        true
    }

    /// One arrival of one load: a user takes it, or it is dropped.
    fn arrive(&mut self, at: usize) {
        let now = self.clock.now();
        let (Some(open), load) = &mut self.loads[at] else {
            return;
        };
        let Some(arrival) = std::mem::replace(&mut open.next, open.arrivals.next()) else {
            return;
        };
        let load = Rc::clone(load);
        OpenLoad::end_of_arrivals(Some(open), &load, now);
        if !load.share.budget.enter() {
            load.drop_arrival(arrival.part, now);
            return;
        }
        load.live.set(load.live.get() + 1);
        let free = load.free.borrow_mut().pop();
        let desk = match free {
            Some(place) => Rc::clone(&load.desks.borrow()[place]),
            None => self.make_open_user(at),
        };
        desk.start(load.zero());
        desk.give(arrival);
    }

    fn make_open_user(&mut self, at: usize) -> Rc<VuMailbox> {
        let (place, desk) = self.add_desk(at);
        let (Some(open), load) = &mut self.loads[at] else {
            return desk;
        };
        let number = load.share.segment.offset + open.made * load.share.segment.stride + 1;
        open.made += 1;
        let vu = (self.make)(load.share.id, number);
        self.users.push(Box::pin(open_vu::live(
            vu,
            number,
            place,
            Rc::clone(&desk),
            Rc::clone(load),
        )));
        desk
    }

    fn add_desk(&self, at: usize) -> (usize, Rc<VuMailbox>) {
        let desk = Rc::new(VuMailbox::default());
        let mut desks = self.loads[at].1.desks.borrow_mut();
        desks.push(Rc::clone(&desk));
        (desks.len() - 1, desk)
    }

    /// Lets every user that was woken go on. `true` where one of them has finished for good.
    fn poll_users(&mut self, cx: &mut Context<'_>) -> bool {
        let mut ended = false;
        while let Poll::Ready(Some(())) = Pin::new(&mut self.users).poll_next(cx) {
            ended = true;
        }
        let full = self.samples.borrow().samples.len() >= BATCH;
        if full {
            self.outbox.send_samples(&self.samples);
        }
        ended
    }

    /// The second's round, and deadlines.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> bool {
        let deadlines = self
            .loads
            .iter()
            .filter(|(_, load)| load.live.get() > 0)
            .map(|(_, load)| load.deadline.get());
        let at = deadlines.min().unwrap_or(Tick::NEVER).min(self.next_second);
        if self.timer.as_ref().is_none_or(|(armed, _)| *armed != at) {
            self.timer = Some((at, self.clock.sleep_until(at)));
        }
        let Some((_, sleep)) = &mut self.timer else {
            return false;
        };
        if Pin::new(sleep).poll(cx).is_pending() {
            return false;
        }
        self.timer = None;
        let now = self.clock.now();
        self.loads
            .iter()
            .filter(|(_, load)| load.deadline.get() <= now)
            .for_each(|(_, load)| load.cut());
        if now >= self.next_second {
            while self.next_second <= now {
                self.next_second = self.next_second + Duration::from_secs(1);
            }
            self.each_second(now);
            self.obey_halts();
        }
        true
    }

    fn each_second(&mut self, now: Tick) {
        let busy = self.busy.look(now);
        let measuring =
            |window: crate::measure::MeasuredWindow| window.from <= now && now <= window.until;
        if self
            .loads
            .iter()
            .any(|(_, load)| measuring(load.window.get()))
        {
            self.busy_seconds.push(busy);
        }
        self.outbox.report(WorkerReport::Busy(busy));
        for at in 0..self.loads.len() {
            let errors = self.loads[at].1.first_errors();
            if !errors.is_empty() {
                self.outbox
                    .report(WorkerReport::Errors(self.loads[at].1.share.id, errors));
            }
            let slots = self.loads[at].1.finished_slots(now);
            if !slots.is_empty() {
                self.outbox
                    .report(WorkerReport::Slots(self.loads[at].1.share.id, slots));
            }
        }
        self.outbox.send_samples(&self.samples);
    }

    fn is_over(&self) -> bool {
        let nothing_due =
            |open: &Option<OpenLoad>| open.as_ref().is_none_or(|open| open.next.is_none());
        self.loads
            .iter()
            .all(|(open, load)| nothing_due(open) && load.live.get() == 0)
    }

    fn result(mut self) -> WorkerResult {
        self.outbox.send_samples(&self.samples);
        let mut loads: Vec<_> = self.loads.iter().map(|(_, load)| load.result()).collect();
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
            samples_lost: self.outbox.samples_lost,
        }
    }
}
