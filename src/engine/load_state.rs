//! One load on one worker: its books, its free users, and when it ends.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use super::budget::Budget;
use super::mailbox::VuMailbox;
use super::pulse::Pulse;
use crate::clock::{Clock, Tick};
use crate::measure::{
    Batch, LoadResult, LoadStats, MeasuredWindow, Recorder, SlotBook, StalenessSeries, Ticket, Vu,
};
use crate::metric::{Catalog, LoadId, LoadPart, Outcome};
use crate::schedule::{Arrival, Schedule, Segment};
use crate::units::Duration;

/// A worker's share of one load.
#[derive(Debug, Clone)]
pub struct LoadShare {
    /// The load.
    pub id: LoadId,
    /// When its iterations start.
    pub schedule: Schedule,
    /// Which of them this worker starts.
    pub segment: Segment,
    /// What it shares with the other workers.
    pub budget: Arc<Budget>,
    /// How long iterations under way may take after the last start.
    pub drain: Duration,
    /// Orders think times.
    pub seed: u64,
}

/// Above this share of one core, a worker is taken for the bottleneck of a drop.
const BUSY: f64 = 0.9;
/// A drop that is found within this time of its arrival is found on time.
const LATE: Duration = Duration::from_millis(10);

/// What the users of one load on one worker share.
pub(crate) struct LoadState {
    pub(crate) share: LoadShare,
    pub(crate) clock: Clock,
    pub(crate) desks: RefCell<Vec<Rc<VuMailbox>>>,
    /// Idle users of an open load; the one freed last is used first.
    pub(crate) free: RefCell<Vec<usize>>,
    /// When what is under way is cut off.
    pub(crate) deadline: Cell<Tick>,
    /// Users of a closed load that have not finished, and iterations of an open one under way.
    pub(crate) live: Cell<usize>,
    pub(crate) window: Cell<MeasuredWindow>,
    pub(crate) by_count: Cell<bool>,
    /// It was ended early.
    pub(crate) stopped: Cell<bool>,
    pub(crate) samples: Rc<RefCell<Batch>>,
    stats: RefCell<LoadStats>,
    slots: RefCell<SlotBook>,
    waits: RefCell<StalenessSeries>,
    zero: Cell<Tick>,
    pulse: Rc<Pulse>,
    /// Iterations under way on this worker.
    in_flight: Cell<u64>,
    /// How long the target takes, lately: an exponential mean.
    service: Cell<Duration>,
    /// Time in which iterations of a closed load waited for this worker, and the time that all iterations took.
    waited: Cell<Duration>,
    taken: Cell<Duration>,
    /// The time that users of a closed load spent thinking.
    thought: Cell<Duration>,
    dropped_by_target: Cell<u64>,
    dropped_by_generator: Cell<u64>,
}

impl LoadState {
    pub(crate) fn new(
        share: LoadShare,
        catalog: &Catalog,
        clock: &Clock,
        samples: &Rc<RefCell<Batch>>,
        pulse: &Rc<Pulse>,
    ) -> Self {
        Self {
            stats: RefCell::new(LoadStats::new(catalog, share.id)),
            share,
            clock: clock.clone(),
            desks: RefCell::default(),
            free: RefCell::default(),
            deadline: Cell::new(Tick::NEVER),
            live: Cell::new(0),
            window: Cell::new(MeasuredWindow {
                from: Tick::NEVER,
                until: Tick::NEVER,
            }),
            by_count: Cell::new(false),
            stopped: Cell::new(false),
            samples: Rc::clone(samples),
            slots: RefCell::new(SlotBook::new(Tick::ZERO)),
            waits: RefCell::new(StalenessSeries::new(Tick::ZERO)),
            zero: Cell::new(Tick::ZERO),
            pulse: Rc::clone(pulse),
            in_flight: Cell::new(0),
            service: Cell::default(),
            waited: Cell::default(),
            taken: Cell::default(),
            thought: Cell::default(),
            dropped_by_target: Cell::new(0),
            dropped_by_generator: Cell::new(0),
        }
    }

    /// Time zero has been set.
    pub(crate) fn begin(&self, zero: Tick) {
        self.zero.set(zero);
        *self.slots.borrow_mut() = SlotBook::new(zero);
        *self.waits.borrow_mut() = StalenessSeries::new(zero);
        if let Schedule::Open(open) = &self.share.schedule {
            let (from, until) = open.window();
            self.open_window(zero + from, until_tick(zero, until));
        }
        self.desks.borrow().iter().for_each(|desk| desk.start(zero));
    }

    /// Time zero.
    pub(crate) const fn zero(&self) -> Tick {
        self.zero.get()
    }

    /// Measuring is from then until then.
    pub(crate) fn open_window(&self, from: Tick, until: Tick) {
        self.window.set(MeasuredWindow { from, until });
    }

    /// An arrival found no place: counted, and blamed at once on what was slow at that moment.
    pub(crate) fn drop_arrival(&self, arrival: &Arrival, now: Tick) {
        self.stats.borrow_mut().dropped(arrival.part);
        self.slots.borrow_mut().dropped(now);
        if arrival.part == LoadPart::Measured {
            let blamed = if self.is_own_fault(now.since(self.zero() + arrival.due), now) {
                &self.dropped_by_generator
            } else {
                &self.dropped_by_target
            };
            blamed.set(blamed.get() + 1);
        }
    }

