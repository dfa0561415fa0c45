//! The addresses of k6's metrics and statistics.

use super::numbers::Numbers;

/// perfgate's name for a statistic of a trend: `avg` is `mean`, `p(99.9)` is `p99_9`.
pub(super) fn statistic(name: &str) -> Option<String> {
    Some(match name {
        "avg" => "mean".to_owned(),
        "med" => "p50".to_owned(),
        "min" | "max" | "count" => name.to_owned(),
        _ => {
            let share: f64 = name
                .strip_prefix("p(")?
                .strip_suffix(')')?
                .trim()
                .parse()
                .ok()?;
            (0.0..=100.0)
                .contains(&share)
                .then(|| format!("p{share}").replace('.', "_"))?
        }
    })
}

/// Every statistic of a trend that a file has: k6's name and perfgate's.
pub(super) fn suffixes<'a>(
    values: Numbers<'a>,
) -> impl Iterator<Item = (&'a str, String)> + use<'a> {
    values
        .names()
        .filter_map(|name| Some((name, statistic(name)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_have_the_names_of_plans() {
        for (theirs, ours) in [
            ("avg", Some("mean")),
            ("med", Some("p50")),
            ("p(95)", Some("p95")),
            ("p(95.0)", Some("p95")),
            ("p(99.9)", Some("p99_9")),
            ("p(75)", Some("p75")),
            ("p(101)", None),
            ("p(NaN)", None),
            ("p()", None),
            ("thresholds", None),
        ] {
            assert_eq!(statistic(theirs).as_deref(), ours, "{theirs}");
        }
    }
}
