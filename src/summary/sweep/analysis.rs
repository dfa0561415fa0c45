//! What the points of a sweep say together.

use super::description::FoundPoint;
use super::figures::PointFigures;
use crate::stats::bisection::{self, Attempt};
use crate::stats::knee::{self, CurvePoint, Knee};
use crate::stats::scalability::ScalabilityLaw;

/// Below this efficiency growth is not linear, as the guides of scaling tests have it.
pub const LINEAR: f64 = 0.9;
/// Below this something holds the units back.
pub const HELD_BACK: f64 = 0.8;
/// Where a sweep has no rules of its own, a point with fewer successes is past what the target takes.
const SUCCESS: f64 = 0.95;
/// A latency that grows by so much more than the value does rises sharply.
const SHARP: f64 = 1.25;

/// What is known of a sweep as a whole. Places are those of [`SweepAnalysis::points`].
#[derive(Debug, Clone, PartialEq)]
pub struct SweepAnalysis {
    /// The points that were measured.
    pub points: Vec<PointFigures>,
    /// The smallest accepted value whose throughput cannot be told from the best.
    pub optimum: Option<usize>,
    /// The accepted point with the highest throughput: the plain maximum.
    pub best: Option<usize>,
    /// The largest value such that it and every smaller one is accepted.
    pub capacity: Option<CapacityFound>,
    /// Where throughput stops to grow in proportion.
    pub knee: Option<Knee>,
    /// Where latency rises sharply or successes become rare.
    pub inflection: Option<Inflection>,
    /// Throughput for each unit of the value, from the smallest one.
    pub unit_throughput: Option<f64>,
    /// The law that the throughputs follow.
    pub law: Option<ScalabilityLaw>,
}

/// The largest accepted value, and between which values it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CapacityFound {
    /// Its place.
    pub at: usize,
    /// The largest value up to it that every try accepts.
    pub low: f64,
    /// The smallest value above it that is refused; `None` where there is none.
    pub high: Option<f64>,
}

/// The first point that is worse than its value explains.
#[derive(Debug, Clone, PartialEq)]
pub struct Inflection {
    /// Its place.
    pub at: usize,
    /// Why.
    pub because: Degradation,
}

/// What became worse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Degradation {
    /// Too few iterations ended well.
    Success(f64),
    /// The 95th percentile or the mean grew so many times over, and the value only so many times.
    Latency {
        /// The larger of the two growths.
        grew: f64,
        /// The growth of the value.
        value: f64,
    },
    /// The plan's own rules refuse it.
    Refused,
}

impl SweepAnalysis {
    /// What these points say.
    #[must_use]
    pub fn of(points: Vec<PointFigures>) -> Self {
        let accepted: Vec<(usize, CurvePoint)> = points
            .iter()
            .enumerate()
            .filter(|(_, point)| point.is_accepted())
            .filter_map(|(at, point)| Some((at, point.on_curve()?)))
            .collect();
        let curve: Vec<CurvePoint> = accepted.iter().map(|(_, point)| *point).collect();
        let (best, optimum) = knee::optimum(&curve).map_or_else(
            || named_best(&points),
            |(best, smallest)| (Some(accepted[best].0), Some(accepted[smallest].0)),
        );
        let measured: Vec<CurvePoint> = points
            .iter()
            .filter(|point| point.decision.is_some())
            .filter_map(PointFigures::on_curve)
            .collect();
        let sizes: Vec<(f64, f64)> = measured.iter().map(|point| (point.n, point.x)).collect();
        let smallest = measured.iter().min_by(|a, b| a.n.total_cmp(&b.n));
        Self {
            optimum,
            best,
            capacity: capacity(&points),
            knee: knee::knee(&measured),
            inflection: inflection(&points),
            unit_throughput: smallest.map(|point| point.x / point.n),
            law: ScalabilityLaw::fit(&sizes),
            points,
        }
    }

    /// The throughput that a point would have if each unit brought what the smallest value's units do.
    #[must_use]
    pub fn expected(&self, at: usize) -> Option<f64> {
        Some(self.unit_throughput? * self.points[at].value?)
    }

    /// The throughput of a point as a share of what is expected of it.
    #[must_use]
    pub fn efficiency(&self, at: usize) -> Option<f64> {
        Some(self.points[at].throughput? / self.expected(at)?)
    }

