//! Whether a series rises or falls, and how fast, whatever its outliers.

use super::kendall::Kendall;
use super::theil_sen::slope;

/// The trend of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The median slope of all pairs of points (Theil and Sen), in units of y for each unit of x.
    pub slope: f64,
    /// Kendall's tau-b, -1 (always falls) to 1 (always rises).
    pub tau: f64,
    /// The two-sided probability of such a tau, or one farther from 0, where there is no trend.
    pub p: f64,
}

impl Trend {
    /// The trend of points `(x, y)`, in any order, in n·log n: tens of thousands of points are no matter. Of more than 1,000
    /// points the slope is found by halving, which ends within a rounding of the median one.
    ///
    /// `p` is exact for up to 33 points without equal values; otherwise it is the normal approximation, corrected for ties.
    /// `None` for fewer than two different x, where a value is not finite, or a slope would not be.
    #[must_use]
    pub fn of(points: &[(f64, f64)]) -> Option<Self> {
        if points.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
            return None;
        }
        // Negative zero is zero, and would be put before it.
        let mut points: Vec<_> = points.iter().map(|(x, y)| (x + 0.0, y + 0.0)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let slope = slope(&points)?;
        let Kendall { tau, p } = Kendall::of(&points)?;
        Some(Self { slope, tau, p })
    }

    /// The trend of values one step apart.
    #[must_use]
    pub fn of_series(values: &[f64]) -> Option<Self> {
        let points: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(at, value)| (at as f64, *value))
            .collect();
        Self::of(&points)
    }
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, group, list, number};
    use super::*;

    #[test]
    fn the_trend_is_the_known_one() {
        let known = group("theil_sen");
        let found = Trend::of_series(&list(&known, "y")).unwrap();
        assert_near(found.slope, number(&known, "slope"));
        assert_near(found.p, number(&known, "kendall_p"));
        assert_near(found.tau, 24.0 / 28.0);
    }

    #[test]
    fn a_level_series_has_no_trend() {
        assert_eq!(
            Trend::of_series(&[5.0; 40]),
            Some(Trend {
                slope: 0.0,
                tau: 0.0,
                p: 1.0
            })
        );
        assert_eq!(
            Trend::of_series(&[0.0, -0.0, 0.0]),
            Some(Trend {
                slope: 0.0,
                tau: 0.0,
                p: 1.0
            })
        );
        for few in [
            vec![],
            vec![(1.0, 1.0)],
            vec![(1.0, 1.0), (1.0, 2.0)],
            vec![(0.0, 1.0), (1.0, f64::NAN)],
        ] {
            assert_eq!(Trend::of(&few), None, "{few:?}");
        }
    }

    #[test]
    fn order_and_outliers_do_not_matter() {
        let mut points: Vec<_> = (0..50)
            .map(|i| (f64::from(i), 2.0 * f64::from(i)))
            .collect();
        points[3].1 = 1e6;
        let straight = Trend::of(&points).unwrap();
        assert_near(straight.slope, 2.0);
        assert!(straight.p < 1e-9);
        points.reverse();
        assert_eq!(Trend::of(&points), Some(straight));
    }

    #[test]
    fn ten_thousand_points_are_no_matter() {
        let noise = |i: u64| {
            (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 / (1u64 << 24) as f64 - 0.5
        };
        let rising: Vec<_> = (0..10_000).map(|i| 1e-4 * i as f64 + noise(i)).collect();
        let found = Trend::of_series(&rising).unwrap();
        assert!(
            (found.slope / 1e-4 - 1.0).abs() < 0.02 && found.p < 1e-12,
            "{found:?}"
        );
        let level: Vec<_> = (0..10_000).map(noise).collect();
        assert!(Trend::of_series(&level).unwrap().p > 0.01);
    }
}
