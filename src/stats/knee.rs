//! Where a growing load stops to bring more throughput.
//!
//! The method is that of asymptotic bounds (Lazowska and others, *Quantitative System Performance*, 1984, chapter 5):
//! throughput is at most X₁N, what the first point gives each unit, and at most X_max, what the bottleneck gives. The knee
//! N* = X_max / X₁ is where the two meet.

/// One point of a curve: the value, its throughput, and the relative standard error of that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// What was varied.
    pub n: f64,
    /// Throughput.
    pub x: f64,
    /// The standard error of `x`, as a share of it.
    pub error: f64,
}

/// Where growth ends, with its 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knee {
    /// The value at which the two bounds meet.
    pub value: f64,
    /// From where.
    pub low: f64,
    /// To where.
    pub high: f64,
}

/// Two throughputs nearer to each other than this share are the same for every purpose.
pub const SAME: f64 = 0.05;
/// Of the standard normal distribution, for 90 % in the middle.
const Z: f64 = 1.645;

impl CurvePoint {
    /// Whether its throughput cannot be told from that of `best`.
    #[must_use]
    pub fn is_like(&self, best: &Self) -> bool {
        let error = (self.error.powi(2) + best.error.powi(2)).sqrt();
        self.x >= best.x * (1.0 - (Z * error).max(SAME))
    }
}

/// The point of the highest throughput, and the first one that cannot be told from it. `None` without points.
#[must_use]
pub fn optimum(points: &[CurvePoint]) -> Option<(usize, usize)> {
    let best = (0..points.len()).max_by(|a, b| points[*a].x.total_cmp(&points[*b].x))?;
    let smallest = (0..points.len()).filter(|at| points[*at].is_like(&points[best]));
    let smallest = smallest.min_by(|a, b| points[*a].n.total_cmp(&points[*b].n))?;
    Some((best, smallest))
}

/// The knee of a curve. `None` for fewer than three points, and for a curve that still grows in proportion at its end.
#[must_use]
pub fn knee(points: &[CurvePoint]) -> Option<Knee> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.n.total_cmp(&b.n));
    let [first, .., last] = sorted.as_slice() else {
        return None;
    };
    if sorted.len() < 3 || first.x <= 0.0 || first.n <= 0.0 {
        return None;
    }
    let (best, _) = optimum(&sorted)?;
    // All that cannot be told from the best are one plateau: their mean errs less than the best of them.
    let plateau: Vec<&CurvePoint> = sorted
        .iter()
        .filter(|point| point.is_like(&sorted[best]))
        .collect();
    let count = plateau.len() as f64;
    let highest = plateau.iter().map(|point| point.x).sum::<f64>() / count;
    let highest_error = plateau
        .iter()
        .map(|point| point.error.powi(2))
        .sum::<f64>()
        .sqrt()
        / count;
    let value = highest / (first.x / first.n);
    let error = (first.error.powi(2) + highest_error.powi(2)).sqrt();
    let reach = (Z * error).max(SAME / 2.0);
    // Without a bend before the last point nothing is known of where one would be.
    (value * (1.0 + reach) < last.n).then_some(Knee {
        value,
        low: value * (1.0 - reach),
        high: value * (1.0 + reach),
    })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::*;

    fn curve(of: impl Fn(f64) -> f64, error: f64) -> Vec<CurvePoint> {
        let point = |n: f64| CurvePoint { n, x: of(n), error };
        [1.0, 2.0, 4.0, 8.0, 16.0, 32.0].map(point).to_vec()
    }

    #[test]
    fn the_knee_is_where_growth_ends() {
        let knee_of = |slots: f64| knee(&curve(|n| 5.0 * n.min(slots), 0.01));
        for slots in [2.0, 3.0, 8.0, 12.0] {
            let found = knee_of(slots).unwrap();
            assert!(
                (found.value - slots).abs() < 0.02 * slots,
                "{slots}: {found:?}"
            );
            assert!(found.low <= slots && slots <= found.high);
        }
        assert_eq!(knee_of(1000.0), None, "it still grows at its end");
        assert_eq!(knee(&curve(|n| n, 0.0)[..2]), None);
    }

    #[test]
    fn its_interval_holds_the_truth_under_noise() {
        let mut held = 0;
        for seed in 0..200 {
            let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
            let mut points = curve(|n| 5.0 * n.min(6.0), 0.05);
            for point in &mut points {
                point.x *= 1.0 + 0.05 * (0..12).map(|_| random.random::<f64>() - 0.5).sum::<f64>();
            }
            let found = knee(&points).unwrap();
            held += u32::from(found.low <= 6.0 && 6.0 <= found.high);
        }
        assert!(held >= 170, "{held} of 200");
    }

    #[test]
    fn the_smallest_of_the_best_is_the_optimum() {
        let of = |points: &[(f64, f64)]| {
            let points: Vec<_> = points
                .iter()
                .map(|(n, x)| CurvePoint {
                    n: *n,
                    x: *x,
                    error: 0.01,
                })
                .collect();
            optimum(&points).map(|(best, smallest)| (points[best].n, points[smallest].n))
        };
        assert_eq!(
            of(&[(1.0, 5.0), (2.0, 9.98), (4.0, 10.0), (8.0, 10.05)]),
            Some((8.0, 2.0))
        );
        assert_eq!(of(&[(1.0, 5.0), (2.0, 9.0), (4.0, 10.0)]), Some((4.0, 4.0)));
        assert_eq!(of(&[]), None);
    }
}
