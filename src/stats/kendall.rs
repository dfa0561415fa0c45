//! Kendall's rank correlation.

use super::student::normal_sf;

/// Points up to which the probability is exact, where no values are equal.
const MOST_EXACT: usize = 33;

pub(super) struct Kendall {
    /// Tau-b, -1 to 1; 0 where all y are equal.
    pub(super) tau: f64,
    /// Its two-sided probability where x and y have nothing to do with each other.
    pub(super) p: f64,
}

/// How equal values take away from pairs and from the variance.
struct Ties {
    pairs: f64,
    triples: f64,
    weighted: f64,
}

impl Ties {
    fn of<T>(sorted: &[T], equal: impl Fn(&T, &T) -> bool) -> Self {
        let mut ties = Self {
            pairs: 0.0,
            triples: 0.0,
            weighted: 0.0,
        };
        for group in sorted.chunk_by(|a, b| equal(a, b)) {
            let t = group.len() as f64;
            ties.pairs += t * (t - 1.0) / 2.0;
            ties.triples += t * (t - 1.0) * (t - 2.0);
            ties.weighted += t * (t - 1.0) * (2.0 * t + 5.0);
        }
        ties
    }
}

impl Kendall {
    /// Of points in order of x, then y (Kendall, *Rank Correlation Methods*; counted as Knight does); `None` for fewer than two
    /// different x.
    pub(super) fn of(points: &[(f64, f64)]) -> Option<Self> {
        let n = points.len() as f64;
        let mut y: Vec<_> = points.iter().map(|(_, y)| *y).collect();
        let turned = inversions(&y);
        y.sort_by(f64::total_cmp);
        let (of_x, of_y) = (
            Ties::of(points, |a, b| a.0 == b.0),
            Ties::of(&y, |a, b| a == b),
        );
        let both = Ties::of(points, |a, b| a == b);
        let all = n * (n - 1.0) / 2.0;
        if points.len() < 2 || of_x.pairs >= all {
            return None;
        }
        if of_y.pairs >= all {
            return Some(Self { tau: 0.0, p: 1.0 });
        }
        let excess = all - of_x.pairs - of_y.pairs + both.pairs - 2.0 * turned as f64;
        let tau = (excess / ((all - of_x.pairs) * (all - of_y.pairs)).sqrt()).clamp(-1.0, 1.0);
        let p = if of_x.pairs == 0.0 && of_y.pairs == 0.0 && points.len() <= MOST_EXACT {
            exact(points.len(), turned)
        } else {
            let ordered = n * (n - 1.0);
            let triples = if n > 2.0 {
                of_x.triples * of_y.triples / (9.0 * ordered * (n - 2.0))
            } else {
                0.0
            };
            let variance = (ordered * (2.0 * n + 5.0) - of_x.weighted - of_y.weighted) / 18.0
                + 2.0 * of_x.pairs * of_y.pairs / ordered
                + triples;
            if variance > 0.0 {
                (2.0 * normal_sf(excess.abs() / variance.sqrt())?).min(1.0)
            } else {
                1.0
            }
        };
        Some(Self { tau, p })
    }
}

/// The probability that a random order of `n` turns round so few pairs as `turned`, or so many on the other side.
fn exact(n: usize, turned: u64) -> f64 {
    let most = n * (n - 1) / 2;
    let few = (turned as usize).min(most - turned as usize);
    // The share of orders of 1, 2, … n that turn round each number of pairs: the next one may turn round 0 to all before it.
    let mut shares = vec![0.0f64; most + 1];
    shares[0] = 1.0;
    for size in 2..=n {
        let before = shares.clone();
        for (pairs, share) in shares.iter_mut().enumerate() {
            *share = before[(pairs + 1).saturating_sub(size)..=pairs]
                .iter()
                .sum::<f64>()
                / size as f64;
        }
    }
    (2.0 * shares[..=few].iter().sum::<f64>()).min(1.0)
}

/// The pairs whose first value is above their second, counted by merging.
pub(super) fn inversions(values: &[f64]) -> u64 {
    let (mut values, mut spare) = (values.to_vec(), values.to_vec());
    let mut count = 0;
    let mut width = 1;
    while width < values.len() {
        for (two, out) in values.chunks(2 * width).zip(spare.chunks_mut(2 * width)) {
            let (left, right) = two.split_at(width.min(two.len()));
            count += merge(left, right, out);
        }
        std::mem::swap(&mut values, &mut spare);
        width *= 2;
    }
    count
}

/// Merges two ordered lists, and counts the pairs of the two that were in the wrong order.
fn merge(left: &[f64], right: &[f64], out: &mut [f64]) -> u64 {
    let (mut l, mut r, mut count) = (0, 0, 0);
    for place in out {
        if r == right.len() || (l < left.len() && left[l] <= right[r]) {
            *place = left[l];
            l += 1;
        } else {
            *place = right[r];
            r += 1;
            count += (left.len() - l) as u64;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Known from tables: the chance of each number of turned pairs.
    #[test]
    fn exact_probabilities_are_those_of_the_orders() {
        assert!((exact(3, 0) - 2.0 / 6.0).abs() < 1e-12);
        assert!((exact(4, 1) - 8.0 / 24.0).abs() < 1e-12);
        assert!((exact(4, 6) - 2.0 / 24.0).abs() < 1e-12);
        assert_eq!((exact(4, 3), exact(2, 0), exact(2, 1)), (1.0, 1.0, 1.0));
    }

    #[test]
    fn ties_are_corrected_for() {
        // By hand, with n = 6: 15 pairs, one tied in x, three in y (a pair and a pair, one of them with x), no pair turned.
        let points = [
            (1.0, 1.0),
            (2.0, 2.0),
            (2.0, 2.0),
            (3.0, 4.0),
            (4.0, 4.0),
            (5.0, 6.0),
        ];
        let found = Kendall::of(&points).unwrap();
        let excess: f64 = 15.0 - 1.0 - 2.0 + 1.0;
        let variance: f64 = (30.0 * 17.0 - 18.0 - 36.0) / 18.0 + 2.0 * 1.0 * 2.0 / 30.0;
        assert!((found.tau - excess / (14.0f64 * 13.0).sqrt()).abs() < 1e-12);
        assert!((found.p - 2.0 * normal_sf(excess / variance.sqrt()).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn the_approximation_meets_the_exact_probabilities() {
        let points: Vec<_> = (0..33u32)
            .map(|i| (f64::from(i), f64::from(i * 14 % 33)))
            .collect();
        let exact = Kendall::of(&points).unwrap();
        let mut tied = points.clone();
        tied[32].0 = 31.0;
        tied.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        assert!((exact.p - Kendall::of(&tied).unwrap().p).abs() < 0.05);
    }

    proptest! {
        #[test]
        fn turned_pairs_are_all_found(values in prop::collection::vec(0u8..9, 0..60)) {
            let values: Vec<_> = values.into_iter().map(f64::from).collect();
            let pairs = values.iter().enumerate().flat_map(|(i, a)| values[i + 1..].iter().map(move |b| a > b));
            prop_assert_eq!(inversions(&values), pairs.filter(|turned| *turned).count() as u64);
        }
    }
}
