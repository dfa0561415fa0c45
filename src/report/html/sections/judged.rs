//! What was judged: the chart of changes and the two tables.

use crate::report::html::chart;
use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageCell, PageRow, PageTable};
use crate::report::view::{ComparisonView, ThresholdView};

/// The section of comparisons and thresholds; nothing where nothing is judged.
pub(crate) fn judged(source: &PageSource<'_>) -> Option<Section> {
    let view = source.view;
    let mut section = Section::new("judged", "What was judged");
    let mut comparisons = Some(comparisons(source)).filter(|_| !view.comparisons.is_empty());
    if let Some(table) = &comparisons {
        let figure = chart::gates(source.verdict, view, table.clone(), &source.budget);
        // The table stands below the chart and is its data: it need not be there twice.
        if let Some(figure) = figure {
            section.figure(Some(figure));
            comparisons = None;
        }
    }
    if let Some(table) = comparisons {
        section.table(table);
    }
    section.table(thresholds(source));
    let mut notes: Vec<String> = view
        .thresholds
        .iter()
        .filter_map(|threshold| threshold.footnote.clone())
        .collect();
    notes.sort();
    notes.dedup();
    section.list(notes);
    section.unless_empty()
}

fn comparisons(source: &PageSource<'_>) -> PageTable {
    let row = |comparison: &ComparisonView| {
        PageRow::new([
            PageCell::plain(&comparison.metric),
            PageCell::plain(&comparison.baseline),
            PageCell::plain(&comparison.value),
            PageCell::plain(&comparison.change),
            PageCell::plain(if comparison.interval.is_empty() {
                "–"
            } else {
                &comparison.interval
            }),
            PageCell::plain(&comparison.allowed),
            PageCell::toned(
                format!("{} {}", comparison.shape, comparison.word),
                comparison.tone,
            ),
            PageCell::plain(comparison.notes.join(", ")),
        ])
    };
    PageTable::new(
        "Metrics against their baseline, the worst first",
        &[
            "metric",
            "#baseline",
            "#now",
            "#change",
            "#90 % interval",
            "#allowed",
            "verdict",
            "notes",
        ],
        source.view.comparisons.iter().map(row).collect(),
        &source.budget,
    )
}

fn thresholds(source: &PageSource<'_>) -> PageTable {
    let row = |threshold: &ThresholdView| {
        PageRow::new([
            PageCell::plain(&threshold.metric),
            PageCell::plain(&threshold.value),
            PageCell::plain(&threshold.bound),
            PageCell::toned(
                format!("{} {}", threshold.shape, threshold.word),
                threshold.tone,
            ),
            PageCell::plain(threshold.notes.join(", ")),
            PageCell::plain(threshold.place.as_deref().unwrap_or("–")),
        ])
    };
    PageTable::new(
        "Thresholds: what must always hold, the worst first",
        &[
            "metric",
            "#value",
            "#bound",
            "verdict",
            "notes",
            "line of the plan",
        ],
        source.view.thresholds.iter().map(row).collect(),
        &source.budget,
    )
}
