//! Values of one metric: a histogram for percentiles, exact mean, minimum, maximum and deviation, and the losses beyond them.

use hdrhistogram::Histogram;

use super::corrected::CorrectedValues;
use crate::measure::Measurement;

/// A percentile: known, or known only to be beyond the longest time seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantile {
    /// This value, to the digits of the histogram.
    Exactly(u64),
    /// The rank falls among what was given up: worse than this, the longest time known.
    Beyond(u64),
}

/// The distribution of one metric, in the histogram unit of its kind.
#[derive(Debug, Clone)]
pub struct Distribution {
    histogram: Histogram<u32>,
    sum: u128,
    min: u64,
    max: u64,
    mean: f64,
    /// Sum of squared differences from the mean (Welford), so that the deviation is exact without keeping values.
    squares: f64,
    lost: u64,
    longest_lost: u64,
    own_delay: Option<Box<CorrectedValues>>,
}

impl Distribution {
    /// An empty one that keeps so many significant digits (1 to 5).
    #[must_use]
    pub fn new(digits: u8) -> Self {
        let mut histogram = Histogram::new(digits.clamp(1, 5)).expect("1 to 5 digits are valid");
        histogram.auto(true);
        Self {
            histogram,
            sum: 0,
            min: u64::MAX,
            max: 0,
            mean: 0.0,
            squares: 0.0,
            lost: 0,
            longest_lost: 0,
            own_delay: None,
        }
    }

    /// Adds a value.
    pub fn record(&mut self, value: Measurement) {
        match value {
            Measurement::Beyond(at_least) => {
                self.lost += 1;
                self.longest_lost = self.longest_lost.max(at_least);
            }
            Measurement::Known(value) => {
                self.histogram
                    .record(value)
                    .expect("an auto-resizing histogram takes every value");
                self.sum += u128::from(value);
                self.min = self.min.min(value);
                self.max = self.max.max(value);
                let before = value as f64 - self.mean;
                self.mean += before / self.histogram.len() as f64;
                self.squares += before * (value as f64 - self.mean);
            }
        }
    }

    /// One of the known values is longer than the target made it: without the generator's own delay it is `corrected`.
    pub fn correct(&mut self, measured: u64, corrected: u64) {
        let digits = self.histogram.sigfig();
        self.own_delay
            .get_or_insert_with(|| Box::new(CorrectedValues::new(digits)))
            .record(measured, corrected);
    }

    /// The distribution without the generator's own delays, to the digits of the histogram; `None` where there were none.
    /// The deviation stays as it was measured.
    ///
    /// # Panics
    /// Never: what was corrected is among what was recorded.
    #[must_use]
    pub fn corrected(&self) -> Option<Self> {
        let own = self.own_delay.as_ref()?;
        let mut all = self.clone();
        all.histogram
            .subtract(&own.measured)
            .expect("corrected values were recorded before");
        all.histogram
            .add(&own.corrected)
            .expect("an auto-resizing histogram takes every value");
        all.sum = (all.sum + own.sums.1).saturating_sub(own.sums.0);
        all.min = self.min.min(own.corrected.min());
        all.max = all.histogram.max().min(self.max.max(own.corrected.max()));
        all.own_delay = None;
        Some(all)
    }

    /// How many of the known values lie above `value`.
    #[must_use]
    pub fn above(&self, value: u64) -> u64 {
        if value >= self.max {
            return 0;
        }
        self.histogram
            .count_between(value.saturating_add(1), self.max)
    }

    /// So many more were never known: they rank as slow losses.
    pub fn lose(&mut self, count: u64) {
        self.lost += count;
    }

    /// How many values are known.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// How many were given up.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// The longest time after which one was given up, 0 for none.
    #[must_use]
    pub const fn longest_lost(&self) -> u64 {
        self.longest_lost
    }

