//! Which ordered samples enclose a quantile.

use statrs::distribution::{Binomial, DiscreteCDF};

/// Two ranks, counted from 1, whose samples enclose a quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranks {
    /// The rank of the lower sample; `None` where even the smallest is not low enough.
    pub low: Option<u64>,
    /// The rank of the upper sample; `None` where even the greatest is not high enough.
    pub high: Option<u64>,
    /// The probability that the quantile lies between them; an end that does not exist counts as infinite.
    pub coverage: f64,
}

/// The ranks of the samples that enclose the quantile `q` of what `n` samples were drawn from, whatever its distribution: the
/// number of samples below it is binomial (Conover, *Practical Nonparametric Statistics*).
///
/// `None` without samples, or where `q` or `confidence` (0.95 for 95 %) is not between 0 and 1.
#[must_use]
pub fn enclosing(n: u64, q: f64, confidence: f64) -> Option<Ranks> {
    let inside = |share: f64| share > 0.0 && share < 1.0;
    if n == 0 || !inside(q) || !inside(confidence) {
        return None;
    }
    let below = Binomial::new(q, n).ok()?;
    let tail = (1.0 - confidence) / 2.0;
    let low = below.inverse_cdf(tail);
    let high = below.inverse_cdf(1.0 - tail) + 1;
    let under = if low == 0 { 0.0 } else { below.cdf(low - 1) };
    let coverage = below.cdf(high - 1) - under;
    Some(Ranks {
        low: (low > 0).then_some(low),
        high: (high <= n).then_some(high),
        coverage,
    })
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, cases, number};
    use super::*;

    #[test]
    fn ranks_are_the_known_ones() {
        for case in cases("quantile_ci_ranks") {
            let found = enclosing(
                case["n"].as_u64().unwrap(),
                number(&case, "q"),
                number(&case, "conf"),
            )
            .unwrap();
            let high = case["u_exists"]
                .as_bool()
                .unwrap()
                .then(|| case["u"].as_u64().unwrap());
            assert_eq!(
                (found.low, found.high),
                (case["l"].as_u64(), high),
                "{case}"
            );
            assert_near(found.coverage, number(&case, "coverage"));
        }
    }

    #[test]
    fn few_samples_enclose_nothing() {
        let one = enclosing(1, 0.5, 0.95).unwrap();
        assert_eq!((one.low, one.high), (None, None));
        assert_near(one.coverage, 1.0);
        let odd = [f64::NAN, 0.0, 1.0, -1.0, 2.0, f64::INFINITY];
        assert!(
            odd.iter()
                .all(|odd| enclosing(9, *odd, 0.9).is_none() && enclosing(9, 0.9, *odd).is_none())
        );
        assert_eq!(enclosing(0, 0.5, 0.95), None);
    }

    #[test]
    fn millions_of_samples_enclose_a_quantile_closely() {
        let many = enclosing(10_000_000, 0.99, 0.95).unwrap();
        assert!(many.coverage > 0.949 && many.coverage < 0.952, "{many:?}");
        assert!(many.high.unwrap() - many.low.unwrap() < 1300, "{many:?}");
    }
}
