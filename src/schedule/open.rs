//! An open load: a rate curve with its parts, and where it ends.

use super::curve::{CurvePiece, RateCurve};
use super::load::{ArrivalKind, Load};
use super::segment::Segment;
use super::warm_up::WarmUpSpec;
use crate::metric::LoadPart;
use crate::units::Duration;

/// How much area of the rate curve lies between two arrivals.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spacing {
    /// Exactly one.
    Even,
    /// Exponentially distributed with mean one, from this seed.
    Random(u64),
}

/// When iterations of an open load are due. All times are counted from the load's time zero.
#[derive(Debug, Clone)]
pub struct OpenSchedule {
    pub(super) curve: RateCurve,
    pub(super) unit: Spacing,
    ramp_up_until: Duration,
    measured_from: Duration,
    measured_until: Duration,
    /// The first arrival that is measured.
    first_measured: u64,
    /// Arrivals from this one on are not planned.
    pub(super) limit: u64,
    /// Iterations in flight at most.
    pub max_vus: u64,
    /// Virtual users made before the first arrival.
    pub pre_allocated_vus: u64,
}

impl OpenSchedule {
    pub(super) fn new(load: &Load, seed: u64) -> Self {
        let unit = match load.arrivals {
            ArrivalKind::Uniform => Spacing::Even,
            ArrivalKind::Poisson => Spacing::Random(seed),
        };
        let levels = levels(load);
        let first = levels.first().map_or(0.0, |level| level.to);
        let last = levels.last().map_or(0.0, |level| level.to);
        let ramp_up = CurvePiece {
            length: load.ramp_up,
            from: 0.0,
            to: first,
        };
        let endless = CurvePiece {
            length: Duration::MAX,
            from: first,
            to: first,
        };
        let opening = Self {
            curve: RateCurve::new(vec![ramp_up, endless]),
            unit,
            ramp_up_until: load.ramp_up,
            measured_from: Duration::MAX,
            measured_until: Duration::MAX,
            first_measured: u64::MAX,
            limit: u64::MAX,
            max_vus: load.in_flight_limit(),
            pre_allocated_vus: load.pre_allocated_vus.0,
        };
        let (measured_from, first_measured) = opening.begin(load);
        let flat = CurvePiece {
            length: measured_from - load.ramp_up,
            from: first,
            to: first,
        };
        let ramp_down = CurvePiece {
            length: load.ramp_down,
            from: last,
            to: 0.0,
        };
        let measured: Duration = levels.iter().map(|level| level.length).sum();
        let lines = [ramp_up, flat]
            .into_iter()
            .chain(levels)
            .chain([ramp_down])
            .collect();
        Self {
            curve: RateCurve::new(lines),
            ramp_up_until: load.ramp_up.min(measured_from),
            measured_from,
            measured_until: measured_from + measured,
            first_measured,
            limit: load
                .iterations
                .map_or(u64::MAX, |n| first_measured.saturating_add(n.0))
                .min(load.at_most.unwrap_or(u64::MAX)),
            ..opening
        }
    }

    /// When measuring begins, and with which arrival.
    fn begin(&self, load: &Load) -> (Duration, u64) {
        let before = |until: Duration| {
            self.arrivals(Segment::WHOLE)
                .take_while(|arrival| arrival.due < until)
                .last()
                .map_or(0, |last| last.n + 1)
        };
        match load.warm_up {
            // Without a duration a ramp belongs to what is counted.
            warm_up if warm_up.is_none() && load.ends_by_count() => (Duration::ZERO, 0),
            WarmUpSpec::For(time) => (load.ramp_up + time, before(load.ramp_up + time)),
            WarmUpSpec::Iterations(count) => {
                let first = before(load.ramp_up) + count;
                let from = self
                    .arrivals(Segment::WHOLE)
                    .nth(first as usize)
                    .map_or(load.ramp_up, |a| a.due);
                (from, first)
            }
        }
    }

    /// Which part an arrival belongs to.
    #[must_use]
    pub fn part(&self, n: u64, due: Duration) -> LoadPart {
        if n >= self.first_measured {
            if due < self.measured_until {
                LoadPart::Measured
            } else {
                LoadPart::RampDown
            }
        } else if due < self.ramp_up_until {
            LoadPart::RampUp
        } else {
            LoadPart::WarmUp
        }
    }

    /// The measured window; its end is [`Duration::MAX`] where a count alone ends the load.
    #[must_use]
    pub const fn window(&self) -> (Duration, Duration) {
        (self.measured_from, self.measured_until)
    }

    /// When the last arrival can be due, [`Duration::MAX`] where only a count ends the load.
    #[must_use]
    pub fn end(&self) -> Duration {
        self.curve.end()
    }

    /// The rate at a moment from time zero, per second.
    #[must_use]
    pub fn rate_at(&self, at: Duration) -> f64 {
        self.curve.rate_at(at)
    }

    /// The highest rate, per second.
    #[must_use]
    pub fn peak_rate(&self) -> f64 {
        self.curve.peak()
    }
}

/// The measured lines of the load, per second.
fn levels(load: &Load) -> Vec<CurvePiece> {
    if let Some(rate) = load.rate {
        let rate = rate.each_second();
        return vec![CurvePiece {
            length: load.duration.unwrap_or(Duration::MAX),
            from: rate,
            to: rate,
        }];
    }
    let mut from = 0.0;
    let stages = load.stages.iter().flatten();
    stages
        .map(|stage| {
            let to = stage.rate.map_or(0.0, crate::units::Rate::each_second);
            CurvePiece {
                length: stage.duration,
                from: std::mem::replace(&mut from, to),
                to,
            }
        })
        .collect()
}
