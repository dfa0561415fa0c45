//! The Universal Scalability Law: what contention and coherency leave of linear growth.
//!
//! X(N) = λN / (1 + σ(N − 1) + κN(N − 1)) (Gunther, *Guerrilla Capacity Planning*, 2007). Divided by N and turned over it is
//! linear in its coefficients: N/X = (1 + σ(N − 1) + κN(N − 1)) / λ. It is fitted there by least squares, each point weighted
//! by its own size, since throughputs err in proportion.

use super::student;

/// A coefficient with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The most likely value.
    pub value: f64,
    /// The 90 % interval; `None` where there are as many points as coefficients.
    pub interval: Option<(f64, f64)>,
}

/// A fitted law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScalabilityLaw {
    /// λ: the throughput of one unit.
    pub unit: f64,
    /// σ, contention: the share of the work that is done one after the other.
    pub contention: Estimate,
    /// κ, coherency: what each unit costs every other one.
    pub coherency: Estimate,
}

/// The share of a two-sided interval.
const CONFIDENCE: f64 = 0.9;

impl ScalabilityLaw {
    /// The law through points of N and throughput. `None` for fewer than three different N, or values that are not above zero.
    #[must_use]
    pub fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let mut sizes: Vec<f64> = points.iter().map(|(n, _)| *n).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.dedup();
        let usable = |(n, x): &(f64, f64)| n.is_finite() && x.is_finite() && *n > 0.0 && *x > 0.0;
        if sizes.len() < 3 || !points.iter().all(usable) {
            return None;
        }
        let all = solve(points, [true; 3])?;
        // Neither share can be below zero: the law is fitted again without a coefficient that would be.
        let kept = [
            [true, true, false],
            [true, false, true],
            [true, false, false],
        ];
        let fits =
            std::iter::once(all.clone()).chain(kept.iter().filter_map(|kept| solve(points, *kept)));
        let best = fits
            .filter(|fit| fit.coefficients.iter().all(|value| *value >= 0.0))
            .min_by(|a, b| a.residual.total_cmp(&b.residual))?;
        let [a, b, c] = best.coefficients;
        let interval = |at: usize, value: f64| {
            all.ratio_interval(at)
                .map(|(low, high)| (low.clamp(0.0, value), high.max(value)))
        };
        Some(Self {
            unit: 1.0 / a,
            contention: Estimate {
                value: b / a,
                interval: interval(1, b / a),
            },
            coherency: Estimate {
                value: c / a,
                interval: interval(2, c / a),
            },
        })
    }

    /// The throughput of `n` units.
    #[must_use]
    pub fn throughput(&self, n: f64) -> f64 {
        let (sigma, kappa) = (self.contention.value, self.coherency.value);
        self.unit * n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0))
    }

    /// The number of units beyond which more do harm: √((1 − σ) / κ). `None` where coherency cannot be told from nothing.
    #[must_use]
    pub fn peak(&self) -> Option<f64> {
        let kappa = self.coherency.value;
        let is_something = self.coherency.interval.is_none_or(|(low, _)| low > 0.0);
        (kappa > 1e-9 && is_something && self.contention.value < 1.0)
            .then(|| ((1.0 - self.contention.value) / kappa).sqrt())
    }
}

/// Least squares of N/X in (1, N − 1, N(N − 1)).
#[derive(Debug, Clone)]
struct LeastSquares {
    coefficients: [f64; 3],
    /// The inverse of the normal matrix.
    inverse: [[f64; 3]; 3],
    residual: f64,
    freedom: usize,
}

