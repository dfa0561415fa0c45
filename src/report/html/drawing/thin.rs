//! Fewer points of a line, without losing what stands out.

/// At most `most` of the points: of each stretch the lowest and the highest one, in their order.
pub(crate) fn thinned(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    if points.len() <= most {
        return points.to_vec();
    }
    let mut kept = Vec::with_capacity(most);
    for stretch in points.chunks(points.len().div_ceil((most / 2).max(1))) {
        let lowest = (0..stretch.len()).min_by(|a, b| stretch[*a].1.total_cmp(&stretch[*b].1));
        let highest = (0..stretch.len()).max_by(|a, b| stretch[*a].1.total_cmp(&stretch[*b].1));
        let (Some(a), Some(b)) = (lowest, highest) else {
            continue;
        };
        kept.push(stretch[a.min(b)]);
        if a != b {
            kept.push(stretch[a.max(b)]);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_and_dips_stay() {
        let mut points: Vec<(f64, f64)> = (0..3600)
            .map(|n| (f64::from(n), 1.0 + f64::from(n % 7) / 100.0))
            .collect();
        points[1234].1 = 9.0;
        points[2345].1 = 0.1;
        let thin = thinned(&points, 600);
        assert!(
            thin.len() <= 600 && thin.contains(&(1234.0, 9.0)) && thin.contains(&(2345.0, 0.1))
        );
        assert!(thin.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(thinned(&points[..5], 600), points[..5]);
    }
}
