//! The sequence of arrivals of an open load.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::open::{OpenSchedule, Spacing};
use super::segment::Segment;
use crate::metric::LoadPart;
use crate::units::Duration;

/// One iteration that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Its number in the load, from 0.
    pub n: u64,
    /// When it is due, from the load's time zero.
    pub due: Duration,
    /// Which part of the load it belongs to.
    pub part: LoadPart,
}

/// The arrivals of one share of a load. Due times are computed from the number of the arrival, never accumulated from waits.
#[derive(Debug, Clone)]
pub struct Arrivals {
    open: OpenSchedule,
    segment: Segment,
    next: u64,
    reached_limit: bool,
    /// A Poisson sequence is walked whole by every share, so that it is the same on any number of threads.
    random: Option<SeededWalk>,
}

#[derive(Debug, Clone)]
struct SeededWalk {
    source: Pcg64Mcg,
    area: f64,
}

impl SeededWalk {
    /// The area at the next arrival: -ln(1 - u) further on.
    fn step(&mut self) -> f64 {
        let u = (self.source.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        self.area -= (-u).ln_1p();
        self.area
    }
}

impl OpenSchedule {
    /// The arrivals of one share, in order.
    #[must_use]
    pub fn arrivals(&self, segment: Segment) -> Arrivals {
        Arrivals::new(self.clone(), segment)
    }
}

impl Arrivals {
    pub(super) fn new(open: OpenSchedule, segment: Segment) -> Self {
        let random = match open.unit {
            Spacing::Even => None,
            Spacing::Random(seed) => Some(SeededWalk {
                source: Pcg64Mcg::seed_from_u64(seed),
                area: 0.0,
            }),
        };
        let next = if random.is_some() { 0 } else { segment.offset };
        Self {
            open,
            segment,
            next,
            reached_limit: false,
            random,
        }
    }

    /// Whether the sequence ended because its count was reached, not its time.
    #[must_use]
    pub const fn reached_limit(&self) -> bool {
        self.reached_limit
    }

    /// The number and area of the next arrival of this share.
    fn advance(&mut self) -> (u64, f64) {
        match &mut self.random {
            None => {
                let n = self.next;
                self.next += self.segment.stride;
                (n, n as f64)
            }
            Some(walk) => loop {
                let (n, area) = (self.next, walk.step());
                self.next += 1;
                if self.segment.contains(n) {
                    return (n, area);
                }
            },
        }
    }
}

impl Iterator for Arrivals {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        let (n, area) = self.advance();
        self.reached_limit = n >= self.open.limit;
        let due = self.open.curve.when(area)?;
        let planned = !self.reached_limit && due < self.open.end();
        planned.then(|| Arrival {
            n,
            due,
            part: self.open.part(n, due),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Load, Schedule};
    use super::*;

    fn open(text: &str) -> OpenSchedule {
        let load: Load = toml::from_str(text).expect(text);
        assert!(load.check().is_empty(), "{text}: {:?}", load.check());
        match load.schedule(7) {
            Schedule::Open(open) => open,
            Schedule::Closed(_) => panic!("{text} is closed"),
        }
    }

    fn count(text: &str, part: LoadPart) -> usize {
        open(text)
            .arrivals(Segment::WHOLE)
            .filter(|a| a.part == part)
            .count()
    }

    #[test]
    fn thirty_a_second_for_one_second_starts_thirty() {
        let due: Vec<_> = open("rate = '30/s'\nduration = '1s'")
            .arrivals(Segment::WHOLE)
            .map(|a| a.due.as_nanos())
            .collect();
        assert_eq!(due.len(), 30);
        assert_eq!(due[..3], [0, 33_333_333, 66_666_667]);
        assert_eq!(due[29], 966_666_667);
    }

    #[test]
    fn a_ramp_from_nothing_gives_fifty_at_the_roots() {
        let arrivals: Vec<_> = open("stages = [{ duration = '10s', rate = '10/s' }]")
            .arrivals(Segment::WHOLE)
            .collect();
        assert_eq!(arrivals.len(), 50);
        for arrival in arrivals {
            let expected = (2.0 * arrival.n as f64).sqrt();
            assert!(
                (arrival.due.as_secs_f64() - expected).abs() < 1e-9,
                "{arrival:?}"
            );
        }
    }

    #[test]
    fn parts_follow_each_other_and_only_the_measured_one_counts() {
        let text =
            "rate = '10/s'\nramp_up = '2s'\nwarm_up = '3s'\nduration = '4s'\nramp_down = '2s'";
        let counts = LoadPart::ALL.map(|part| count(text, part));
        assert_eq!(counts, [10, 30, 40, 10]);
        let (from, until) = open(text).window();
        assert_eq!(
            (from, until),
            (Duration::from_secs(5), Duration::from_secs(9))
        );
    }

    #[test]
    fn warm_up_by_count_is_the_first_arrivals() {
        let text = "rate = '10/s'\nwarm_up = '5 iterations'\nduration = '1s'";
        assert_eq!(
            (
                count(text, LoadPart::WarmUp),
                count(text, LoadPart::Measured)
            ),
            (5, 10)
        );
        let text = "rate = '10/s'\nwarm_up = '5 iterations'\niterations = 7\narrivals = 'poisson'";
        assert_eq!(
            (
                count(text, LoadPart::WarmUp),
                count(text, LoadPart::Measured)
            ),
            (5, 7)
        );
    }

    #[test]
    fn a_count_ends_the_load_and_the_first_end_counts() {
        assert_eq!(
            count("rate = '10/s'\niterations = 7", LoadPart::Measured),
            7
        );
        assert_eq!(
            count(
                "rate = '10/s'\niterations = 7\nduration = '300ms'",
                LoadPart::Measured
            ),
            3
        );
        assert_eq!(
            count(
                "rate = '10/s'\niterations = 7\nwarm_up = '1s'",
                LoadPart::Measured
            ),
            7
        );
        let text = "rate = '10/s'\niterations = 20\nramp_up = '1s'";
        assert_eq!(
            (
                count(text, LoadPart::RampUp),
                count(text, LoadPart::Measured)
            ),
            (0, 20),
            "the ramp is measured"
        );
    }

    #[test]
    fn poisson_is_the_same_sequence_on_one_two_and_four_segments() {
        let open = open("rate = '8/s'\niterations = 5000\narrivals = 'poisson'");
        let whole: Vec<_> = open.arrivals(Segment::WHOLE).collect();
        assert_eq!(whole.len(), 5000);
        for shares in [2, 4] {
            let mut all: Vec<_> = (0..shares)
                .flat_map(|k| open.arrivals(Segment::WHOLE.split(k, shares)))
                .collect();
            all.sort_by_key(|arrival| arrival.n);
            assert_eq!(all, whole, "{shares} segments");
        }
        let mean = whole[4999].due.as_secs_f64() / 5000.0;
        assert!((mean - 0.125).abs() < 0.005, "mean gap {mean}");
    }

    #[test]
    fn the_sequence_of_a_seed_never_changes() {
        let first: Vec<_> = open("rate = '1/s'\niterations = 3\narrivals = 'poisson'")
            .arrivals(Segment::WHOLE)
            .map(|a| a.due.as_nanos())
            .collect();
        assert_eq!(first, GOLDEN);
    }

    const GOLDEN: [u64; 3] = [1_170_852_102, 1_817_558_936, 2_133_286_566];
}
