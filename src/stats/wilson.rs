//! The interval of a share that was counted.

use super::student::normal_quantile;

/// Wilson's score interval of the share `k` of `n`, both ends from 0 to 1. Unlike the usual one it has a width where nothing,
/// or everything, was counted.
///
/// `None` where `n` is 0, `k` is above it, or `confidence` (0.95 for 95 %) is not between 0 and 1.
#[must_use]
pub fn interval(k: u64, n: u64, confidence: f64) -> Option<(f64, f64)> {
    if n == 0 || k > n {
        return None;
    }
    let z = normal_quantile(0.5 + confidence / 2.0)?;
    if confidence <= 0.0 {
        return None;
    }
    let (count, share) = (n as f64, k as f64 / n as f64);
    let scale = 1.0 + z * z / count;
    let centre = (share + z * z / (2.0 * count)) / scale;
    let half = z / scale * (share * (1.0 - share) / count + (z / (2.0 * count)).powi(2)).sqrt();
    let low = if k == 0 {
        0.0
    } else {
        (centre - half).max(0.0)
    };
    let high = if k == n {
        1.0
    } else {
        (centre + half).min(1.0)
    };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, cases};
    use super::*;

    #[test]
    fn intervals_are_the_known_ones() {
        for case in cases("wilson") {
            let (low, high) = interval(
                case["k"].as_u64().unwrap(),
                case["n"].as_u64().unwrap(),
                0.95,
            )
            .unwrap();
            assert_near(low, case["ci95"][0].as_f64().unwrap());
            assert_near(high, case["ci95"][1].as_f64().unwrap());
        }
    }

    #[test]
    fn what_cannot_be_a_share_has_no_interval() {
        for (k, n, confidence) in [
            (0, 0, 0.95),
            (2, 1, 0.95),
            (1, 2, 0.0),
            (1, 2, 1.0),
            (1, 2, -0.5),
            (1, 2, f64::NAN),
        ] {
            assert_eq!(
                interval(k, n, confidence),
                None,
                "{k} of {n} at {confidence}"
            );
        }
    }
}
