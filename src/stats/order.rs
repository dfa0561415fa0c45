//! What order says: medians, quantiles, and how far a value stands from the middle of the others.

/// Makes the median absolute deviation of normal values their standard deviation.
const NORMAL_MAD: f64 = 1.4826;

/// The values in ascending order; `None` where there is none, or one is not finite.
pub(super) fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(sorted)
}

/// The middle value; of an even count the mean of the middle two. `None` without values, or where one is not finite.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    sorted(values).map(|sorted| middle(&sorted))
}

/// The middle of values that are in order and not empty.
pub(super) fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[half]
    } else {
        sorted[half - 1].midpoint(sorted[half])
    }
}

/// The value at the share `q` of the way through the ordered values, at rank q·(n-1) counted from 0, between two neighbours
/// in proportion: type 7 of Hyndman and Fan, the one of numpy, R and k6.
///
/// `None` without values, where one is not finite, or where `q` is not from 0 to 1.
#[must_use]
pub fn quantile7(values: &[f64], q: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    let sorted = sorted(values)?;
    let rank = q * (sorted.len() - 1) as f64;
    let below = rank.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = rank - below as f64;
    Some(sorted[below] * (1.0 - part) + sorted[above] * part)
}

/// The median distance from the median, times 1.4826, which makes it the standard deviation where values are normal: a spread
/// that a few outliers do not move. In the unit of the values. `None` without values, or where one is not finite.
#[must_use]
pub fn mad(values: &[f64]) -> Option<f64> {
    let centre = median(values)?;
    let away: Vec<_> = values.iter().map(|value| (value - centre).abs()).collect();
    median(&away).map(|middle| NORMAL_MAD * middle)
}

/// How many robust standard deviations each value stands above (or below: negative) the median of all. `floor`, in the unit of
/// the values, is the least that counts as one deviation, so that values that hardly differ have no outliers; one that is
/// negative or not a number counts as 0.
///
/// With neither spread nor floor a value that is not the median is infinitely far from it. Where one value is not finite nothing
/// can be said about any: all are NaN. The result has the length of `values`.
#[must_use]
pub fn modified_z(values: &[f64], floor: f64) -> Vec<f64> {
    let Some((centre, spread)) = median(values).zip(mad(values)) else {
        return vec![f64::NAN; values.len()];
    };
    let one = spread.max(floor.max(0.0));
    let z = |value: &f64| {
        if *value == centre {
            0.0
        } else {
            (value - centre) / one
        }
    };
    values.iter().map(z).collect()
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_all_near, assert_near, group, list, number};
    use super::*;

    #[test]
    fn quantiles_are_of_type_seven() {
        let known = group("quantile_type7");
        for case in known["q"].as_array().unwrap() {
            assert_near(
                quantile7(&list(&known, "x"), number(case, "q")).unwrap(),
                number(case, "value"),
            );
        }
        for q in [-0.1, 1.1, f64::NAN] {
            assert_eq!(quantile7(&[1.0], q), None);
        }
    }

    #[test]
    fn the_middle_and_its_spread_are_the_known_ones() {
        let known = group("median_mad");
        let values = list(&known, "x");
        assert_near(median(&values).unwrap(), number(&known, "median"));
        assert_near(mad(&values).unwrap(), number(&known, "mad_scaled_1.4826"));
        assert_all_near(&modified_z(&values, 0.0), &list(&known, "modified_z"));
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[f64::MAX, f64::MAX]), Some(f64::MAX));
    }

    #[test]
    fn a_floor_hides_what_hardly_differs() {
        let values = [1.0, 1.0, 1.0, 1.001, 2.0];
        assert_eq!(
            modified_z(&values, 0.0)[3..],
            [f64::INFINITY, f64::INFINITY]
        );
        assert_all_near(&modified_z(&values, 0.5), &[0.0, 0.0, 0.0, 0.002, 2.0]);
        assert_eq!(modified_z(&values, f64::NAN), modified_z(&values, -1.0));
        assert_eq!(modified_z(&[4.0, 4.0], 0.0), [0.0, 0.0]);
        assert!(modified_z(&[1.0, f64::NAN], 1.0).iter().all(|z| z.is_nan()));
    }
}
