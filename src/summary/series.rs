//! Second by second, for charts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::measure::{SecondSlot, StalenessSeries};
use crate::metric::{ErrorClass, Outcome};

/// One load over time: columns of equal length, one entry a second in which anything happened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Series {
    /// Seconds from time zero.
    pub second: Vec<u64>,
    /// Iterations due.
    pub planned: Vec<u64>,
    /// Iterations started.
    pub started: Vec<u64>,
    /// Iterations due that never started.
    pub dropped: Vec<u64>,
    /// Iterations that ended well.
    pub ok: Vec<u64>,
    /// Iterations that ended in another way.
    pub not_ok: Vec<u64>,
    /// The same apart by what went wrong: `status`, `timeout` and the other classes, and `rejected`. What never happened has no
    /// column; older summaries have none at all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, Vec<u64>>,
    /// Median latency of those that ended well; `None` without any.
    pub p50_s: Vec<Option<f64>>,
    /// 95th percentile.
    pub p95_s: Vec<Option<f64>>,
    /// 99th percentile.
    pub p99_s: Vec<Option<f64>>,
}

impl Series {
    /// Iterations in flight at the end of the second that had most of them.
    #[must_use]
    pub fn most_in_flight(&self) -> u64 {
        let (mut now, mut most) = (0_u64, 0);
        let ended = self.ok.iter().zip(&self.not_ok).map(|(ok, not)| ok + not);
        for (started, ended) in self.started.iter().zip(ended) {
            now = (now + started).saturating_sub(ended);
            most = most.max(now);
        }
        most
    }

    /// The series of these seconds; shares of several workers are put together.
    #[must_use]
    pub fn of(slots: &[SecondSlot]) -> Self {
        let mut series = Self::default();
        for (at, slot) in merged(slots).into_iter().enumerate() {
            for (kind, count) in kinds(&slot) {
                let column = series.errors.entry(kind.to_owned()).or_default();
                column.resize(at, 0);
                column.push(count);
            }
            series.second.push(slot.second);
            series.planned.push(slot.planned);
            series.started.push(slot.started);
            series.dropped.push(slot.dropped);
            series.ok.push(slot.ended[0]);
            series.not_ok.push(slot.ended[1..].iter().sum());
            series.p50_s.push(slot.latency_s(0.5));
            series.p95_s.push(slot.latency_s(0.95));
            series.p99_s.push(slot.latency_s(0.99));
        }
        let seconds = series.second.len();
        series
            .errors
            .values_mut()
            .for_each(|column| column.resize(seconds, 0));
        series
    }
}

/// How long chunks of audio waited for the first result that reaches them, by when they were sent; what was given up with the time that
/// it had waited. Columns of equal length.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Staleness {
    /// Seconds from time zero in which audio was sent; of loads beyond half an hour only every second, fourth and so on, with all in between.
    pub second: Vec<u64>,
    /// The median.
    pub p50_s: Vec<f64>,
    /// 95th percentile.
    pub p95_s: Vec<f64>,
    /// 99th percentile.
    pub p99_s: Vec<f64>,
}

impl Staleness {
    /// `None` where nothing was measured.
    #[must_use]
    pub fn of(waits: &StalenessSeries) -> Option<Self> {
        let mut all = Self::default();
        for waited in waits.all() {
            let [p50, p95, p99] = waited.quantiles_s;
            all.second.push(waited.second);
            all.p50_s.push(p50);
            all.p95_s.push(p95);
            all.p99_s.push(p99);
        }
        (!all.second.is_empty()).then_some(all)
    }
}

/// What went wrong in a second, by name; only what happened.
pub(super) fn kinds(slot: &SecondSlot) -> impl Iterator<Item = (&'static str, u64)> {
    let classes = ErrorClass::ALL
        .iter()
        .map(|class| class.name())
        .zip(slot.errors);
    classes
        .chain([(Outcome::Rejected.name(), slot.ended[2])])
        .filter(|(_, count)| *count > 0)
}

pub(super) fn merged(slots: &[SecondSlot]) -> Vec<SecondSlot> {
    let mut sorted: Vec<&SecondSlot> = slots.iter().collect();
    sorted.sort_by_key(|slot| slot.second);
    let mut all: Vec<SecondSlot> = Vec::new();
    for slot in sorted {
        match all.last_mut() {
            Some(last) if last.second == slot.second => last.merge(slot),
            _ => all.push(slot.clone()),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_shares_of_a_second_are_one() {
        let slot = |second, started| {
            let mut slot = SecondSlot::new(second);
            slot.planned = started;
            slot.started = started;
            slot.ended[0] = started;
            slot.record(5_000_000);
            slot.errors[ErrorClass::Reset as usize] = second;
            slot.ended[2] = u64::from(second == 3);
            slot
        };
        let series = Series::of(&[slot(3, 2), slot(1, 1), slot(3, 5)]);
        let wanted = BTreeMap::from([
            ("reset".to_owned(), vec![1, 6]),
            ("rejected".to_owned(), vec![0, 2]),
        ]);
        assert_eq!(series.errors, wanted);
        assert_eq!((series.second, series.started), (vec![1, 3], vec![1, 7]));
        assert!((series.p50_s[1].unwrap() - 0.005).abs() < 0.0001);
    }
}
