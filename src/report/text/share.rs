//! Shares of a whole that add up to 100 % and never round something to nothing.

use crate::units::{Unit, print_apart};

/// The share of each part in their sum. The printed shares add up to exactly 100 %; a part that is not zero never
/// reads `0 %`, and one that is not everything never reads `100 %`. `–` for each where the sum is zero.
pub(crate) fn shares(parts: &[u64]) -> Vec<String> {
    let total: u128 = parts.iter().map(|part| u128::from(*part)).sum();
    let Some(smallest) = parts
        .iter()
        .filter(|part| **part > 0)
        .min()
        .map(|part| u128::from(*part))
    else {
        return vec!["–".to_owned(); parts.len()];
    };
    let units = |decimals: u32| 100 * 10_u128.pow(decimals);
    let decimals = (1..18)
        .find(|decimals| smallest * units(*decimals) >= total)
        .unwrap_or(18);
    let mut given: Vec<u128> = parts
        .iter()
        .map(|part| u128::from(*part) * units(decimals) / total)
        .collect();
    // What rounding down left over goes to those that lost most by it.
    let mut by_loss: Vec<usize> = (0..parts.len()).collect();
    by_loss.sort_by_key(|at| std::cmp::Reverse(u128::from(parts[*at]) * units(decimals) % total));
    let left_over = units(decimals) - given.iter().sum::<u128>();
    for at in by_loss
        .into_iter()
        .take(usize::try_from(left_over).unwrap_or(0))
    {
        given[at] += 1;
    }
    given
        .into_iter()
        .map(|units| percent(units, decimals))
        .collect()
}

fn percent(units: u128, decimals: u32) -> String {
    let one = 10_u128.pow(decimals);
    if units == 0 || units == 100 * one {
        return format!("{} %", units / one);
    }
    format!(
        "{}.{:0width$} %",
        units / one,
        units % one,
        width = decimals as usize
    )
}

/// A ratio that never reads `100 %` unless it is.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<String> {
    (whole > 0).then(|| print_apart(part as f64 / whole as f64, 1.0, Unit::Ratio).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_nothing_is_rounded_away() {
        assert_eq!(shares(&[356, 1, 0]), ["99.7 %", "0.3 %", "0 %"]);
        assert_eq!(shares(&[1, 1, 1]), ["33.4 %", "33.3 %", "33.3 %"]);
        assert_eq!(shares(&[7, 0]), ["100 %", "0 %"]);
        assert_eq!(shares(&[99_999, 1]), ["99.999 %", "0.001 %"]);
        assert_eq!(shares(&[0, 0]), ["–", "–"]);
        assert_eq!(ratio(9_999, 10_000).unwrap(), "99.99 %");
    }
}
