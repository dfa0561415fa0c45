//! The arrivals of an open load on one worker.

use super::load_state::LoadState;
use crate::clock::Tick;
use crate::schedule::{Arrival, Arrivals, Schedule};

/// The arrivals of an open load.
pub(crate) struct OpenLoad {
    pub(crate) arrivals: Arrivals,
    pub(crate) next: Option<Arrival>,
    /// Virtual users made so far on this worker.
    pub(crate) made: u64,
}

impl OpenLoad {
    /// Takes the next arrival, where it is due by `now`.
    pub(crate) fn take_next(&mut self, load: &LoadState, now: Tick) -> Option<Arrival> {
        let due = self
            .next
            .filter(|arrival| load.zero() + arrival.due <= now)?;
        self.next = self.arrivals.next();
        Self::end_of_arrivals(Some(self), load, now);
        Some(due)
    }

    /// Once nothing more is due, what is under way has the drain to finish in.
    pub(crate) fn end_of_arrivals(open: Option<&Self>, load: &LoadState, now: Tick) {
        let (Some(open), Schedule::Open(schedule)) = (open, &load.share.schedule) else {
            return;
        };
        if open.next.is_some() {
            return;
        }
        load.by_count.set(open.arrivals.reached_limit());
        let end = if open.arrivals.reached_limit() {
            now
        } else {
            now.max(load.zero() + schedule.end())
        };
        load.deadline
            .set(load.deadline.get().min(end + load.share.drain));
    }
}
