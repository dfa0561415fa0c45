//! A load apart by what its plan tells iterations apart by.

use crate::measure::Counts;
use crate::report::text::{clean, ratio};
use crate::summary::{LoadRun, MetricValue, SplitLine};
use crate::units::{Unit, print};

/// The columns of a split behind its value.
pub(crate) const SPLIT_COLUMNS: [&str; 7] =
    ["started", "ok", "refused", "errors", "mean", "p50", "p95"];

/// The iterations of one value; times are medians where there were several runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SplitView {
    pub(crate) value: String,
    /// What stands in [`SPLIT_COLUMNS`].
    pub(crate) cells: [String; 7],
    /// Whether any of them failed, timed out or was interrupted.
    pub(crate) has_errors: bool,
}

/// A line for each value of all runs, in the order of the values.
pub(crate) fn all(runs: &[(u64, &LoadRun)]) -> Vec<SplitView> {
    let mut values: Vec<&str> = runs
        .iter()
        .flat_map(|(_, run)| &run.splits)
        .map(|line| line.value.as_str())
        .collect();
    values.sort_unstable();
    values.dedup();
    let of = |value: &str| {
        let lines = runs
            .iter()
            .flat_map(|(_, run)| &run.splits)
            .filter(|line| line.value == value);
        view(value, &lines.collect::<Vec<_>>())
    };
    values.into_iter().map(of).collect()
}

fn view(value: &str, lines: &[&SplitLine]) -> SplitView {
    let sum = |of: fn(&Counts) -> u64| lines.iter().map(|line| of(&line.counts)).sum::<u64>();
    let started = sum(|counts| counts.started);
    let lost = sum(|counts| counts.failed + counts.timed_out + counts.interrupted);
    let time = |of: fn(&SplitLine) -> MetricValue| {
        let mut values: Vec<MetricValue> = lines
            .iter()
            .map(|line| of(line))
            .filter(|value| value.value.is_some())
            .collect();
        values.sort_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)));
        values.get(values.len().saturating_sub(1) / 2).map_or_else(
            || "–".to_owned(),
            |middle| {
                let text = print(middle.value.unwrap_or(0.0), Unit::Seconds);
                if middle.beyond {
                    format!("> {text}")
                } else {
                    text
                }
            },
        )
    };
    SplitView {
        value: clean(value),
        cells: [
            started.to_string(),
            sum(|counts| counts.ok).to_string(),
            sum(|counts| counts.rejected).to_string(),
            ratio(lost, started).unwrap_or_else(|| "–".to_owned()),
            time(|line| line.latency_mean_s),
            time(|line| line.latency_p50_s),
            time(|line| line.latency_p95_s),
        ],
        has_errors: lost > 0,
    }
}
