//! One second of a load.

use hdrhistogram::Histogram;

use crate::clock::Tick;
use crate::metric::{ErrorClass, Outcome};

/// What happened in one second: starts counted when they started, ends when they ended.
#[derive(Debug, Clone)]
pub struct SecondSlot {
    /// The second, from the load's time zero.
    pub second: u64,
    /// Iterations due in it.
    pub planned: u64,
    /// Iterations started in it.
    pub started: u64,
    /// Iterations due in it that never started.
    pub dropped: u64,
    /// Iterations that ended in it, by outcome: ok, failed, rejected, timed out, interrupted.
    pub ended: [u64; 5],
    /// Those that went wrong, by class in the order of [`ErrorClass::ALL`].
    pub errors: [u64; ErrorClass::ALL.len()],
    /// Latency of the ok ones that ended in it, in nanoseconds, two digits.
    pub latency: Histogram<u32>,
    /// The longest of these, exactly.
    pub longest: u64,
}

impl SecondSlot {
    /// An empty second.
    #[must_use]
    pub fn new(second: u64) -> Self {
        let mut latency = Histogram::new(2).expect("two digits are valid");
        latency.auto(true);
        Self {
            second,
            planned: 0,
            started: 0,
            dropped: 0,
            ended: [0; 5],
            errors: [0; ErrorClass::ALL.len()],
            latency,
            longest: 0,
        }
    }

    /// Adds the latency of an iteration that ended well, in nanoseconds.
    ///
    /// # Panics
    /// Never: the histogram grows to every value.
    pub fn record(&mut self, latency: u64) {
        self.latency
            .record(latency)
            .expect("an auto-resizing histogram takes every value");
        self.longest = self.longest.max(latency);
    }

    /// A percentile of the latency in seconds, to two digits and never beyond the longest; `None` where nothing ended well.
    #[must_use]
    pub fn latency_s(&self, share: f64) -> Option<f64> {
        let value = self
            .latency
            .median_equivalent(self.latency.value_at_quantile(share))
            .min(self.longest);
        (!self.latency.is_empty()).then_some(value as f64 / 1e9)
    }

    /// Adds another worker's share of the same second.
    pub fn merge(&mut self, other: &Self) {
        self.planned += other.planned;
        self.started += other.started;
        self.dropped += other.dropped;
        self.ended
            .iter_mut()
            .zip(other.ended)
            .for_each(|(own, more)| *own += more);
        self.errors
            .iter_mut()
            .zip(other.errors)
            .for_each(|(own, more)| *own += more);
        self.latency
            .add(&other.latency)
            .expect("an auto-resizing histogram takes every value");
        self.longest = self.longest.max(other.longest);
    }
}

/// The seconds of one load on one worker: only the current one is kept, finished ones are handed on and freed.
#[derive(Debug)]
pub struct SlotBook {
    origin: Tick,
    current: SecondSlot,
    finished: Vec<SecondSlot>,
}

impl SlotBook {
    /// A book whose seconds count from `origin`.
    #[must_use]
    pub fn new(origin: Tick) -> Self {
        Self {
            origin,
            current: SecondSlot::new(0),
            finished: Vec::new(),
        }
    }

    /// An iteration was due and started.
    pub fn started(&mut self, now: Tick) {
        let slot = self.at(now);
        slot.planned += 1;
        slot.started += 1;
    }

    /// An iteration was due and could not start.
    pub fn dropped(&mut self, now: Tick) {
        let slot = self.at(now);
        slot.planned += 1;
        slot.dropped += 1;
    }

    /// An iteration ended; `latency` in nanoseconds.
    pub fn ended(&mut self, now: Tick, outcome: Outcome, latency: u64) {
        let slot = self.at(now);
        if let Some(class) = outcome.class() {
            slot.errors[class as usize] += 1;
        }
        match outcome {
            Outcome::Ok => {
                slot.ended[0] += 1;
                slot.record(latency);
            }
            Outcome::Failed(_) => slot.ended[1] += 1,
            Outcome::Rejected => slot.ended[2] += 1,
            Outcome::TimedOut => slot.ended[3] += 1,
            Outcome::Interrupted => slot.ended[4] += 1,
        }
    }

    /// The seconds that are over at `now`.
    pub fn take_finished(&mut self, now: Tick) -> Vec<SecondSlot> {
        self.at(now);
        std::mem::take(&mut self.finished)
    }

    /// All seconds, at the end.
    #[must_use]
    pub fn close(mut self) -> Vec<SecondSlot> {
        self.finished.push(self.current);
        self.finished
    }

    fn at(&mut self, now: Tick) -> &mut SecondSlot {
        let second = now.since(self.origin).as_nanos() / 1_000_000_000;
        if second > self.current.second {
            let done = std::mem::replace(&mut self.current, SecondSlot::new(second));
            if done.planned > 0 || done.ended.iter().any(|n| *n > 0) {
                self.finished.push(done);
            }
        }
        &mut self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_is_handed_on_once() {
        let second = |n: u64| Tick::from_nanos(n * 1_000_000_000);
        let mut book = SlotBook::new(second(10));
        book.started(second(10));
        book.ended(second(10), Outcome::Ok, 5);
        book.ended(second(10), Outcome::Failed(ErrorClass::Reset), 5);
        book.ended(second(10), Outcome::TimedOut, 5);
        book.dropped(second(12));
        let first = book.take_finished(second(12));
        assert_eq!(
            (
                first.len(),
                first[0].second,
                first[0].started,
                first[0].ended[0]
            ),
            (1, 0, 1, 1)
        );
        for (at, class) in ErrorClass::ALL.into_iter().enumerate() {
            let wanted = u64::from(matches!(class, ErrorClass::Reset | ErrorClass::Timeout));
            assert_eq!(
                (class as usize, first[0].errors[at]),
                (at, wanted),
                "{class:?}"
            );
        }
        assert_eq!(
            first[0].latency_s(0.99),
            Some(5e-9),
            "of one value every percentile is that value"
        );
        assert!(book.take_finished(second(12)).is_empty());
        let rest = book.close();
        assert_eq!((rest.len(), rest[0].second, rest[0].dropped), (1, 2, 1));
    }
}
