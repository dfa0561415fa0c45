//! How punctual frames were: a distribution of times that may be early.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Counts of microseconds, kept to three digits, so that memory does not grow with the count of frames.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pacing {
    counts: BTreeMap<i64, u64>,
    total: u64,
    max: Option<i64>,
}

impl Pacing {
    /// One frame was so many microseconds late; early where that is negative.
    pub(crate) fn note(&mut self, micros: i64) {
        *self.counts.entry(three_digits(micros)).or_default() += 1;
        self.total += 1;
        self.max = self.max.max(Some(micros));
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (micros, count) in &other.counts {
            *self.counts.entry(*micros).or_default() += count;
        }
        self.total += other.total;
        self.max = self.max.max(other.max);
    }

    /// The value of which a share is not above it.
    fn at(&self, share: f64) -> Option<i64> {
        let rank = ((self.total as f64 * share).ceil() as u64).max(1);
        let mut below = 0;
        self.counts.iter().find_map(|(micros, count)| {
            below += count;
            (below >= rank).then_some(*micros)
        })
    }

    pub(crate) fn report(&self) -> Value {
        let seconds = |micros: Option<i64>| micros.map(|micros| micros as f64 / 1e6);
        json!({
            "count": self.total,
            "p50_s": seconds(self.at(0.5)),
            "p99_s": seconds(self.at(0.99)),
            "max_s": seconds(self.max),
        })
    }
}

fn three_digits(micros: i64) -> i64 {
    let mut step = 1;
    while micros.unsigned_abs() / step >= 1_000 {
        step *= 10;
    }
    let step = step as i64;
    micros.div_euclid(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn early_and_late_frames_stand_in_order() {
        let mut one = Pacing::default();
        (-50..49).for_each(|ms| one.note(ms * 1_000));
        let mut all = Pacing::default();
        all.note(1_234_567);
        all.add(&one);
        assert_eq!(
            all.report(),
            json!({ "count": 100, "p50_s": -0.001, "p99_s": 0.048, "max_s": 1.234567 })
        );
        assert_eq!(Pacing::default().report()["p50_s"], Value::Null);
    }

    #[test]
    fn digits_are_kept_and_memory_is_bounded() {
        for (micros, kept) in [
            (0, 0),
            (999, 999),
            (1_234, 1_230),
            (-1_234, -1_240),
            (987_654, 987_000),
        ] {
            assert_eq!(three_digits(micros), kept);
        }
        let mut pacing = Pacing::default();
        (0..200_000).for_each(|n| pacing.note(n * 37));
        assert!(pacing.counts.len() < 5_000, "{}", pacing.counts.len());
    }
}
