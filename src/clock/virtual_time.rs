//! A clock for tests: it stands still while anything can run and jumps to the next waited-for moment when nothing can.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::Tick;
use crate::units::Duration;

/// A clock of one thread that only [`VirtualClock::run`] moves, exact to the nanosecond.
#[derive(Debug, Clone, Default)]
pub struct VirtualClock {
    inner: Rc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    now: Cell<u64>,
    /// When the thread does not run: what is due in between is found at the end.
    stall: Cell<Option<(Tick, Tick)>>,
    /// How late what was waited for last was found.
    late: Cell<Duration>,
    sequence: Cell<u64>,
    /// Ordered by moment, then by who asked first, so that every run of a test is the same.
    waiting: RefCell<BTreeMap<(u64, u64), Waker>>,
}

impl VirtualClock {
    /// A clock that reads zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The virtual time.
    #[must_use]
    pub fn now(&self) -> Tick {
        Tick::from_nanos(self.inner.now.get())
    }

    /// Everything stands still between `from` and `until`, as in a process that is stopped: what is due in between is found
    /// at `until`.
    pub fn stall(&self, from: Tick, until: Tick) {
        self.inner.stall.set(Some((from, until)));
    }

    /// How late what is found now is found.
    #[must_use]
    pub fn late(&self) -> Duration {
        self.inner.late.get()
    }

    pub(super) fn sleep_until(&self, at: Tick) -> VirtualSleep {
        VirtualSleep {
            clock: self.clone(),
            at,
            place: None,
        }
    }

    /// Runs `work` to its end, moving the clock whenever nothing else can happen.
    ///
    /// # Panics
    /// Panics when `work` waits for something that is not on this clock: the test would hang.
    pub fn run<F: Future>(&self, work: F) -> F::Output {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        let mut work = pin!(work);
        loop {
            while woken.0.swap(false, Ordering::Relaxed) {
                if let Poll::Ready(done) = work.as_mut().poll(&mut cx) {
                    return done;
                }
            }
            self.advance();
        }
    }

    /// Moves to the next waited-for moment and wakes everyone who waits for it: order within a moment is theirs to decide.
    fn advance(&self) {
        let mut waiting = self.inner.waiting.borrow_mut();
        let Some((&(at, _), _)) = waiting.first_key_value() else {
            panic!("nothing waits for this clock, and nothing else can wake the work")
        };
        let stall = self.inner.stall.get();
        let now =
            match stall.filter(|(from, until)| (from.as_nanos()..until.as_nanos()).contains(&at)) {
                Some((_, until)) => until.as_nanos(),
                None => at,
            };
        self.inner.now.set(now);
        self.inner.late.set(Duration::from_nanos(now - at));
        while let Some(first) = waiting.first_entry()
            && first.key().0 <= now
        {
            first.remove().wake();
        }
    }
}

/// A wait on a virtual clock; given up when dropped, so that the clock never stops where nobody waits.
#[derive(Debug)]
pub struct VirtualSleep {
    clock: VirtualClock,
    at: Tick,
    place: Option<(u64, u64)>,
}

impl Future for VirtualSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.at <= self.clock.now() {
            return Poll::Ready(());
        }
        let place = self.place.unwrap_or_else(|| {
            let sequence = self.clock.inner.sequence.get();
            self.clock.inner.sequence.set(sequence + 1);
            (self.at.as_nanos(), sequence)
        });
        self.place = Some(place);
        self.clock
            .inner
            .waiting
            .borrow_mut()
            .insert(place, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for VirtualSleep {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.clock.inner.waiting.borrow_mut().remove(&place);
        }
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn time_jumps_to_what_is_waited_for() {
        let clock = VirtualClock::new();
        let shared = Clock::Virtual(clock.clone());
        let order = RefCell::new(Vec::new());
        clock.run(async {
            let wait = async |nanos: u64| {
                shared.sleep_until(Tick::from_nanos(nanos)).await;
                order.borrow_mut().push(nanos);
            };
            futures_util::future::join3(wait(33_333_333), wait(5), wait(86_400_000_000_000)).await;
        });
        assert_eq!(*order.borrow(), [5, 33_333_333, 86_400_000_000_000]);
        assert_eq!(clock.now(), Tick::from_nanos(86_400_000_000_000));
    }

    #[test]
    fn a_deadline_cuts_work_off() {
        let clock = VirtualClock::new();
        let shared = Clock::Virtual(clock.clone());
        let late = shared.until(
            Tick::from_nanos(10),
            shared.sleep_until(Tick::from_nanos(11)),
        );
        assert!(clock.run(late).is_none());
        assert_eq!(clock.now(), Tick::from_nanos(10));
    }
}
