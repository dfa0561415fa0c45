//! The exact permutation test of two means.

use super::order::sorted;

/// Arrangements that are still walked through.
const MOST_ARRANGEMENTS: u64 = 3_000_000;

/// What the test says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Permutation {
    /// The share of arrangements whose candidate mean is at least as far above the baseline's as it was.
    pub p: f64,
    /// How many arrangements there are.
    pub count: u64,
}

impl Permutation {
    /// Tests whether the candidate's mean is above the baseline's, by giving the values to both sides in every possible way.
    ///
    /// `None` where a side is empty, a value is not finite, or there are more than 3,000,000 arrangements (12 values against 12
    /// are 2,704,156).
    #[must_use]
    pub fn greater(baseline: &[f64], candidate: &[f64]) -> Option<Self> {
        sorted(baseline)?;
        let (chosen, all) = (candidate.len(), sorted(&[baseline, candidate].concat())?);
        let count = choices(all.len() as u64, chosen as u64)
            .filter(|count| chosen > 0 && *count <= MOST_ARRANGEMENTS)?;
        // The sum of the candidate's values orders arrangements as the difference of means does. A sum in another order may
        // differ by a rounding, and what is equal has to count.
        let scale: f64 = all.iter().map(|value| value.abs()).sum();
        let least = candidate.iter().sum::<f64>() - 1e-12 * scale;
        let above = at_least(&all, chosen, 0.0, least);
        Some(Self {
            p: above as f64 / count as f64,
            count,
        })
    }
}

/// The choices of `chosen` of these values whose sum with `sum` is `least` or more.
fn at_least(values: &[f64], chosen: usize, sum: f64, least: f64) -> u64 {
    if chosen == 0 {
        return u64::from(sum >= least);
    }
    let Some((first, others)) = values.split_first() else {
        return 0;
    };
    if values.len() < chosen {
        return 0;
    }
    at_least(others, chosen - 1, sum + first, least) + at_least(others, chosen, sum, least)
}

/// The number of ways to choose `k` of `n`; `None` where it is too large to count.
fn choices(n: u64, k: u64) -> Option<u64> {
    let k = k.min(n.checked_sub(k)?);
    (0..k).try_fold(1u64, |ways, i| {
        ways.checked_mul(n - i).map(|product| product / (i + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, group, list, number};
    use super::*;

    #[test]
    fn the_test_is_the_known_one() {
        let known = group("permutation_exact_greater");
        let found =
            Permutation::greater(&list(&known, "baseline"), &list(&known, "candidate")).unwrap();
        assert_near(found.p, number(&known, "p"));
        assert_eq!(found.count, known["count"].as_u64().unwrap());
    }

    #[test]
    fn equal_values_are_no_evidence() {
        assert_eq!(
            Permutation::greater(&[0.1; 4], &[0.1; 4]).unwrap(),
            Permutation { p: 1.0, count: 70 }
        );
        assert_near(
            Permutation::greater(&[3.0, 4.0], &[1.0, 2.0]).unwrap().p,
            1.0,
        );
        assert_eq!(Permutation::greater(&[], &[1.0]), None);
        assert_eq!(Permutation::greater(&[1.0], &[]), None);
    }

    #[test]
    fn too_many_arrangements_are_not_begun() {
        assert_eq!(Permutation::greater(&[1.0; 13], &[2.0; 13]), None);
        assert_eq!(Permutation::greater(&[1.0; 400], &[2.0; 400]), None);
        assert_eq!(
            (choices(24, 12), choices(5, 0), choices(2, 3)),
            (Some(2_704_156), Some(1), None)
        );
    }
}
