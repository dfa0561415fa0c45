//! The test of differences that were measured in pairs.

use super::spread::{mean, sd};
use super::student::{quantile, sf};

/// What the paired test says about the differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// Their mean, in their unit.
    pub mean: f64,
    /// It in standard errors, by the deviation of a sample (n - 1).
    pub t: f64,
    /// Pairs, less one.
    pub df: f64,
    /// The probability of such a `t` or a greater one where pairs do not differ.
    pub p: f64,
    /// The two-sided interval of the mean, in the unit of the differences.
    pub interval: (f64, f64),
}

impl Paired {
    /// Tests whether the differences are above 0 on average; `confidence` (0.9 for 90 %) is that of the interval. The number of
    /// pairs has to be fixed before they are looked at.
    ///
    /// `None` for fewer than two pairs, differences that are all equal, one that is not finite, or a `confidence` that is not
    /// between 0 and 1.
    #[must_use]
    pub fn greater(differences: &[f64], confidence: f64) -> Option<Self> {
        let (mean, spread) = (mean(differences)?, sd(differences)?);
        if spread <= 0.0 || confidence.is_nan() || confidence <= 0.0 {
            return None;
        }
        let error = spread / (differences.len() as f64).sqrt();
        let df = (differences.len() - 1) as f64;
        let half = quantile(0.5 + confidence / 2.0, df)? * error;
        let t = mean / error;
        Some(Self {
            mean,
            t,
            df,
            p: sf(t, df)?,
            interval: (mean - half, mean + half),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, group, list, number};
    use super::*;

    #[test]
    fn the_test_is_the_known_one() {
        let known = group("paired_log_ratio");
        let found = Paired::greater(&list(&known, "d"), 0.9).unwrap();
        assert_near(found.t, number(&known, "t"));
        assert_near(found.p, number(&known, "p"));
        let interval = list(&known, "ci90");
        assert_near(found.interval.0, interval[0]);
        assert_near(found.interval.1, interval[1]);
        assert_near(found.mean, 0.0364);
    }

    #[test]
    fn equal_differences_are_not_tested() {
        for few in [vec![], vec![0.1], vec![0.1, 0.1], vec![0.1, f64::NAN]] {
            assert_eq!(Paired::greater(&few, 0.9), None);
        }
        assert_eq!(Paired::greater(&[0.1, 0.2], 0.0), None);
    }
}
