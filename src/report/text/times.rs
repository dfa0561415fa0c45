//! Rows of statistics.

use super::pick::{Pick, pick, text};
use crate::summary::Summary;

/// The columns of [`Times`].
pub const STATISTICS: [&str; 9] = [
    "min", "mean", "p50", "p90", "p95", "p99", "max", "stddev", "count",
];

/// More runs than this are summed up instead of listed.
const LISTED: usize = 5;

/// One quantity by its statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    /// The quantity, or which run a row below it is about.
    pub label: String,
    /// It says more about the row above it.
    pub nested: bool,
    /// One text for each of [`STATISTICS`].
    pub cells: [String; STATISTICS.len()],
}

/// The rows of one quantity: its values, of several runs the median and then each run (of many: lowest and highest).
/// Empty where the session knows no such quantity.
pub(crate) fn rows(summary: &Summary, address: &str, label: &str) -> Vec<Times> {
    let runs = summary.runs.len();
    if !summary.metrics.contains_key(&format!("{address}.count")) {
        return Vec::new();
    }
    let row = |label: &str, nested: bool, which: Pick| Times {
        label: label.to_owned(),
        nested,
        cells: STATISTICS.map(|stat| cell(summary, &format!("{address}.{stat}"), which)),
    };
    if runs <= 1 {
        return vec![row(label, false, Pick::Run(0))];
    }
    let mut rows = vec![row(label, false, Pick::Median)];
    if runs <= LISTED {
        rows.extend((0..runs).map(|run| row(&format!("run {}", run + 1), true, Pick::Run(run))));
    } else {
        rows.extend([
            row("lowest", true, Pick::Lowest),
            row("highest", true, Pick::Highest),
        ]);
    }
    rows
}

/// One value as text; `–` where there is none.
pub(crate) fn cell(summary: &Summary, address: &str, which: Pick) -> String {
    summary.metrics.get(address).map_or_else(
        || "–".to_owned(),
        |metric| text(pick(metric, which), metric.unit),
    )
}

/// Which value stands for all runs.
pub(crate) const fn over(runs: usize) -> Pick {
    if runs <= 1 {
        Pick::Run(0)
    } else {
        Pick::Median
    }
}
