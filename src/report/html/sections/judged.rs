//! What was judged: the chart of changes and the two tables.

use crate::report::html::chart;
use crate::report::html::page::Section;
use crate::report::html::source::Source;
use crate::report::html::table::{Cell, Row, Table};
use crate::report::view::{ComparisonView, ThresholdView};

/// The section of comparisons and thresholds; nothing where nothing is judged.
pub(crate) fn judged(source: &Source<'_>) -> Option<Section> {
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
        .filter_map(|one| one.footnote.clone())
        .collect();
    notes.sort();
    notes.dedup();
    section.list(notes);
    section.unless_empty()
}

fn comparisons(source: &Source<'_>) -> Table {
    let row = |one: &ComparisonView| {
        Row::new([
            Cell::plain(&one.metric),
            Cell::plain(&one.baseline),
            Cell::plain(&one.value),
            Cell::plain(&one.change),
            Cell::plain(if one.interval.is_empty() {
                "–"
            } else {
                &one.interval
            }),
            Cell::plain(&one.allowed),
            Cell::toned(format!("{} {}", one.shape, one.word), one.tone),
            Cell::plain(one.notes.join(", ")),
        ])
    };
    Table::new(
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

fn thresholds(source: &Source<'_>) -> Table {
    let row = |one: &ThresholdView| {
        Row::new([
            Cell::plain(&one.metric),
            Cell::plain(&one.value),
            Cell::plain(&one.bound),
            Cell::toned(format!("{} {}", one.shape, one.word), one.tone),
            Cell::plain(one.notes.join(", ")),
            Cell::plain(one.place.as_deref().unwrap_or("–")),
        ])
    };
    Table::new(
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
