//! The Mann-Whitney test: does one side tend to be greater, whatever the distribution?

use super::order::sorted;
use super::student::normal_sf;

/// Values in all up to which every arrangement of ranks is counted.
const MOST_EXACT: usize = 120;

/// What the test says about candidate and baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// Pairs in which the candidate is greater; equal ones count half.
    pub u: f64,
    /// The probability of such a `u` or a greater one where neither side tends to be greater.
    pub p: f64,
    /// Whether `p` is exact; otherwise it is the normal approximation.
    pub exact: bool,
}

impl MannWhitney {
    /// Tests whether the candidate's values tend to be greater. Up to 120 values in all `p` is exact, by counting the
    /// arrangements of the ranks that are there, middle ranks of equal values included. Above that it is normal, corrected for
    /// ties and continuity.
    ///
    /// `None` where a side is empty or a value is not finite.
    #[must_use]
    pub fn greater(baseline: &[f64], candidate: &[f64]) -> Option<Self> {
        sorted(baseline)?;
        sorted(candidate)?;
        let all = sorted(&[baseline, candidate].concat())?;
        let ranks: Vec<_> = candidate
            .iter()
            .map(|value| twice_rank(&all, *value))
            .collect();
        let sum: usize = ranks.iter().sum();
        let count = candidate.len();
        let u = sum as f64 / 2.0 - (count * (count + 1)) as f64 / 2.0;
        let exact = all.len() <= MOST_EXACT;
        let p = if exact {
            tail(&all, count, sum)
        } else {
            normal_tail(&all, count, u)?
        };
        Some(Self { u, p, exact })
    }
}

/// Twice the middle rank of a value, counted from 1: whole, even among equal values.
fn twice_rank(all: &[f64], value: f64) -> usize {
    let below = all.partition_point(|other| *other < value);
    let up_to = all.partition_point(|other| *other <= value);
    below + up_to + 1
}

/// The share of all choices of `count` values whose ranks, doubled, sum to `sum` or more.
fn tail(all: &[f64], count: usize, sum: usize) -> f64 {
    let ranks: Vec<_> = all.iter().map(|value| twice_rank(all, *value)).collect();
    let most: usize = ranks.iter().sum();
    // ways[k][s]: the choices of k values so far that sum to s.
    let mut ways = vec![vec![0.0f64; most + 1]; count + 1];
    ways[0][0] = 1.0;
    for (seen, rank) in ranks.iter().enumerate() {
        for chosen in (1..=count.min(seen + 1)).rev() {
            let (fewer, own) = ways.split_at_mut(chosen);
            for total in *rank..=most {
                own[0][total] += fewer[chosen - 1][total - rank];
            }
        }
    }
    let above: f64 = ways[count][sum..].iter().sum();
    above / ways[count].iter().sum::<f64>()
}

fn normal_tail(all: &[f64], count: usize, u: f64) -> Option<f64> {
    let (n, m) = (all.len() as f64, count as f64);
    let ties: f64 = all
        .chunk_by(|a, b| a == b)
        .map(|equal| (equal.len() as f64).powi(3) - equal.len() as f64)
        .sum();
    let pairs = m * (n - m);
    let variance = pairs / 12.0 * (n + 1.0 - ties / (n * (n - 1.0)));
    if variance <= 0.0 {
        return Some(1.0);
    }
    normal_sf((u - pairs / 2.0 - 0.5) / variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, group, list, number};
    use super::*;

    #[test]
    fn the_test_is_the_known_one() {
        let known = group("mann_whitney_exact_greater");
        let found =
            MannWhitney::greater(&list(&known, "baseline"), &list(&known, "candidate")).unwrap();
        assert!(found.exact);
        assert_near(found.u, number(&known, "U"));
        assert_near(found.p, number(&known, "p"));
    }

    #[test]
    fn ties_are_counted_as_they_are() {
        let found = MannWhitney::greater(&[1.0, 2.0], &[2.0, 3.0]).unwrap();
        // Of the six choices of two of 1, 2, 2, 3 three have a rank sum of 6.5 or more: both with 3 and a 2.
        assert_near(found.u, 3.5);
        assert_near(found.p, 2.0 / 6.0);
        assert_eq!(MannWhitney::greater(&[1.0; 3], &[1.0; 4]).unwrap().p, 1.0);
        assert_eq!(
            MannWhitney::greater(&[1.0; 300], &[1.0; 40]).unwrap().p,
            1.0
        );
        assert_eq!(MannWhitney::greater(&[], &[1.0]), None);
    }

    #[test]
    fn the_approximation_meets_the_exact_values() {
        let side = |count: usize, shift: f64| {
            (0..count)
                .map(|i| (i * 37 % 101) as f64 + shift)
                .collect::<Vec<_>>()
        };
        let exact = MannWhitney::greater(&side(60, 0.5), &side(60, 9.0)).unwrap();
        let (base, cand) = (side(60, 0.5), side(60, 9.0));
        let all = sorted(&[base, cand].concat()).unwrap();
        assert!(
            (exact.p - normal_tail(&all, 60, exact.u).unwrap()).abs() < 2e-3,
            "{exact:?}"
        );
        assert!(
            !MannWhitney::greater(&side(61, 0.5), &side(60, 9.0))
                .unwrap()
                .exact
        );
    }
}
