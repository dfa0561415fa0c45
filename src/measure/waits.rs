//! How long audio waited for its results, over the time of a load.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use crate::clock::Tick;

/// Times are kept in tenths of a millisecond: a chart shows no more, and a stretch needs a fifth of the memory.
const UNIT: u64 = 100_000;
/// So many stretches are kept at most; beyond, two become one.
const MOST: usize = 2_048;

/// The waits of chunks of audio by when each was sent, in stretches of a second; of long loads in wider ones.
#[derive(Debug, Clone)]
pub struct StalenessSeries {
    origin: Tick,
    width: u64,
    stretches: BTreeMap<u64, Histogram<u32>>,
}

/// What waited in one stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waited {
    /// The second that it begins with, from the load's time zero.
    pub second: u64,
    /// The median, the 95th and the 99th percentile, in seconds.
    pub quantiles_s: [f64; 3],
}

impl StalenessSeries {
    /// Nothing yet; seconds count from `origin`.
    #[must_use]
    pub const fn new(origin: Tick) -> Self {
        Self {
            origin,
            width: 1,
            stretches: BTreeMap::new(),
        }
    }

    /// A chunk that was sent at `sent` waited for so many nanoseconds.
    pub fn note(&mut self, sent: Tick, waited: u64) {
        let second = sent.since(self.origin).as_nanos() / 1_000_000_000;
        let stretch = self.stretch(second / self.width);
        stretch
            .record(waited / UNIT)
            .expect("an auto-resizing histogram takes every value");
        while self.stretches.len() > MOST {
            self.widen();
        }
    }

    /// Adds what waited on another worker in the same load.
    pub fn merge(&mut self, mut other: Self) {
        while self.width < other.width {
            self.widen();
        }
        while other.width < self.width {
            other.widen();
        }
        for (at, waited) in other.stretches {
            self.stretch(at)
                .add(waited)
                .expect("an auto-resizing histogram takes every value");
        }
    }

    /// The stretches in which anything was sent, in order.
    pub fn all(&self) -> impl Iterator<Item = Waited> {
        self.stretches.iter().map(|(at, waited)| Waited {
            second: at * self.width,
            quantiles_s: [0.5, 0.95, 0.99].map(|share| {
                (waited.median_equivalent(waited.value_at_quantile(share)) * UNIT) as f64 / 1e9
            }),
        })
    }

    fn stretch(&mut self, at: u64) -> &mut Histogram<u32> {
        self.stretches.entry(at).or_insert_with(|| {
            let mut empty = Histogram::new(2).expect("two digits are valid");
            empty.auto(true);
            empty
        })
    }

    fn widen(&mut self) {
        self.width *= 2;
        for (at, waited) in std::mem::take(&mut self.stretches) {
            self.stretch(at / 2)
                .add(waited)
                .expect("an auto-resizing histogram takes every value");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn waits(seconds: std::ops::Range<u64>, waited: u64) -> StalenessSeries {
        let mut waits = StalenessSeries::new(Tick::from_nanos(5 * SECOND));
        for second in seconds {
            for part in 0..4 {
                waits.note(Tick::from_nanos((5 + second) * SECOND + part), waited);
            }
        }
        waits
    }

    #[test]
    fn each_second_has_what_was_sent_in_it() {
        let mut waits = waits(0..2, 250_000_000);
        waits.note(Tick::from_nanos(8 * SECOND), 2 * SECOND);
        let all: Vec<Waited> = waits.all().collect();
        assert_eq!(
            all.iter().map(|one| one.second).collect::<Vec<_>>(),
            [0, 1, 3]
        );
        assert!(
            all[..2].iter().all(|one| one
                .quantiles_s
                .iter()
                .all(|time| (time - 0.25).abs() < 0.003)),
            "{all:?}"
        );
        assert!((all[2].quantiles_s[0] - 2.0).abs() < 0.02, "{all:?}");
    }

    #[test]
    fn hours_become_wider_stretches_on_every_worker() {
        let mut long = waits(0..5_000, 100_000_000);
        let short = waits(4_999..5_001, 300_000_000);
        let count = long.all().count();
        assert!(
            count <= MOST && long.width == 4,
            "{count} of {}",
            long.width
        );
        long.merge(short);
        let last = long.all().last().expect("a stretch");
        assert_eq!(last.second, 5_000);
        let mut other = waits(0..1, 100_000_000);
        other.merge(long);
        assert_eq!((other.width, other.all().count()), (4, 1_251));
    }
}
