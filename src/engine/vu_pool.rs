//! The virtual users of one worker: making them, handing arrivals to them, and letting them go on.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::stream::FuturesUnordered;

use super::load_state::LoadState;
use super::mailbox::VuMailbox;
use super::open_load::OpenLoad;
use super::{closed_vu, open_vu};
use crate::clock::Tick;
use crate::measure::Vu;
use crate::metric::LoadId;
use crate::schedule::Schedule;

/// All loads of a worker with their virtual users. `M` makes a user.
pub(crate) struct VuPool<M> {
    pub(crate) loads: Vec<(Option<OpenLoad>, Rc<LoadState>)>,
    users: FuturesUnordered<Pin<Box<dyn Future<Output = ()>>>>,
    make: M,
}

impl<V: Vu + 'static, M: Fn(LoadId, u64) -> V> VuPool<M> {
    pub(crate) fn new(loads: Vec<(Option<OpenLoad>, Rc<LoadState>)>, make: M) -> Self {
        Self {
            loads,
            users: FuturesUnordered::new(),
            make,
        }
    }

    /// Makes the users that are there from the start.
    pub(crate) fn make_users(&mut self) {
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
    }

    /// Whether every user that was made at the start has been prepared.
    pub(crate) fn is_ready(&self) -> bool {
        self.loads.iter().all(|(_, load)| load.live.get() == 0)
    }

    /// Time zero has been set.
    pub(crate) fn begin(&mut self, zero: Tick) {
        for (open, load) in &mut self.loads {
            load.begin(zero);
            match open {
                Some(open) => open.next = open.arrivals.next(),
                None => load.live.set(load.desks.borrow().len()),
            }
            OpenLoad::end_of_arrivals(open.as_ref(), load, zero);
        }
    }

    /// Lets every user that was woken go on. `true` where one of them has finished for good.
    pub(crate) fn poll_users(&mut self, cx: &mut Context<'_>) -> bool {
        let mut ended = false;
        while let Poll::Ready(Some(())) = Pin::new(&mut self.users).poll_next(cx) {
            ended = true;
        }
        ended
    }

    /// The load whose arrival is due next, and when.
    pub(crate) fn next_arrival(&self) -> Option<(Tick, usize)> {
        let due = |(open, load): &(Option<OpenLoad>, Rc<LoadState>)| {
            Some(load.zero() + open.as_ref()?.next?.due)
        };
        let each = self.loads.iter().enumerate();
        each.filter_map(|(at, load)| Some((due(load)?, at))).min()
    }

    /// One arrival of one load: a user takes it. Where all places are taken it is dropped, and so is every other arrival
    /// of the load that is due by now: nothing that could free a place happens in between.
    pub(crate) fn arrive(&mut self, at: usize, now: Tick) {
        let (Some(open), load) = &mut self.loads[at] else {
            return;
        };
        let load = Rc::clone(load);
        let arrival = loop {
            let Some(arrival) = open.take_next(&load, now) else {
                return;
            };
            if load.share.budget.enter() {
                break arrival;
            }
            load.drop_arrival(&arrival, now);
        };
        load.live.set(load.live.get() + 1);
        let free = load.free.borrow_mut().pop();
        let desk = match free {
            Some(place) => Rc::clone(&load.desks.borrow()[place]),
            None => self.make_open_user(at),
        };
        desk.start(load.zero());
        desk.give(arrival);
    }

    /// Loads that were ended early start nothing more.
    pub(crate) fn obey_halts(&mut self) {
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

    /// Nothing more is started, and what is under way is cut off at `cut_at`.
    pub(crate) fn stop(&mut self, cut_at: Tick) {
        for (open, load) in &mut self.loads {
            if let Some(open) = open {
                open.next = None;
            }
            load.stop(cut_at);
        }
    }

    /// When something that is under way has to be cut off; [`Tick::NEVER`] where nothing is.
    pub(crate) fn deadline(&self) -> Tick {
        let under_way = self.loads.iter().filter(|(_, load)| load.live.get() > 0);
        let deadlines = under_way.map(|(_, load)| load.deadline.get());
        deadlines.min().unwrap_or(Tick::NEVER)
    }

    /// Cuts off what has passed its deadline.
    pub(crate) fn cut_overdue(&self, now: Tick) {
        let loads = self.loads.iter().map(|(_, load)| load);
        loads
            .filter(|load| load.deadline.get() <= now)
            .for_each(|load| load.cut());
    }

    /// Whether nothing is due any more and nothing under way.
    pub(crate) fn is_over(&self) -> bool {
        let nothing_due =
            |open: &Option<OpenLoad>| open.as_ref().is_none_or(|open| open.next.is_none());
        self.loads
            .iter()
            .all(|(open, load)| nothing_due(open) && load.live.get() == 0)
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
}