fn solve(points: &[(f64, f64)], kept: [bool; 3]) -> Option<LeastSquares> {
    let row = |n: f64| [1.0, n - 1.0, n * (n - 1.0)];
    let (mut normal, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
    for (n, x) in points {
        let y = n / x;
        let (row, weight) = (row(*n), 1.0 / (y * y));
        for i in (0..3).filter(|i| kept[*i]) {
            right[i] += weight * row[i] * y;
            for j in (0..3).filter(|j| kept[*j]) {
                normal[i][j] += weight * row[i] * row[j];
            }
        }
    }
    for i in (0..3).filter(|i| !kept[*i]) {
        normal[i][i] = 1.0;
    }
    let inverse = inverted(normal)?;
    let coefficients = std::array::from_fn(|i| (0..3).map(|j| inverse[i][j] * right[j]).sum());
    let residual = points
        .iter()
        .map(|(n, x)| {
            let y = n / x;
            let fitted: f64 = row(*n).iter().zip(coefficients).map(|(x, c)| x * c).sum();
            ((y - fitted) / y).powi(2)
        })
        .sum();
    Some(LeastSquares {
        coefficients,
        inverse,
        residual,
        freedom: points
            .len()
            .saturating_sub(kept.iter().filter(|kept| **kept).count()),
    })
}

impl LeastSquares {
    /// The interval of a coefficient divided by the first, to the first order.
    fn ratio_interval(&self, at: usize) -> Option<(f64, f64)> {
        if self.freedom == 0 {
            return None;
        }
        let freedom = self.freedom as f64;
        let variance = self.residual / freedom;
        let (a, b) = (self.coefficients[0], self.coefficients[at]);
        let (by_a, by_b) = (-b / (a * a), 1.0 / a);
        let spread = by_a * by_a * self.inverse[0][0]
            + by_b * by_b * self.inverse[at][at]
            + 2.0 * by_a * by_b * self.inverse[0][at];
        let reach = student::quantile(f64::midpoint(1.0, CONFIDENCE), freedom)?
            * (variance * spread).max(0.0).sqrt();
        Some((b / a - reach, b / a + reach))
    }
}

/// The inverse by the adjugate; `None` of a matrix without one.
fn inverted(m: [[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let minor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, d) = ((j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    let inverse = std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / determinant));
    (determinant.abs() > 1e-300).then_some(inverse)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::*;

    const SIZES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0];

    fn law(unit: f64, sigma: f64, kappa: f64) -> impl Fn(f64) -> f64 {
        move |n| unit * n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0))
    }

    #[test]
    fn known_coefficients_are_found() {
        for (unit, sigma, kappa) in [
            (10.0, 0.05, 0.002),
            (200.0, 0.2, 0.0),
            (3.0, 0.0, 0.0),
            (50.0, 0.02, 0.01),
        ] {
            let truth = law(unit, sigma, kappa);
            let points: Vec<_> = SIZES.iter().map(|n| (*n, truth(*n))).collect();
            let fit = ScalabilityLaw::fit(&points).unwrap();
            let near =
                |value: f64, expected: f64| (value - expected).abs() < 1e-6 * expected.max(1.0);
            assert!(
                near(fit.unit, unit)
                    && near(fit.contention.value, sigma)
                    && near(fit.coherency.value, kappa),
                "{fit:?}"
            );
            let peak = (kappa > 0.0).then(|| ((1.0 - sigma) / kappa).sqrt());
            assert_eq!(
                fit.peak().map(f64::round),
                peak.map(|n: f64| n.round()),
                "{fit:?}"
            );
        }
    }

    #[test]
    fn intervals_hold_the_truth_nine_times_in_ten_under_noise() {
        let (sigma, kappa) = (0.06, 0.003);
        let truth = law(12.0, sigma, kappa);
        let mut held = [0; 2];
        let seeds = 400;
        for seed in 0..seeds {
            let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
            let mut noise =
                || 1.0 + 0.05 * (0..12).map(|_| random.random::<f64>() - 0.5).sum::<f64>();
            let points: Vec<_> = SIZES.iter().map(|n| (*n, truth(*n) * noise())).collect();
            let fit = ScalabilityLaw::fit(&points).unwrap();
            for (at, (estimate, truth)) in [(fit.contention, sigma), (fit.coherency, kappa)]
                .into_iter()
                .enumerate()
            {
                let (low, high) = estimate.interval.unwrap();
                held[at] += u64::from(low <= truth && truth <= high);
            }
        }
        assert!(
            held.iter().all(|held| *held >= seeds * 85 / 100),
            "{held:?} of {seeds}"
        );
    }

    #[test]
    fn too_little_is_no_law() {
        assert_eq!(ScalabilityLaw::fit(&[(1.0, 10.0), (2.0, 19.0)]), None);
        assert_eq!(
            ScalabilityLaw::fit(&[(1.0, 10.0), (2.0, 19.0), (3.0, 0.0)]),
            None
        );
        let three = ScalabilityLaw::fit(&[(1.0, 10.5), (2.0, 20.1), (3.0, 29.8)]).unwrap();
        assert_eq!(
            three.contention.interval, None,
            "three points leave nothing to judge a fit of three coefficients by"
        );
        assert!(three.peak().is_none_or(|peak| peak > 3.0));
    }
}
