//! How late a worker looks at its sockets: what its own thread was kept from doing is not the target's.

use std::cell::{Cell, RefCell};

use super::busy::BusyMeter;
use super::run_delay::RunDelay;
use crate::clock::{Clock, Tick};
use crate::units::Duration;

/// A worker that waits is woken at least this often, so that a longer silence is its own.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(10);
/// The timer that wakes it may be late by this much without anything being wrong.
const TIMER_SLACK: Duration = Duration::from_millis(2);
/// Looks closer together than this are not asked about: the question costs a system call.
const NOTICEABLE: Duration = Duration::from_micros(250);
/// A heartbeat later than this is a gap: the process was stopped, or got no processor.
const GAP: Duration = Duration::from_millis(100);

/// The state of a worker's thread that its loads share.
pub(crate) struct Pulse {
    clock: Clock,
    /// When the worker last looked at its sockets.
    looked_at: Cell<Tick>,
    /// How late that look was.
    late: Cell<Duration>,
    /// How much of that it was ready to run and had no processor.
    waited: Cell<Duration>,
    /// The gap in the heartbeat that the look ended; zero where it was none.
    gap: Cell<Duration>,
    run_delay: RefCell<RunDelay>,
    busy: RefCell<BusyMeter>,
}

impl Pulse {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            looked_at: Cell::new(clock.now()),
            late: Cell::default(),
            waited: Cell::default(),
            gap: Cell::default(),
            run_delay: RefCell::new(RunDelay::of_this_thread(clock)),
            busy: RefCell::new(BusyMeter::new(clock)),
        }
    }

    /// The worker looks at its sockets now: how late is it?
    pub(crate) fn look(&self) {
        let now = self.clock.now();
        let since = now.since(self.looked_at.replace(now));
        if let Clock::Virtual(clock) = &self.clock {
            let late = clock.late().min(since);
            return self.found_late(Duration::ZERO, late);
        }
        if since < NOTICEABLE {
            return self.found_late(Duration::ZERO, Duration::ZERO);
        }
        let waited = self.run_delay.borrow_mut().since_last().min(since);
        let silent = since - (HEARTBEAT + TIMER_SLACK);
        self.found_late(waited, silent);
    }

    fn found_late(&self, waited: Duration, silent: Duration) {
        let late = waited.max(silent);
        self.late.set(late);
        self.waited.set(waited);
        self.gap
            .set(if silent > GAP { silent } else { Duration::ZERO });
        crate::clock::set_lateness(late);
    }

    /// When the worker last looked at its sockets.
    pub(crate) const fn looked_at(&self) -> Tick {
        self.looked_at.get()
    }

    /// How late the last look was.
    pub(crate) const fn late(&self) -> Duration {
        self.late.get()
    }

    /// For how long the worker was ready to run before its last look and had no processor.
    pub(crate) const fn waited(&self) -> Duration {
        self.waited.get()
    }

    /// The gap that the last look ended; zero where it was none.
    pub(crate) const fn gap(&self) -> Duration {
        self.gap.get()
    }

    /// The share of one core that the worker uses.
    pub(crate) fn busy(&self, now: Tick) -> f64 {
        self.busy.borrow_mut().look(now)
    }
}
