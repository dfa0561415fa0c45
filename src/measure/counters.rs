//! How often each counter was recorded.

use crate::metric::{COUNTERS, MetricName};

/// One number for each metric that is a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters([u64; COUNTERS]);

impl Counters {
    /// Counts a metric so many times more.
    ///
    /// # Panics
    /// Panics for a metric that is not a counter.
    pub const fn add(&mut self, metric: MetricName, times: u64) {
        self.0[metric.counter()] += times;
    }

    /// How often a metric was counted.
    ///
    /// # Panics
    /// Panics for a metric that is not a counter.
    #[must_use]
    pub const fn get(&self, metric: MetricName) -> u64 {
        self.0[metric.counter()]
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }
}
