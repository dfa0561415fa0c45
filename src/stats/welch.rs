//! Welch's test: is one mean above another, where the spreads differ?

use super::spread::{mean, variance};
use super::student::{quantile, sf};

/// What Welch's test says about candidate minus baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// The difference of the means in standard errors.
    pub t: f64,
    /// The degrees of freedom, by Welch and Satterthwaite; not whole.
    pub df: f64,
    /// The probability of such a `t` or a greater one where the means are equal.
    pub p: f64,
    /// The two-sided interval of the difference, in the unit of the values.
    pub interval: (f64, f64),
}

impl Welch {
    /// Tests whether the candidate's mean is above the baseline's; `confidence` (0.95 for 95 %) is that of the interval.
    ///
    /// `None` where a side has fewer than two values, neither side varies, a value is not finite, or `confidence` is not between
    /// 0 and 1.
    #[must_use]
    pub fn greater(baseline: &[f64], candidate: &[f64], confidence: f64) -> Option<Self> {
        let share = |values: &[f64]| Some(variance(values)? / values.len() as f64);
        let (of_baseline, of_candidate) = (share(baseline)?, share(candidate)?);
        let square = of_baseline + of_candidate;
        if square.is_nan() || square <= 0.0 || confidence.is_nan() || confidence <= 0.0 {
            return None;
        }
        // As shares of the sum, so that the squares of tiny variances do not vanish.
        let part = |own: f64, values: &[f64]| (own / square).powi(2) / (values.len() - 1) as f64;
        let df = 1.0 / (part(of_baseline, baseline) + part(of_candidate, candidate));
        let (difference, error) = (mean(candidate)? - mean(baseline)?, square.sqrt());
        let half = quantile(0.5 + confidence / 2.0, df)? * error;
        let t = difference / error;
        Some(Self {
            t,
            df,
            p: sf(t, df)?,
            interval: (difference - half, difference + half),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, group, list, number};
    use super::*;

    #[test]
    fn the_test_is_the_known_one() {
        let known = group("welch_greater");
        let found =
            Welch::greater(&list(&known, "baseline"), &list(&known, "candidate"), 0.95).unwrap();
        assert_near(found.t, number(&known, "t"));
        assert_near(found.df, number(&known, "df"));
        assert_near(found.p, number(&known, "p"));
        let interval = list(&known, "ci95_diff");
        assert_near(found.interval.0, interval[0]);
        assert_near(found.interval.1, interval[1]);
    }

    #[test]
    fn one_side_may_be_constant_but_not_both() {
        assert!(Welch::greater(&[1.0, 1.0], &[1.0, 2.0], 0.9).is_some());
        assert_eq!(Welch::greater(&[1.0, 1.0], &[2.0, 2.0], 0.9), None);
        assert_eq!(Welch::greater(&[1.0], &[2.0, 3.0], 0.9), None);
        for confidence in [0.0, 1.0, -1.0, f64::NAN] {
            assert_eq!(Welch::greater(&[1.0, 2.0], &[2.0, 3.0], confidence), None);
        }
        assert!(
            Welch::greater(&[1e-160, 2e-160], &[3e-160, 5e-160], 0.9)
                .is_none_or(|found| found.df >= 1.0)
        );
    }
}
