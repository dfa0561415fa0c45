//! Pearson's test of counts that should be alike.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The probability that counts of equal shares differ by as much as these, or more.
///
/// `None` for fewer than two counts, or where nothing was counted.
#[must_use]
pub fn equal_shares(counts: &[u64]) -> Option<f64> {
    let all: f64 = counts.iter().map(|count| *count as f64).sum();
    if counts.len() < 2 || all <= 0.0 {
        return None;
    }
    let wanted = all / counts.len() as f64;
    let distance: f64 = counts
        .iter()
        .map(|count| (*count as f64 - wanted).powi(2) / wanted)
        .sum();
    Some(
        ChiSquared::new(counts.len() as f64 - 1.0)
            .ok()?
            .sf(distance),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unequal_counts_are_told_from_chance() {
        // scipy.stats.chisquare; with two degrees of freedom it is exp(-x / 2).
        for (counts, wanted) in [
            (&[80, 10, 10][..], 5.242_885_663_363_46e-22),
            (&[4, 3, 3], 0.904_837_418_035_959_6),
            (&[3, 2, 1], 0.606_530_659_712_633_4),
            (&[16, 18, 16, 14, 12, 12], 0.849_145_036_084_609_6),
            (&[5, 5], 1.0),
        ] {
            let p = equal_shares(counts).expect("counts");
            assert!(
                (p / wanted - 1.0).abs() < 1e-9,
                "{counts:?}: {p} for {wanted}"
            );
        }
        assert_eq!([&[][..], &[7], &[0, 0]].map(equal_shares), [None; 3]);
    }
}