    /// The throughput of a point against that of one unit.
    #[must_use]
    pub fn speedup(&self, at: usize) -> Option<f64> {
        Some(self.points[at].throughput? / self.unit_throughput?)
    }

    /// The place of a point that rules name by what it turned out to be. Of a knee it is the value nearest to it.
    #[must_use]
    pub fn place(&self, found: FoundPoint) -> Option<usize> {
        match found {
            FoundPoint::Optimum => self.optimum,
            FoundPoint::Capacity => self.capacity.map(|found| found.at),
            FoundPoint::Knee => {
                let knee = self.knee?.value;
                let far = |at: &usize| {
                    let value = self.points[*at].value?;
                    Some((value / knee).ln().abs())
                };
                let places = (0..self.points.len()).filter(|at| far(at).is_some());
                places.min_by(|a, b| {
                    far(a)
                        .partial_cmp(&far(b))
                        .unwrap_or(std::cmp::Ordering::Equal)
                })
            }
        }
    }

    /// The value of a metric of the whole sweep.
    #[must_use]
    pub fn found(&self, found: FoundPoint) -> Option<f64> {
        match found {
            FoundPoint::Knee => self.knee.map(|knee| knee.value),
            found => self.points[self.place(found)?].value,
        }
    }

    /// The last point before the inflection: the recommended maximum.
    #[must_use]
    pub fn recommended(&self) -> Option<usize> {
        match &self.inflection {
            Some(inflection) => inflection.at.checked_sub(1),
            None => self.points.len().checked_sub(1),
        }
    }
}

/// Of values that are names there is no smallest: the best is the optimum.
fn named_best(points: &[PointFigures]) -> (Option<usize>, Option<usize>) {
    let throughput = |at: &usize| points[*at].throughput.unwrap_or_default();
    let accepted = (0..points.len()).filter(|at| points[*at].is_accepted());
    let best = accepted.max_by(|a, b| throughput(a).total_cmp(&throughput(b)));
    (best, best)
}

/// The largest accepted value below the smallest refused one, and between which values it lies. What most tries of a value say
/// is what counts.
fn capacity(points: &[PointFigures]) -> Option<CapacityFound> {
    let tries: Vec<(f64, Attempt)> = points
        .iter()
        .filter_map(|point| {
            let decision = point.decision.as_ref()?;
            let attempt = match (decision.invalid, point.is_accepted()) {
                (true, _) => Attempt::Invalid,
                (false, true) => Attempt::Accepted,
                (false, false) => Attempt::Refused,
            };
            Some((point.value.filter(|value| *value > 0.0)?, attempt))
        })
        .collect();
    let (value, (low, high)) = bisection::capacity(&tries)?;
    let at = points
        .iter()
        .position(|point| point.value == Some(value) && point.is_accepted())?;
    Some(CapacityFound { at, low, high })
}

/// The first point at which fewer than 95 % end well, or latency grows by a quarter more than the value.
fn inflection(points: &[PointFigures]) -> Option<Inflection> {
    let refused = points.iter().position(|point| {
        point
            .decision
            .as_ref()
            .is_some_and(|own| !own.accepted && !own.invalid)
    });
    let found = points.iter().enumerate().find_map(|(at, point)| {
        let because = match point.success {
            Some(success) if success < SUCCESS - 1e-9 => Some(Degradation::Success(success)),
            _ => at
                .checked_sub(1)
                .and_then(|before| sharp(&points[before], point)),
        };
        because.map(|because| Inflection { at, because })
    });
    match (found, refused) {
        (Some(found), Some(at)) if at < found.at => Some(Inflection {
            at,
            because: Degradation::Refused,
        }),
        (None, Some(at)) => Some(Inflection {
            at,
            because: Degradation::Refused,
        }),
        (found, _) => found,
    }
}

fn sharp(before: &PointFigures, point: &PointFigures) -> Option<Degradation> {
    let value = point.value? / before.value?;
    let growth = |of: fn(&PointFigures) -> Option<f64>| Some(of(point)? / of(before)?);
    let grew = [growth(|own| own.p95_s), growth(|own| own.mean_s)];
    let grew = grew.into_iter().flatten().fold(0.0, f64::max);
    (value > 1.0 && grew > SHARP * value).then_some(Degradation::Latency { grew, value })
}
