//! A closed load: which virtual user is active when.

use super::{Load, PerVu, WarmUpSpec};
use crate::units::{Duration, DurationRange};

/// Virtual users over time. Users are counted from 0; a user starts when the level rises above its number.
#[derive(Debug, Clone)]
pub struct ClosedSchedule {
    /// How many virtual users there are at most.
    pub vus: u64,
    /// How long the load rises before anything else.
    pub ramp_up: Duration,
    /// What comes before measuring, at the level that measuring starts with.
    pub warm_up: WarmUpSpec,
    /// Measured iterations in all, [`u64::MAX`] for no limit.
    pub iterations: u64,
    /// Measured iterations of each user, [`u64::MAX`] for no limit.
    pub iterations_per_vu: u64,
    /// Iterations of every part together, [`u64::MAX`] for no limit.
    pub at_most: u64,
    /// The pause after each iteration.
    pub think: DurationRange,
    /// The pause in its place after an iteration that was turned away.
    pub backoff: DurationRange,
    /// Whether a time ends the load; otherwise only a count does.
    pub timed: bool,
    connect_over: Duration,
    /// The level before measuring.
    opening: u64,
    /// How long measuring takes, [`Duration::MAX`] for until the count.
    measured: Duration,
    /// The level over the measured time and the ramp down: straight lines (length, from, to).
    lines: Vec<(Duration, f64, f64)>,
}

impl ClosedSchedule {
    pub(super) fn new(load: &Load) -> Self {
        let mut lines = match (&load.stages, load.vus) {
            (Some(stages), _) => {
                let mut from = 0.0;
                let level = |stage: &super::Stage| stage.vus.map_or(0.0, |n| n.0 as f64);
                stages
                    .iter()
                    .map(|s| (s.duration, std::mem::replace(&mut from, level(s)), level(s)))
                    .collect()
            }
            (None, vus) => {
                let vus = vus.map_or(0.0, |n| n.0 as f64);
                vec![(load.duration.unwrap_or(Duration::MAX), vus, vus)]
            }
        };
        let measured = lines.iter().map(|line| line.0).sum();
        let opening = lines.first().map_or(0.0, |line| line.2) as u64;
        let last = lines.last().map_or(0.0, |line| line.2);
        lines.push((load.ramp_down, last, 0.0));
        // Rising without a duration is part of what is counted, so it is part of the lines.
        let counted_ramp = load.ends_by_count() && load.warm_up.is_none();
        if counted_ramp && !load.ramp_up.is_zero() {
            lines.insert(0, (load.ramp_up, 0.0, opening as f64));
        }
        Self {
            vus: lines
                .iter()
                .map(|line| line.1.max(line.2))
                .fold(0.0, f64::max) as u64,
            ramp_up: if counted_ramp {
                Duration::ZERO
            } else {
                load.ramp_up
            },
            warm_up: load.warm_up,
            iterations: load.iterations.map_or(u64::MAX, |n| n.0),
            iterations_per_vu: match load.iterations_per_vu {
                Some(PerVu::Times(n)) => n,
                _ => u64::MAX,
            },
            at_most: load.at_most.unwrap_or(u64::MAX),
            think: load.think,
            backoff: load.backoff.unwrap_or(load.think),
            timed: !load.ends_by_count(),
            connect_over: load.connect_over.unwrap_or_default(),
            opening,
            measured,
            lines,
        }
    }

    /// When user `vu` starts its first iteration before measuring; `None` where it is not needed then.
    #[must_use]
    pub fn opening_start(&self, vu: u64) -> Option<Duration> {
        let ramp = spread(self.ramp_up, vu, self.opening);
        (vu < self.opening).then(|| ramp + self.stagger(vu))
    }

