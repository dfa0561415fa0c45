//! Student's t distribution and the normal one.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// From here the t distribution is the normal one to more digits than anyone reads.
const MANY_DEGREES: f64 = 1e7;

/// Fewer belong to no sample, and half of them may be rounded to 0.
const FEWEST_DEGREES: f64 = 1e-6;

/// The probability that a t of `df` degrees of freedom, which need not be whole, is above `t`. It keeps its digits far out in
/// the tail, which `1 - cdf` does not.
///
/// `None` where `t` is not a number, or `df` is below a millionth.
#[must_use]
pub fn sf(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || df.is_nan() || df < FEWEST_DEGREES {
        return None;
    }
    if t.is_infinite() {
        return Some(if t > 0.0 { 0.0 } else { 1.0 });
    }
    let tail = if df > MANY_DEGREES {
        Normal::new(0.0, 1.0).ok()?.sf(t)
    } else {
        StudentsT::new(0.0, 1.0, df).ok()?.sf(t)
    };
    tail.is_finite().then_some(tail)
}

/// The t that the share `p` of a distribution with `df` degrees of freedom is at or below, to the last digits. It is sought
/// by halving over [`sf`], because the library's own inverse panics for shares very near 0.
///
/// `None` where `p` is not between 0 and 1, `df` is below a millionth, or the t would be out of the range of numbers.
#[must_use]
pub fn quantile(p: f64, df: f64) -> Option<f64> {
    if df > MANY_DEGREES {
        return normal_quantile(p);
    }
    if !inside(p) || df.is_nan() || df < FEWEST_DEGREES {
        return None;
    }
    if p == 0.5 {
        return Some(0.0);
    }
    let tail = p.min(1.0 - p);
    let (mut low, mut high) = (0.0, 1.0);
    while sf(high, df)? > tail {
        low = high;
        high *= 2.0;
    }
    loop {
        let t = f64::midpoint(low, high);
        if !t.is_finite() {
            return None;
        }
        if t <= low || t >= high {
            return Some(t.copysign(p - 0.5));
        }
        if sf(t, df)? > tail { low = t } else { high = t }
    }
}

/// The z that the share `p` of the normal distribution is at or below; `None` where `p` is not between 0 and 1.
#[must_use]
pub fn normal_quantile(p: f64) -> Option<f64> {
    let z = inside(p).then(|| {
        Normal::new(0.0, 1.0)
            .ok()
            .map(|normal| normal.inverse_cdf(p))
    })??;
    z.is_finite().then_some(z)
}

/// The probability that a normal z is above this one; `None` where it is not a number.
#[must_use]
pub fn normal_sf(z: f64) -> Option<f64> {
    sf(z, f64::INFINITY)
}

fn inside(p: f64) -> bool {
    p > 0.0 && p < 1.0
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, cases, number};
    use super::*;

    #[test]
    fn tails_and_quantiles_are_the_known_ones() {
        for case in cases("student_t_sf") {
            assert_near(
                sf(number(&case, "t"), number(&case, "df")).unwrap(),
                number(&case, "sf"),
            );
        }
        for case in cases("student_t_ppf") {
            assert_near(
                quantile(number(&case, "p"), number(&case, "df")).unwrap(),
                number(&case, "t"),
            );
        }
        for case in cases("normal_ppf") {
            assert_near(
                normal_quantile(number(&case, "p")).unwrap(),
                number(&case, "z"),
            );
        }
    }

    #[test]
    fn the_far_tail_keeps_its_digits() {
        let (found, known) = (sf(40.0, 7.0).unwrap(), 7.951_089_992_425_214e-10);
        assert!((found / known - 1.0).abs() < 1e-9, "{found}");
    }

    #[test]
    fn many_degrees_of_freedom_are_normal() {
        assert_near(quantile(0.95, 1e9).unwrap(), normal_quantile(0.95).unwrap());
        let below = sf(1.7, 9.9e6).unwrap();
        assert!((below - normal_sf(1.7).unwrap()).abs() < 1e-7);
    }

    #[test]
    fn what_is_out_of_range_has_no_answer() {
        let odd = [
            f64::NAN,
            f64::NEG_INFINITY,
            -1.0,
            0.0,
            1.0,
            2.0,
            f64::INFINITY,
        ];
        for p in odd {
            assert_eq!(quantile(p, 3.0), None);
            assert_eq!(normal_quantile(p), None);
        }
        for df in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0] {
            assert_eq!((sf(1.0, df), quantile(0.9, df)), (None, None));
        }
        assert_eq!(
            (
                sf(f64::INFINITY, 2.0),
                sf(f64::NEG_INFINITY, 2.0),
                sf(f64::NAN, 2.0)
            ),
            (Some(0.0), Some(1.0), None)
        );
    }
}
