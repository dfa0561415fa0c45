//! Means and how far values are from them.

/// The mean; `None` without values, or where it is not finite.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    mean.is_finite().then_some(mean)
}

/// The variance of a sample, by n - 1, in the square of the values' unit; `None` for fewer than two values, or where it is not
/// finite.
#[must_use]
pub fn variance(values: &[f64]) -> Option<f64> {
    let variance = squares(values)? / (values.len().checked_sub(1)? as f64);
    variance.is_finite().then_some(variance)
}

/// The standard deviation of a sample, by n - 1, in the unit of the values; `None` for fewer than two values, or where one is
/// not finite.
#[must_use]
pub fn sd(values: &[f64]) -> Option<f64> {
    variance(values).map(f64::sqrt)
}

/// The sum of the squares of the distances from the mean.
pub(super) fn squares(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    if values.iter().all(|value| *value == first) {
        // The mean of equal values may be off by a rounding, and a spread of nothing has to be exactly nothing.
        return first.is_finite().then_some(0.0);
    }
    let mean = mean(values)?;
    Some(values.iter().map(|value| (value - mean).powi(2)).sum())
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, cases, list, number};
    use super::*;

    #[test]
    fn the_spread_of_sessions_is_the_known_one() {
        let known = &cases("session_gate")[0];
        assert_near(
            sd(&list(known, "baseline_session_log")).unwrap(),
            number(known, "sd"),
        );
    }

    #[test]
    fn one_value_has_no_spread_and_equal_ones_have_none_at_all() {
        assert_eq!(
            (
                sd(&[]),
                sd(&[1.0]),
                sd(&[1.0, f64::NAN]),
                sd(&[f64::INFINITY; 2])
            ),
            (None, None, None, None)
        );
        assert_eq!(sd(&[0.1; 7]), Some(0.0));
        assert_eq!((mean(&[]), mean(&[1.0, 2.0])), (None, Some(1.5)));
    }
}
