//! One value out of those that several runs gave.

use crate::summary::{Metric, MetricValue};
use crate::units::{Unit, print, print_apart};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunPick {
    /// That of one run, from 0.
    Run(usize),
    /// The middle one; with an even number of runs half way between two.
    Median,
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
}

/// The value to show; one that is only known to be beyond its number counts as higher than every other.
pub(crate) fn pick(metric: &Metric, which: RunPick) -> MetricValue {
    if let RunPick::Run(run) = which {
        return metric.runs.get(run).copied().unwrap_or_default();
    }
    let mut known: Vec<MetricValue> = metric
        .runs
        .iter()
        .filter(|value| value.value.is_some())
        .copied()
        .collect();
    let number = |value: &MetricValue| value.value.unwrap_or_default();
    known.sort_by(|a, b| {
        a.beyond
            .cmp(&b.beyond)
            .then(number(a).total_cmp(&number(b)))
    });
    let Some(last) = known.len().checked_sub(1) else {
        return MetricValue::default();
    };
    match which {
        RunPick::Lowest => known[0],
        RunPick::Highest => known[last],
        RunPick::Run(_) | RunPick::Median => {
            let (low, high) = (known[last / 2], known[last.div_ceil(2)]);
            let middle = if high.beyond {
                number(&high)
            } else {
                f64::midpoint(number(&low), number(&high))
            };
            MetricValue {
                value: Some(middle),
                ..high
            }
        }
    }
}

/// A value with its unit: `–` without data, `> 40 s` where it is only known to be worse.
pub(crate) fn text(value: MetricValue, unit: Unit) -> String {
    match value.value {
        None => "–".to_owned(),
        Some(number) if value.beyond => beyond(number, unit),
        Some(number) if unit == Unit::Ratio => print_apart(number, 1.0, unit).0,
        Some(number) => print(number, unit),
    }
}

/// What is only known to be worse than a number: of a factor lower, of everything else higher.
pub(crate) fn beyond(number: f64, unit: Unit) -> String {
    let sign = if unit == Unit::Factor { "<" } else { ">" };
    // Factors are counted in thousandths, and nothing is less than none.
    let number = if unit == Unit::Factor {
        number.max(1e-3)
    } else {
        number
    };
    format!("{sign} {}", print(number, unit))
}

/// The value of the only run, or `2.95/s (2.9/s .. 3/s in 3 runs)`. `None` without data.
pub(crate) fn spread(metric: &Metric) -> Option<String> {
    let show = |which| text(pick(metric, which), metric.unit);
    let known = metric
        .runs
        .iter()
        .filter(|value| value.value.is_some())
        .count();
    let (median, low, high) = (
        show(RunPick::Median),
        show(RunPick::Lowest),
        show(RunPick::Highest),
    );
    match known {
        0 => None,
        _ if metric.runs.len() == 1 => Some(median),
        _ if known < metric.runs.len() => Some(format!(
            "{median} ({low} .. {high} in {known} of {} runs, no data in the others)",
            metric.runs.len()
        )),
        _ if low == high => Some(format!("{median} (in each of {known} runs)")),
        _ => Some(format!("{median} ({low} .. {high} in {known} runs)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Better;

    fn metric(values: &[(Option<f64>, bool)]) -> Metric {
        let runs = values.iter().map(|(value, beyond)| MetricValue {
            value: *value,
            beyond: *beyond,
            samples: 1,
            ..MetricValue::default()
        });
        Metric {
            unit: Unit::Seconds,
            better: Better::Lower,
            runs: runs.collect(),
        }
    }

    #[test]
    fn the_median_ranks_what_is_beyond_above_everything() {
        let shown = |values: &[(Option<f64>, bool)]| spread(&metric(values));
        assert_eq!(
            shown(&[(Some(3.0), false), (Some(1.0), false), (Some(2.0), false)]).unwrap(),
            "2 s (1 s .. 3 s in 3 runs)"
        );
        assert_eq!(
            shown(&[(Some(1.0), false), (Some(4.0), false)]).unwrap(),
            "2.5 s (1 s .. 4 s in 2 runs)"
        );
        assert_eq!(
            shown(&[(Some(9.0), false), (Some(4.0), true)]).unwrap(),
            "> 4 s (9 s .. > 4 s in 2 runs)"
        );
        assert_eq!(
            shown(&[(Some(2.0), false), (None, false)]).unwrap(),
            "2 s (2 s .. 2 s in 1 of 2 runs, no data in the others)"
        );
        assert_eq!(shown(&[(None, false)]), None);
        assert_eq!(beyond(2.5, Unit::Factor), "< 2.5x");
        assert_eq!(beyond(0.0, Unit::Factor), "< 0.001x");
    }
}
