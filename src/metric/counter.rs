//! The metrics that are counters.

use super::kinds::{KINDS, MetricName};
use super::shape::MetricShape;

/// How many metrics are counters.
pub(crate) const COUNTERS: usize = COUNTER_PLACES.1;

/// The place of each metric among the counters, and how many there are.
const COUNTER_PLACES: ([usize; MetricName::COUNT], usize) = {
    let (mut places, mut counters, mut at) = ([usize::MAX; MetricName::COUNT], 0, 0);
    while at < KINDS.len() {
        if matches!(KINDS[at].shape, MetricShape::Counter) {
            places[KINDS[at].metric as usize] = counters;
            counters += 1;
        }
        at += 1;
    }
    (places, counters)
};

impl MetricName {
    /// Its place among the counters.
    pub(crate) const fn counter(self) -> usize {
        COUNTER_PLACES.0[self as usize]
    }
}
