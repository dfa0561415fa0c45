//! Every iteration accounted for.

use serde::{Deserialize, Serialize};

use super::Distribution;
use crate::metric::{ErrorClass, Outcome};

/// What became of one part of a load.
#[derive(Debug, Clone)]
pub struct PartStats {
    /// Iterations.
    pub counts: Counts,
    /// Latency of ok and lost iterations in nanoseconds; two digits, for parts that are only shown.
    pub latency: Distribution,
}

/// How many iterations (or steps, or exchanges) were due and what became of them.
/// planned = started + dropped, and started = ok + failed + rejected + timed_out + interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// That were due.
    pub planned: u64,
    /// That were started.
    pub started: u64,
    /// That were due and never started.
    pub dropped: u64,
    /// That ended well.
    pub ok: u64,
    /// That failed.
    pub failed: u64,
    /// That the target refused as the plan expects.
    pub rejected: u64,
    /// That were not done in time.
    pub timed_out: u64,
    /// That were cut off at the end.
    pub interrupted: u64,
}

impl Counts {
    /// Counts one end.
    pub const fn end(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Ok => self.ok += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Rejected => self.rejected += 1,
            Outcome::TimedOut => self.timed_out += 1,
            Outcome::Interrupted => self.interrupted += 1,
        }
    }

    /// Counts something that was due, started and ended at once: a step, an exchange.
    pub const fn whole(&mut self, outcome: Outcome) {
        self.planned += 1;
        self.started += 1;
        self.end(outcome);
    }

    /// Those that ended, in whatever way.
    #[must_use]
    pub const fn ended(&self) -> u64 {
        self.ok + self.failed + self.rejected + self.timed_out + self.interrupted
    }

    /// Whether nothing vanished.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        self.planned == self.started + self.dropped && self.started == self.ended()
    }

    /// The same without so many that failed for a reason of the generator's own.
    #[must_use]
    pub fn without(&self, own_failures: u64) -> Self {
        let own = own_failures.min(self.failed);
        Self {
            started: self.started - own,
            failed: self.failed - own,
            ..*self
        }
    }

    /// Of those started, the ones that failed, timed out or were interrupted; `None` where none was started.
    #[must_use]
    pub fn error_rate(&self) -> Option<f64> {
        share(
            self.failed + self.timed_out + self.interrupted,
            self.started,
        )
    }

    /// Of those started, the ones that ended well.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        share(self.ok, self.started)
    }

    /// Of those started, the ones that were refused as expected.
    #[must_use]
    pub fn rejection_rate(&self) -> Option<f64> {
        share(self.rejected, self.started)
    }

    /// Of those planned, the ones that never started; `None` where none was planned.
    #[must_use]
    pub fn drop_rate(&self) -> Option<f64> {
        share(self.dropped, self.planned)
    }

    /// Adds another worker's counts.
    pub const fn merge(&mut self, other: &Self) {
        let Self {
            planned,
            started,
            dropped,
            ok,
            failed,
            rejected,
            timed_out,
            interrupted,
        } = other;
        self.planned += *planned;
        self.started += *started;
        self.dropped += *dropped;
        self.ok += *ok;
        self.failed += *failed;
        self.rejected += *rejected;
        self.timed_out += *timed_out;
        self.interrupted += *interrupted;
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Errors by class.
pub(super) type ClassCounts = [u64; ErrorClass::ALL.len()];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rates_of_outcomes_add_up_to_all_that_was_started() {
        let counts = Counts {
            planned: 12,
            started: 10,
            dropped: 2,
            ok: 5,
            failed: 2,
            rejected: 1,
            timed_out: 1,
            interrupted: 1,
        };
        assert!(counts.adds_up());
        let sum: f64 = [
            counts.success_rate(),
            counts.error_rate(),
            counts.rejection_rate(),
        ]
        .into_iter()
        .flatten()
        .sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!((counts.drop_rate().unwrap() - 2.0 / 12.0).abs() < 1e-12);
        assert_eq!(Counts::default().error_rate(), None, "no data is not zero");
    }

    proptest! {
        #[test]
        fn merging_keeps_the_account(outcomes in proptest::collection::vec(0usize..6, 0..50)) {
            let mut parts = [Counts::default(), Counts::default()];
            for (at, which) in outcomes.iter().enumerate() {
                let counts = &mut parts[at % 2];
                match which {
                    0 => { counts.planned += 1; counts.dropped += 1; }
                    1 => counts.whole(Outcome::Ok),
                    2 => counts.whole(Outcome::Failed(ErrorClass::Reset)),
                    3 => counts.whole(Outcome::Rejected),
                    4 => counts.whole(Outcome::TimedOut),
                    _ => counts.whole(Outcome::Interrupted),
                }
            }
            let mut all = parts[0];
            all.merge(&parts[1]);
            prop_assert!(all.adds_up());
            prop_assert_eq!(all.planned, outcomes.len() as u64);
        }
    }
}