    /// The mean of the known values, exact; `None` without any.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.sum as f64 / self.count() as f64)
    }

    /// The smallest known value.
    #[must_use]
    pub fn min(&self) -> Option<u64> {
        (self.count() > 0).then_some(self.min)
    }

    /// The largest known value.
    #[must_use]
    pub fn max(&self) -> Option<u64> {
        (self.count() > 0).then_some(self.max)
    }

    /// The sample's standard deviation (n − 1) of the known values; `None` for fewer than two.
    #[must_use]
    pub fn stddev(&self) -> Option<f64> {
        (self.count() > 1).then(|| (self.squares.max(0.0) / (self.count() - 1) as f64).sqrt())
    }

    /// The nearest-rank percentile over known values and losses together: losses rank above every known value where more
    /// is worse, below where more is better. `None` without any.
    #[must_use]
    pub fn quantile(&self, share: f64, more_is_better: bool) -> Option<Quantile> {
        let total = self.count() + self.lost;
        if total == 0 {
            return None;
        }
        // Nearest rank; the nudge keeps 0.95 * 100 from becoming rank 96 by rounding.
        let rank = ((share * total as f64 - 1e-9).ceil() as u64).clamp(1, total);
        let known_rank = if more_is_better {
            rank.checked_sub(self.lost).filter(|r| *r > 0)
        } else {
            Some(rank)
        };
        match known_rank.filter(|rank| *rank <= self.count()) {
            Some(rank) if rank == self.count() => Some(Quantile::Exactly(self.max)),
            Some(rank) => {
                let value = self
                    .histogram
                    .value_at_quantile((rank as f64 - 0.5) / self.count() as f64);
                Some(Quantile::Exactly(value.clamp(self.min, self.max)))
            }
            // Of what was given up it is known what it could have been at most.
            None if more_is_better => {
                Some(Quantile::Beyond(self.min().unwrap_or(self.longest_lost)))
            }
            None => Some(Quantile::Beyond(self.longest_lost.max(self.max))),
        }
    }

    /// Adds all values of another one with the same digits.
    pub fn merge(&mut self, other: &Self) {
        let (a, b) = (self.count() as f64, other.count() as f64);
        if b > 0.0 {
            let apart = other.mean - self.mean;
            self.squares += other.squares + apart * apart * a * b / (a + b);
            self.mean += apart * b / (a + b);
            self.histogram
                .add(&other.histogram)
                .expect("an auto-resizing histogram takes every value");
        }
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.lost += other.lost;
        self.longest_lost = self.longest_lost.max(other.longest_lost);
        match (&mut self.own_delay, &other.own_delay) {
            (Some(own), Some(more)) => own.merge(more),
            (own @ None, Some(more)) => *own = Some(more.clone()),
            (_, None) => {}
        }
    }

    /// The histogram of the known values.
    #[must_use]
    pub const fn histogram(&self) -> &Histogram<u32> {
        &self.histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: impl IntoIterator<Item = u64>) -> Distribution {
        let mut all = Distribution::new(3);
        values
            .into_iter()
            .for_each(|value| all.record(Measurement::Known(value)));
        all
    }

    #[test]
    fn nearest_rank_on_known_values() {
        for (count, share, expected) in [
            (1u64, 0.95, 1u64),
            (2, 0.5, 1),
            (2, 0.95, 2),
            (20, 0.95, 19),
            (20, 0.5, 10),
            (100, 0.95, 95),
            (100, 0.99, 99),
            (100, 0.999, 100),
        ] {
            assert_eq!(
                of(1..=count).quantile(share, false),
                Some(Quantile::Exactly(expected)),
                "{count} at {share}"
            );
        }
        assert_eq!(Distribution::new(3).quantile(0.5, false), None);
    }

    #[test]
    fn losses_rank_above_every_known_value() {
        let mut all = of(1..=90);
        for _ in 0..10 {
            all.record(Measurement::Beyond(500));
        }
        assert_eq!(all.quantile(0.90, false), Some(Quantile::Exactly(90)));
        assert_eq!(all.quantile(0.91, false), Some(Quantile::Beyond(500)));
        assert_eq!(
            all.quantile(0.05, true),
            Some(Quantile::Beyond(1)),
            "where more is better, losses rank lowest"
        );
        assert_eq!(all.quantile(0.11, true), Some(Quantile::Exactly(1)));
        assert_eq!((all.count(), all.lost(), all.mean()), (90, 10, Some(45.5)));
    }

    #[test]
    fn what_the_generator_added_is_taken_off() {
        let mut all = of(1..=100);
        assert!(all.corrected().is_none());
        all.correct(100, 40);
        all.correct(99, 39);
        let corrected = all.corrected().unwrap();
        assert_eq!(corrected.quantile(1.0, false), Some(Quantile::Exactly(98)));
        assert_eq!(corrected.quantile(0.95, false), Some(Quantile::Exactly(93)));
        assert_eq!(corrected.count(), 100);
        assert_eq!(corrected.mean(), Some(50.5 - 1.2));
        assert_eq!(all.quantile(0.95, false), Some(Quantile::Exactly(95)));
        assert_eq!((all.above(95), all.above(100), all.above(0)), (5, 0, 100));
    }

    proptest! {
        #[test]
        fn merged_is_the_same_as_recorded_together(a in proptest::collection::vec(1u64..1_000_000_000_000, 1..60), b in proptest::collection::vec(1u64..1_000_000_000_000, 1..60)) {
            let mut merged = of(a.iter().copied());
            merged.merge(&of(b.iter().copied()));
            let mut sorted: Vec<u64> = a.into_iter().chain(b).collect();
            let together = of(sorted.iter().copied());
            sorted.sort_unstable();
            prop_assert_eq!(merged.mean(), together.mean());
            prop_assert_eq!((merged.min(), merged.max()), (together.min(), together.max()));
            let (one, two) = (merged.stddev().unwrap(), together.stddev().unwrap());
            prop_assert!((one - two).abs() <= 1e-6 * two.max(1.0));
            for share in [0.5, 0.9, 0.95, 0.99] {
                prop_assert_eq!(merged.quantile(share, false), together.quantile(share, false));
                let exact = sorted[((share * sorted.len() as f64 - 1e-9).ceil() as usize).max(1) - 1];
                let Some(Quantile::Exactly(value)) = merged.quantile(share, false) else { panic!("no value") };
                prop_assert!((value as f64 - exact as f64).abs() <= exact as f64 / 1000.0 + 1.0, "{} {}", value, exact);
            }
        }
    }
}
