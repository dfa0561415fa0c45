//! Rows of statistics.

use super::pick::{RunPick, pick, text};
use crate::metric::{Address, Owner};
use crate::summary::Summary;

/// The columns of [`Times`].
pub(crate) const STATISTICS: [&str; 9] = [
    "min", "mean", "p50", "p90", "p95", "p99", "max", "stddev", "count",
];

/// More runs than this are summed up instead of listed.
const LISTED: usize = 5;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimesRow {
    /// The quantity, or which run a row below it is about.
    pub(crate) label: String,
    /// It says more about the row above it.
    pub(crate) nested: bool,
    /// One text for each of [`STATISTICS`].
    pub(crate) cells: [String; STATISTICS.len()],
}

/// The rows of one quantity: its values, of several runs the median and then each run (of many: lowest and highest).
/// Empty where the session knows no such quantity.
pub(crate) fn rows(summary: &Summary, owner: &Owner, quantity: &str, label: &str) -> Vec<TimesRow> {
    let runs = summary.runs.len();
    if !summary
        .metrics
        .contains_key(&owner.statistic(quantity, "count"))
    {
        return Vec::new();
    }
    let row = |label: &str, nested: bool, which: RunPick| TimesRow {
        label: label.to_owned(),
        nested,
        cells: STATISTICS.map(|stat| cell(summary, &owner.statistic(quantity, stat), which)),
    };
    if runs <= 1 {
        return vec![row(label, false, RunPick::Run(0))];
    }
    let mut rows = vec![row(label, false, RunPick::Median)];
    if runs <= LISTED {
        rows.extend((0..runs).map(|run| row(&format!("run {}", run + 1), true, RunPick::Run(run))));
    } else {
        rows.extend([
            row("lowest", true, RunPick::Lowest),
            row("highest", true, RunPick::Highest),
        ]);
    }
    rows
}

/// One value as text; `–` where there is none.
pub(crate) fn cell(summary: &Summary, address: &Address, which: RunPick) -> String {
    summary.metrics.get(address).map_or_else(
        || "–".to_owned(),
        |metric| text(pick(metric, which), metric.unit),
    )
}

pub(crate) const fn over(runs: usize) -> RunPick {
    if runs <= 1 {
        RunPick::Run(0)
    } else {
        RunPick::Median
    }
}