    /// The times in which user `vu` starts iterations, from the begin of measuring: [start, end), in order, apart.
    #[must_use]
    pub fn active(&self, vu: u64) -> Vec<(Duration, Duration)> {
        let mut spans: Vec<(Duration, Duration)> = Vec::new();
        let (level, mut begin) = (vu as f64, Duration::ZERO);
        for (length, from, to) in &self.lines {
            let share =
                |x: f64| Duration::from_nanos((length.as_nanos() as f64 * x).round() as u64);
            let (on, off) = if from < to {
                (
                    share(((level - from) / (to - from)).clamp(0.0, 1.0)),
                    *length,
                )
            } else if from > to {
                (
                    Duration::ZERO,
                    share(((from - level) / (from - to)).clamp(0.0, 1.0)),
                )
            } else {
                (
                    Duration::ZERO,
                    if *from > level {
                        *length
                    } else {
                        Duration::ZERO
                    },
                )
            };
            if on < off && (from.max(*to) > level) {
                let (on, off) = (begin + on, begin + off);
                match spans.last_mut() {
                    Some(last) if last.1 >= on => last.1 = off,
                    _ => spans.push((on, off)),
                }
            }
            begin = begin + *length;
        }
        // Users that were already busy before measuring are not spread a second time.
        if self.opening_is_empty()
            && let Some(first) = spans.first_mut()
        {
            first.0 = (first.0 + self.stagger(vu)).min(first.1);
        }
        spans
    }

    /// Whether measuring begins at time zero.
    #[must_use]
    pub const fn opening_is_empty(&self) -> bool {
        self.ramp_up.is_zero() && self.warm_up.is_none()
    }

    /// How long measuring takes, [`Duration::MAX`] for until the count.
    #[must_use]
    pub const fn measured(&self) -> Duration {
        self.measured
    }

    fn stagger(&self, vu: u64) -> Duration {
        spread(self.connect_over, vu, self.vus)
    }
}

/// The start of number `n` of `of` spread evenly over `time`.
fn spread(time: Duration, n: u64, of: u64) -> Duration {
    Duration::from_nanos(
        (u128::from(time.as_nanos()) * u128::from(n) / u128::from(of.max(1))) as u64,
    )
}

#[cfg(test)]
mod tests {
    use super::super::Schedule;
    use super::*;

    fn closed(text: &str) -> ClosedSchedule {
        let load: Load = toml::from_str(text).expect(text);
        assert!(load.check().is_empty(), "{text}: {:?}", load.check());
        match load.schedule(1) {
            Schedule::Closed(closed) => closed,
            Schedule::Open(_) => panic!("{text} is open"),
        }
    }

    fn level_at(closed: &ClosedSchedule, second: f64) -> usize {
        let at = Duration::from_secs_f64(second);
        (0..closed.vus)
            .filter(|vu| {
                closed
                    .active(*vu)
                    .iter()
                    .any(|(on, off)| *on <= at && at < *off)
            })
            .count()
    }

    #[test]
    fn a_ramping_profile_has_its_number_of_users_at_each_second() {
        let closed = closed(
            "stages = [{ duration = '10s', vus = 10 }, { duration = '5s', vus = 10 }, { duration = '5s', vus = 5 }, { duration = '0s', vus = 2 }, { duration = '5s', vus = 2 }]",
        );
        for second in 0..25 {
            let middle = f64::from(second) + 0.5;
            let expected = match second {
                0..10 => second + 1,
                10..15 => 10,
                15..20 => 10 - (second - 15),
                _ => 2,
            };
            assert_eq!(
                level_at(&closed, middle),
                expected as usize,
                "second {second}"
            );
        }
        assert_eq!(closed.vus, 10);
    }

    #[test]
    fn ramps_start_and_stop_users_evenly_and_newest_first() {
        let closed = closed("vus = 4\nramp_up = '4s'\nduration = '10s'\nramp_down = '4s'");
        let starts: Vec<_> = (0..4)
            .filter_map(|vu| closed.opening_start(vu))
            .map(Duration::as_secs_f64)
            .collect();
        assert_eq!(starts, [0.0, 1.0, 2.0, 3.0]);
        let stops: Vec<_> = (0..4)
            .map(|vu| closed.active(vu)[0].1.as_secs_f64())
            .collect();
        assert_eq!(stops, [14.0, 13.0, 12.0, 11.0]);
    }

    #[test]
    fn a_load_by_count_is_active_until_it_is_done() {
        let closed = closed("vus = 2\niterations = 10");
        assert_eq!(closed.active(1), [(Duration::ZERO, Duration::MAX)]);
        assert!(closed.opening_is_empty() && !closed.timed);
    }

    #[test]
    fn first_starts_are_spread_when_asked() {
        let closed = closed("vus = 4\nduration = '10s'\nconnect_over = '2s'");
        let starts: Vec<_> = (0..4)
            .map(|vu| closed.active(vu)[0].0.as_secs_f64())
            .collect();
        assert_eq!(starts, [0.0, 0.5, 1.0, 1.5]);
    }
}
