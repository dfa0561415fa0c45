//! The median slope of all pairs of points.

use super::kendall::inversions;
use super::order::middle;

/// Points up to which every pair is looked at.
const MOST_PAIRWISE: usize = 1_000;

/// Halvings after which two neighbouring numbers are left of any interval.
const HALVINGS: u32 = 200;

/// The median slope of points in order of x, then y; pairs of equal x have none. `None` without a pair that has one, or where
/// it is not finite.
pub(super) fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let slope = if points.len() <= MOST_PAIRWISE {
        of_pairs(points)
    } else {
        by_halving(points)
    }?;
    slope.is_finite().then_some(slope)
}

fn of_pairs(points: &[(f64, f64)]) -> Option<f64> {
    let others = points.iter().enumerate();
    let pairs =
        others.flat_map(|(at, first)| points[at + 1..].iter().map(move |second| (first, second)));
    let mut slopes: Vec<_> = pairs
        .filter(|(a, b)| b.0 > a.0)
        .map(|(a, b)| (b.1 - a.1) / (b.0 - a.0))
        .collect();
    slopes.sort_by(f64::total_cmp);
    (!slopes.is_empty()).then(|| middle(&slopes))
}

/// The pairs with a slope below b are those that y - b·x turns round, and those are counted by sorting: halve the interval of
/// all slopes until half the pairs are below.
fn by_halving(points: &[(f64, f64)]) -> Option<f64> {
    let (mut low, mut high) = bounds(points)?;
    let pairs = |count: usize| count as u64 * (count as u64 - 1) / 2;
    let equal: u64 = points
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| pairs(group.len()))
        .sum();
    let half = (pairs(points.len()) - equal) / 2;
    for _ in 0..HALVINGS {
        let slope = f64::midpoint(low, high);
        if slope <= low || slope >= high {
            break;
        }
        let below = inversions(
            &points
                .iter()
                .map(|(x, y)| y - slope * x)
                .collect::<Vec<_>>(),
        );
        if below > half {
            high = slope;
        } else {
            low = slope;
        }
    }
    Some(f64::midpoint(low, high))
}

/// The least and the greatest slope of all pairs: no pair is steeper than the steepest of its neighbours.
fn bounds(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let groups: Vec<_> = points.chunk_by(|a, b| a.0 == b.0).collect();
    let slopes = groups.windows(2).flat_map(|two| {
        let run = two[1][0].0 - two[0][0].0;
        let (low, high) = (
            |group: &[(f64, f64)]| group[0].1,
            |group: &[(f64, f64)]| group[group.len() - 1].1,
        );
        [
            (low(two[1]) - high(two[0])) / run,
            (high(two[1]) - low(two[0])) / run,
        ]
    });
    slopes.fold(None, |bounds, slope| {
        let (low, high) = bounds.unwrap_or((slope, slope));
        Some((slope.min(low), slope.max(high)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_ends_at_the_median_of_all_pairs() {
        let noise = |i: u32| f64::from(i.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24);
        for (each, steep) in [(1, 0.0), (3, 0.5), (1, -7.0)] {
            let mut points: Vec<_> = (0..400u32)
                .map(|i| (f64::from(i / each), steep * f64::from(i) + 10.0 * noise(i)))
                .collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let (all, halved) = (of_pairs(&points).unwrap(), by_halving(&points).unwrap());
            assert!(
                (all - halved).abs() < 1e-4 * all.abs().max(0.01),
                "{all} {halved}"
            );
        }
    }

    #[test]
    fn a_line_has_its_slope() {
        let line: Vec<_> = (0..2000)
            .map(|i| (f64::from(i), 0.25 * f64::from(i)))
            .collect();
        assert_eq!(slope(&line), Some(0.25));
        assert_eq!(slope(&[(0.0, 1.0), (0.0, 2.0)]), None);
        assert_eq!(slope(&[(0.0, -f64::MAX), (1.0, f64::MAX)]), None);
        let level = vec![(3.0, 1.0); 2000];
        assert_eq!(slope(&level), None);
    }
}
