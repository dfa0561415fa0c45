//! What another tool has measured, by its own names.

use crate::report::html::brief::brief;
use crate::report::html::page::{PageEntry, Section};
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};

/// The section of those metrics; nothing for what perfgate has measured itself.
pub(crate) fn elsewhere(source: &PageSource<'_>) -> Option<Section> {
    let metrics = &source.view.metrics;
    let text = |text: &str| brief(text, source.budget.letters);
    let mut section = Section::new("measured", "What was measured");
    let columns: Vec<String> = std::iter::once("metric".to_owned())
        .chain(metrics.columns.iter().map(|name| format!("#{name}")))
        .collect();
    let rows = metrics
        .rows
        .iter()
        .map(|row| PageRow::new(std::iter::once(&row.name).chain(&row.cells).cloned()));
    section.table(PageTable::new(
        "Metrics with many values",
        &columns,
        rows.collect(),
        &source.budget,
    ));
    let facts = metrics.plain.iter().take(source.budget.rows);
    section.facts(
        facts
            .map(|fact| PageEntry::new(text(&fact.label), text(&fact.value)))
            .collect(),
    );
    section.unless_empty()
}