    /// Whether a drop that is found so late is the generator's fault. Every place is taken although the sockets have just
    /// been looked at, so a place was free in between only where an iteration could both start and end in that time.
    fn is_own_fault(&self, late: Duration, now: Tick) -> bool {
        late > LATE.max(self.service.get()) || self.pulse.busy(now) >= BUSY
    }

    /// The worker has looked at its sockets late: iterations of closed loads have waited for it. Returns how many
    /// iterations are under way.
    pub(crate) fn found_late(&self, late: Duration) -> u64 {
        let in_flight = self.in_flight.get();
        self.wait(late * in_flight);
        in_flight
    }

    /// Users of a closed load have waited for this worker. In an open load lateness is lag, which has a rule of its own.
    fn wait(&self, time: Duration) {
        if matches!(self.share.schedule, Schedule::Closed(_)) {
            self.waited.set(self.waited.get() + time);
        }
    }

    /// Runs one iteration to its end or until it is cut off, and enters it in the books.
    pub(crate) async fn run<V: Vu>(
        &self,
        vu: &mut V,
        desk: &VuMailbox,
        ticket: Ticket,
        notes: &mut Recorder,
    ) -> Outcome {
        self.stats.borrow_mut().started(ticket.part);
        self.slots.borrow_mut().started(ticket.start);
        self.in_flight.set(self.in_flight.get() + 1);
        // Pinned where it is: it is large, and moving it would cost more than running it.
        let finished = {
            let iteration = pin!(vu.iterate(ticket, notes));
            desk.unless_cut(iteration).await
        };
        let end = self.clock.now();
        let outcome = finished.unwrap_or_else(|| {
            vu.interrupt(end, notes);
            Outcome::Interrupted
        });
        self.in_flight.set(self.in_flight.get() - 1);
        self.observe(&ticket, end, notes.pauses());
        self.end(&ticket, outcome, end, notes);
        outcome
    }

    /// How long the target takes, and how much of that was spent waiting for this worker.
    fn observe(&self, ticket: &Ticket, end: Tick, pauses: Duration) {
        let took = end.since(ticket.start) - pauses;
        let service = (took - self.pulse.late()).as_nanos();
        let before = self.service.get().as_nanos();
        self.service
            .set(Duration::from_nanos((before * 7 + service) / 8));
        self.wait(end.since(self.pulse.looked_at().max(ticket.start)));
        self.taken.set(self.taken.get() + took);
    }

    /// A user of a closed load pauses for so long before its next iteration.
    pub(crate) fn think(&self, pause: Duration) {
        self.thought.set(self.thought.get() + pause);
    }

    /// A user that was turned away tries again at once.
    pub(crate) fn hurry(&self) {
        self.stats.borrow_mut().immediate_retries += 1;
    }

    fn end(&self, ticket: &Ticket, outcome: Outcome, end: Tick, notes: &mut Recorder) {
        let mut waits = self.waits.borrow_mut();
        notes
            .waits()
            .for_each(|(sent, waited)| waits.note(sent, waited));
        let mut samples = self.samples.borrow_mut();
        let latency = self.stats.borrow_mut().ended(
            ticket,
            outcome,
            end,
            self.window.get(),
            notes,
            &mut samples,
        );
        self.slots.borrow_mut().ended(end, outcome, latency);
    }

    /// A user has been prepared, or could not be.
    pub(crate) fn set_up(&self, outcome: Outcome, took: Duration, notes: &mut Recorder) {
        self.stats.borrow_mut().set_up(outcome, took, notes);
    }

    /// The seconds that are over.
    pub(crate) fn finished_slots(&self, now: Tick) -> Vec<crate::measure::SecondSlot> {
        self.slots.borrow_mut().take_finished(now)
    }

    /// Errors that nobody has been told of.
    pub(crate) fn first_errors(&self) -> Vec<crate::measure::ErrorRecord> {
        std::mem::take(&mut self.stats.borrow_mut().first_errors)
    }

    /// Starts nothing more, and cuts off what is still under way at `cut_at`.
    pub(crate) fn stop(&self, cut_at: Tick) {
        let window = self.window.get();
        // What is stopped early was measured until then; rates over the planned window would be too low.
        if window.from != Tick::NEVER {
            self.open_window(
                window.from,
                window.until.min(self.clock.now().max(window.from)),
            );
        }
        self.deadline.set(self.deadline.get().min(cut_at));
        self.desks.borrow().iter().for_each(|desk| desk.stop());
    }

    /// Cuts off what is under way.
    pub(crate) fn cut(&self) {
        self.deadline.set(Tick::NEVER);
        self.desks.borrow().iter().for_each(|desk| desk.cut());
    }

    pub(crate) fn result(&self) -> LoadResult {
        let book = std::mem::replace(&mut *self.slots.borrow_mut(), SlotBook::new(Tick::ZERO));
        let mut stats = self.stats.borrow().clone();
        stats.rank_dropped();
        LoadResult {
            stats,
            window: self.window.get(),
            zero: self.zero.get(),
            slots: book.close(),
            waits: self.waits.borrow().clone(),
            waited_for_generator: self.waited.get(),
            taken: self.taken.get(),
            thought: self.thought.get(),
            dropped_by_target: self.dropped_by_target.get(),
            dropped_by_generator: self.dropped_by_generator.get(),
            by_count: self.by_count.get(),
        }
    }
}

/// `offset` after `zero`, where an endless offset never comes.
pub(crate) fn until_tick(zero: Tick, offset: Duration) -> Tick {
    if offset == Duration::MAX {
        Tick::NEVER
    } else {
        zero + offset
    }
}
