//! What all workers of a process share of one load: iterations in flight and iterations left. Nothing else is shared.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::sync::watch;

use crate::clock::Tick;
use crate::schedule::{Schedule, WarmUpSpec};

/// The limits of one load, so that a plan reads the same on one thread and on many.
#[derive(Debug)]
pub struct Budget {
    limit: u64,
    in_flight: AtomicU64,
    next: AtomicU64,
    measured_left: AtomicU64,
    warm_up_left: AtomicU64,
    warm_up_unfinished: AtomicU64,
    measured_from: watch::Sender<Option<Tick>>,
    /// When what is under way is cut off, in nanoseconds; `u64::MAX` while the load goes on.
    halted: AtomicU64,
}

impl Budget {
    /// The budget of a schedule.
    #[must_use]
    pub fn new(schedule: &Schedule) -> Self {
        let (limit, measured, warm_up) = match schedule {
            Schedule::Open(open) => (open.max_vus, u64::MAX, 0),
            Schedule::Closed(closed) => {
                let warm_up = match closed.warm_up {
                    WarmUpSpec::Iterations(n) => n,
                    WarmUpSpec::For(_) => 0,
                };
                (closed.vus, closed.iterations, warm_up)
            }
        };
        Self {
            limit,
            in_flight: AtomicU64::new(0),
            next: AtomicU64::new(0),
            measured_left: AtomicU64::new(measured),
            warm_up_left: AtomicU64::new(warm_up),
            warm_up_unfinished: AtomicU64::new(warm_up),
            measured_from: watch::Sender::new(None),
            halted: AtomicU64::new(u64::MAX),
        }
    }

    /// Takes a place in flight; `false` where all are taken.
    pub fn enter(&self) -> bool {
        self.in_flight
            .fetch_update(Relaxed, Relaxed, |n| (n < self.limit).then_some(n + 1))
            .is_ok()
    }

    /// Gives a place in flight back.
    pub fn leave(&self) {
        self.in_flight.fetch_sub(1, Relaxed);
    }

    /// Iterations in flight.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Relaxed)
    }

    /// The number of the next iteration of a closed load, from 0.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Relaxed)
    }

    /// Takes one of the measured iterations; `false` where none is left.
    pub fn take_measured(&self) -> bool {
        self.measured_left
            .fetch_update(Relaxed, Relaxed, |n| {
                (n == u64::MAX).then_some(n).or(n.checked_sub(1))
            })
            .is_ok()
    }

    /// Takes one of the warm-up iterations; `false` where none is left.
    pub fn take_warm_up(&self) -> bool {
        self.warm_up_left
            .fetch_update(Relaxed, Relaxed, |n| n.checked_sub(1))
            .is_ok()
    }

    /// A warm-up iteration has ended; with the last one measuring begins, for every worker at the same moment.
    pub fn finish_warm_up(&self, now: Tick) {
        if self.warm_up_unfinished.fetch_sub(1, Relaxed) == 1 {
            self.measured_from.send_replace(Some(now));
        }
    }

    /// When measuring began after a warm-up by count, as far as it is known.
    #[must_use]
    pub fn measured_since(&self) -> Option<Tick> {
        *self.measured_from.borrow()
    }

    /// Ends the load early: every worker starts nothing more within a second, and cuts off what is under way at `cut_at`.
    pub fn halt(&self, cut_at: Tick) {
        self.halted.fetch_min(cut_at.as_nanos(), Relaxed);
    }

    /// When what is under way is cut off, where the load was ended early.
    #[must_use]
    pub fn halted(&self) -> Option<Tick> {
        Some(self.halted.load(Relaxed))
            .filter(|nanos| *nanos != u64::MAX)
            .map(Tick::from_nanos)
    }

    /// When measuring begins after a warm-up by count; `None` where its sender is gone.
    pub async fn measured_from(&self) -> Option<Tick> {
        let mut word = self.measured_from.subscribe();
        let known = word.wait_for(Option::is_some).await.ok()?;
        *known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Load;

    #[test]
    fn limits_hold_and_are_given_back() {
        let load: Load =
            toml::from_str("vus = 2\niterations = 3\nwarm_up = '1 iterations'").unwrap();
        let budget = Budget::new(&load.schedule(1));
        assert!(budget.enter() && budget.enter() && !budget.enter());
        budget.leave();
        assert!(budget.enter());
        assert_eq!((0..5).filter(|_| budget.take_measured()).count(), 3);
        assert!(budget.take_warm_up() && !budget.take_warm_up());
        assert_eq!((budget.number(), budget.number()), (0, 1));
    }
}
