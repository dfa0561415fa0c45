//! How fast a series grows, how sure that is, and whether it has settled.

use super::student;

/// A line through a series by least squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// The growth for each unit of x.
    pub value: f64,
    /// The 90 % interval: from.
    pub low: f64,
    /// To.
    pub high: f64,
}

/// Fewer points say nothing of a growth.
const FEWEST: usize = 8;

impl Slope {
    /// The line through points `(x, y)`. `None` for fewer than eight points, or for one x alone.
    ///
    /// Neighbours of a series are alike, so that it knows less than its count of points: the interval is widened by the lag-1
    /// autocorrelation ρ of the residuals, as for an effective count of n (1 − ρ) / (1 + ρ).
    #[must_use]
    pub fn of(points: &[(f64, f64)]) -> Option<Self> {
        let n = points.len() as f64;
        if points.len() < FEWEST || points.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
            return None;
        }
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
        let (mx, my) = (mean(|point| point.0), mean(|point| point.1));
        let sxx: f64 = points.iter().map(|(x, _)| (x - mx).powi(2)).sum();
        let sxy: f64 = points.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
        if sxx <= 0.0 {
            return None;
        }
        let value = sxy / sxx;
        let residuals: Vec<f64> = points
            .iter()
            .map(|(x, y)| y - my - value * (x - mx))
            .collect();
        let squares: f64 = residuals.iter().map(|r| r * r).sum();
        let neighbours: f64 = residuals.windows(2).map(|two| two[0] * two[1]).sum();
        let rho = if squares > 0.0 {
            (neighbours / squares).clamp(0.0, 0.95)
        } else {
            0.0
        };
        let freedom = (n * (1.0 - rho) / (1.0 + rho) - 2.0).max(1.0);
        let reach = student::quantile(0.95, freedom)? * (squares / freedom / sxx).sqrt();
        Some(Self {
            value,
            low: value - reach,
            high: value + reach,
        })
    }

    /// Whether it cannot be told from no growth.
    #[must_use]
    pub fn is_level(&self) -> bool {
        self.low <= 0.0 && 0.0 <= self.high
    }
}

/// What became of a series that grew: from when on it does not any more, and how fast it grows at its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GrowthCourse {
    /// The growth of the whole series, or of what follows once it has settled.
    pub slope: Slope,
    /// The x from which on it grows no more; `None` where it never grew, or still does.
    pub settled: Option<f64>,
}

/// Tenths of the series at whose ends it is looked for a plateau.
const LAST_TENTH: usize = 6;

impl GrowthCourse {
    /// The course of a series in the order of x. A plateau is looked for in what follows each tenth of it up to the sixth: that is
    /// level, gains less than a tenth of what was gained before it, and lies above the begin by more than four times its own scatter.
    #[must_use]
    pub fn of(points: &[(f64, f64)]) -> Option<Self> {
        let whole = Slope::of(points)?;
        let begin = mean(&points[..BEGIN]);
        let settled = (1..=LAST_TENTH).find_map(|tenth| {
            let tail = &points[points.len() * tenth / 10..];
            let slope = Slope::of(tail)?;
            let gained = (mean(tail) - begin).abs();
            let length = tail[tail.len() - 1].0 - tail[0].0;
            let is_plateau = slope.is_level()
                && (slope.value * length).abs() < gained / 10.0
                && gained > 4.0 * scatter(tail);
            is_plateau.then_some((tail[0].0, slope))
        });
        Some(match settled {
            Some((at, slope)) => Self {
                slope,
                settled: Some(at),
            },
            None => Self {
                slope: whole,
                settled: None,
            },
        })
    }
}

/// Points at the begin of a series that stand for it.
const BEGIN: usize = 3;

fn mean(points: &[(f64, f64)]) -> f64 {
    points.iter().map(|(_, y)| y).sum::<f64>() / points.len() as f64
}

/// The standard deviation.
fn scatter(points: &[(f64, f64)]) -> f64 {
    let middle = mean(points);
    let squares: f64 = points.iter().map(|(_, y)| (y - middle).powi(2)).sum();
    (squares / (points.len() as f64 - 1.0).max(1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::*;

    fn series(seed: u64, noise: f64, of: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
        let mut jitter = || (0..12).map(|_| random.random::<f64>() - 0.5).sum::<f64>();
        (0..120)
            .map(|x| (f64::from(x), of(f64::from(x)) + noise * jitter()))
            .collect()
    }

    #[test]
    fn intervals_hold_the_truth_in_at_least_85_of_100_series() {
        for truth in [0.0, 1.0, -0.3] {
            let held = (0..100).filter(|seed| {
                let slope = Slope::of(&series(*seed, 20.0, |x| 500.0 + truth * x)).unwrap();
                slope.low <= truth && truth <= slope.high
            });
            let held = held.count();
            assert!(held >= 85, "{truth}: {held}");
        }
    }

    #[test]
    fn a_leak_is_found_and_none_where_there_is_none_and_a_plateau_is_no_leak() {
        for seed in 0..20 {
            let leak = GrowthCourse::of(&series(seed, 5.0, |x| 100.0 + x)).unwrap();
            assert!(leak.slope.low > 0.5 && leak.settled.is_none(), "{leak:?}");
            let plateau =
                GrowthCourse::of(&series(seed, 1.0, |x| 100.0 + 10.0 * x.min(20.0))).unwrap();
            assert!(
                plateau
                    .settled
                    .is_some_and(|at| (12.0..=60.0).contains(&at)),
                "{plateau:?}"
            );
            assert!(plateau.slope.is_level());
        }
        let level = (0..100).filter(|seed| {
            GrowthCourse::of(&series(*seed, 5.0, |_| 100.0))
                .unwrap()
                .slope
                .is_level()
        });
        assert!(level.count() >= 85);
        assert_eq!(Slope::of(&[(0.0, 1.0); 20]), None);
        assert_eq!(Slope::of(&[(0.0, 1.0), (1.0, 2.0)]), None);
    }
}
