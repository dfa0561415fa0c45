//! What a schedule looks like over time, before anything is sent.

use super::{OpenSchedule, Schedule, Segment, WarmUpSpec};
use crate::metric::LoadPart;
use crate::units::Duration;

/// More arrivals than this are not counted one by one.
const MOST_ARRIVALS: usize = 5_000_000;

/// The shape of one load.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// How long it lasts without its drain; `None` where a count ends it.
    pub length: Option<Duration>,
    /// The level in equal parts of that time: arrivals a second in an open load, users in a closed one.
    pub levels: Vec<f64>,
    /// Iterations of each part of the load, as far as they are known before; in the order of [`LoadPart::ALL`].
    pub planned: Option<[u64; 4]>,
}

impl Schedule {
    /// The shape of the load in so many parts.
    #[must_use]
    pub fn profile(&self, parts: usize) -> Profile {
        match self {
            Self::Open(open) => of_open(open, parts),
            Self::Closed(closed) => {
                let warm_up = match closed.warm_up {
                    WarmUpSpec::For(time) => time,
                    WarmUpSpec::Iterations(_) => Duration::ZERO,
                };
                let opening = closed.ramp_up + warm_up;
                let falling = closed.active(0).last().map_or(Duration::MAX, |span| span.1);
                let length = (falling != Duration::MAX).then(|| opening + falling);
                let level = |at: Duration| {
                    let working = |vu: &u64| match closed.opening_start(*vu) {
                        Some(start) if at < opening => start <= at,
                        _ => {
                            at >= opening
                                && closed
                                    .active(*vu)
                                    .iter()
                                    .any(|(on, off)| (*on..*off).contains(&(at - opening)))
                        }
                    };
                    (0..closed.vus).filter(working).count() as f64
                };
                let middles = length
                    .map(|length| middles(length, parts))
                    .unwrap_or_default();
                let by_count = closed
                    .iterations
                    .min(closed.iterations_per_vu.saturating_mul(closed.vus));
                let warmed = match closed.warm_up {
                    WarmUpSpec::Iterations(n) => n,
                    WarmUpSpec::For(_) => 0,
                };
                let planned = (by_count != u64::MAX).then_some([0, warmed, by_count, 0]);
                Profile {
                    length,
                    levels: middles.into_iter().map(level).collect(),
                    planned,
                }
            }
        }
    }
}

fn of_open(open: &OpenSchedule, parts: usize) -> Profile {
    let arrivals = open.arrivals(Segment::WHOLE).take(MOST_ARRIVALS + 1);
    let (mut planned, mut last, mut count) = ([0; 4], Duration::ZERO, 0);
    for arrival in arrivals {
        planned[arrival.part.index()] += 1;
        (last, count) = (arrival.due, count + 1);
    }
    let known = count <= MOST_ARRIVALS;
    let end = if open.end() == Duration::MAX {
        last
    } else {
        open.end()
    };
    let levels = middles(end, parts)
        .into_iter()
        .map(|at| open.rate_at(at))
        .collect();
    Profile {
        length: (known || open.end() != Duration::MAX).then_some(end),
        levels,
        planned: known.then_some(planned),
    }
}

/// The middle of each of so many parts of a time.
fn middles(length: Duration, parts: usize) -> Vec<Duration> {
    (0..parts)
        .map(|at| Duration::from_secs_f64(length.as_secs_f64() * (at as f64 + 0.5) / parts as f64))
        .collect()
}

impl Profile {
    /// Iterations in all, where that is known before.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.planned.map(|planned| planned.iter().sum())
    }

    /// Measured iterations, where that is known before.
    #[must_use]
    pub fn measured(&self) -> Option<u64> {
        self.planned
            .map(|planned| planned[LoadPart::Measured.index()])
    }
}

#[cfg(test)]
mod tests {
    use super::super::Load;
    use crate::units::Duration;

    #[test]
    fn a_profile_shows_levels_and_counts() {
        let of = |text: &str| {
            toml::from_str::<Load>(text)
                .expect(text)
                .schedule(1)
                .profile(10)
        };
        let open = of("rate = '3/s'\nduration = '10s'\nwarm_up = '10s'");
        assert_eq!(
            (
                open.length.map(Duration::as_secs_f64),
                open.total(),
                open.measured()
            ),
            (Some(20.0), Some(60), Some(30))
        );
        assert!(
            open.levels.iter().all(|level| (level - 3.0).abs() < 1e-9),
            "{:?}",
            open.levels
        );
        let closed = of("vus = 10\nramp_up = '10s'\nduration = '10s'");
        assert_eq!(
            (closed.levels[0], closed.levels[4], closed.levels[9]),
            (2.0, 10.0, 10.0)
        );
        assert_eq!(
            (closed.length.map(Duration::as_secs_f64), closed.total()),
            (Some(20.0), None)
        );
        let counted = of("vus = 2\niterations = 5\nwarm_up = '1 iterations'");
        assert_eq!(
            (counted.length, counted.total(), counted.measured()),
            (None, Some(6), Some(5))
        );
    }
}
