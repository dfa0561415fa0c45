//! Fisher's exact test of two shares of errors.

/// Requests in all that are still counted one by one.
const MOST_REQUESTS: u64 = 1_000_000_000_000;

/// A weight so small, beside 1 at the most likely table, that all beyond it together change nothing.
const NOTHING: f64 = 1e-300;

/// The probability that the candidate has as many errors as it has, or more, where both have the same share of them: the
/// upper tail of the hypergeometric distribution. Both are `(errors, requests)`.
///
/// The weights of all tables are walked outwards from the most likely one, each by its ratio to its neighbour, and divided by
/// their sum. No logarithm of a factorial is taken, which for millions of requests would cost half the digits. Probabilities
/// below 1e-300 are 0.
///
/// `None` where there are more errors than requests, no requests on a side, or more than 10¹² requests.
#[must_use]
pub fn greater(baseline: (u64, u64), candidate: (u64, u64)) -> Option<f64> {
    let ((errors_b, of_b), (errors_c, of_c)) = (baseline, candidate);
    let all = of_b.checked_add(of_c)?;
    if errors_b > of_b || errors_c > of_c || of_b == 0 || of_c == 0 || all > MOST_REQUESTS {
        return None;
    }
    let errors = errors_b + errors_c;
    let (least, most) = (errors.saturating_sub(of_b), errors.min(of_c));
    let mode = (u128::from(errors + 1) * u128::from(of_c + 1) / u128::from(all + 2)) as u64;
    let mode = mode.clamp(least, most);
    // The weight of one error more with the candidate, beside that of `x`.
    let ratio = |x: u64| {
        ((errors - x) as f64 / (x + 1) as f64)
            * ((of_c - x) as f64 / (of_b + x + 1 - errors) as f64)
    };
    let (mut below, mut above) = (0.0, 0.0);
    let mut count = |x: u64, weight: f64| {
        if x >= errors_c {
            above += weight;
        } else {
            below += weight;
        }
    };
    count(mode, 1.0);
    let (mut x, mut weight) = (mode, 1.0);
    while x < most && weight > NOTHING {
        weight *= ratio(x);
        x += 1;
        count(x, weight);
    }
    (x, weight) = (mode, 1.0);
    while x > least && weight > NOTHING {
        x -= 1;
        weight /= ratio(x);
        count(x, weight);
    }
    Some(above / (above + below))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::vectors::{assert_near, cases};
    use super::*;

    #[test]
    fn tails_are_the_known_ones() {
        for case in cases("fisher_greater") {
            let pair = |key: &str| {
                (
                    case[key][0].as_u64().unwrap(),
                    case[key][1].as_u64().unwrap(),
                )
            };
            assert_near(
                greater(pair("base"), pair("cand")).unwrap(),
                case["p"].as_f64().unwrap(),
            );
        }
    }

    #[test]
    fn the_edges_are_certain() {
        assert_eq!(greater((0, 10), (0, 10)), Some(1.0));
        assert_eq!(greater((10, 10), (10, 10)), Some(1.0));
        assert_near(greater((0, 1), (1, 1)).unwrap(), 0.5);
        for wrong in [
            ((2, 1), (0, 1)),
            ((0, 0), (0, 1)),
            ((0, 1), (0, 0)),
            ((0, u64::MAX), (0, 1)),
        ] {
            assert_eq!(greater(wrong.0, wrong.1), None);
        }
    }

    #[test]
    fn millions_are_no_matter() {
        // Next to a normal approximation with a correction for continuity.
        let p = greater((1_000_000, 5_000_000), (1_001_000, 5_000_000)).unwrap();
        let sd = (10_000_000.0f64 * 0.2001 * 0.7999 * 0.25).sqrt();
        let z = (500.0 - 0.5) / sd;
        assert!(
            (p - super::super::student::normal_sf(z).unwrap()).abs() < 1e-4,
            "{p}"
        );
        assert!(greater((10, 5_000_000), (900_000, 5_000_000)).unwrap() < 1e-299);
    }

    proptest! {
        #[test]
        fn both_tails_overlap_in_what_is_seen(eb in 0u64..60, ec in 0u64..60, more in 1u64..400, extra in 1u64..400) {
            let (base, cand) = ((eb, eb + more), (ec, ec + extra));
            let tail = greater(base, cand).unwrap();
            let other = greater(cand, base).unwrap();
            prop_assert!((0.0..=1.0).contains(&tail) && tail + other >= 1.0 - 1e-12);
        }
    }
}
