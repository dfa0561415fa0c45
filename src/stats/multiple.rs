//! Probabilities of many tests at once.

/// Holm's adjusted probabilities, in the order of `p`: comparing each with 0.05 keeps the chance of even one false alarm among
/// all tests below 5 %. A `p` that is not a number counts as 1: a test that could not be made is no evidence.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut highest = 0.0f64;
    for (place, (index, p)) in ascending(p).into_iter().enumerate() {
        highest = highest.max(p * (adjusted.len() - place) as f64).min(1.0);
        adjusted[index] = highest;
    }
    adjusted
}

/// The probabilities with their places in the list, smallest first.
fn ascending(p: &[f64]) -> Vec<(usize, f64)> {
    let usable = |p: f64| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) };
    let mut ascending: Vec<_> = p.iter().map(|p| usable(*p)).enumerate().collect();
    ascending.sort_by(|a, b| a.1.total_cmp(&b.1));
    ascending
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_all_near, group, list};
    use super::*;

    #[test]
    fn adjusted_probabilities_are_the_known_ones() {
        let known = group("multiple_testing");
        let mut p = list(&known, "p");
        assert_all_near(&holm(&p), &list(&known, "holm_adjusted"));
        p.reverse();
        let reversed = |key: &str| list(&known, key).into_iter().rev().collect::<Vec<_>>();
        assert_all_near(&holm(&p), &reversed("holm_adjusted"));
    }

    #[test]
    fn what_could_not_be_tested_is_no_evidence() {
        let p = [0.01, f64::NAN, -3.0, 9.0];
        assert_all_near(&holm(&p), &[0.03, 1.0, 0.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
