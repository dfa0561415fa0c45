//! What was watched beside the load: a table, and charts over time.

use crate::report::html::chart;
use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::view::MONITOR_COLUMNS;

/// Charts of this many values are drawn; the table has all.
const DRAWN: usize = 12;

/// The section of monitors; nothing where there is none.
pub(crate) fn monitors(source: &PageSource<'_>) -> Option<Section> {
    let rows = &source.view.monitors;
    let mut section = Section::new("monitors", "What was watched");
    let cells = rows
        .iter()
        .map(|row| PageRow::new(row.cells.iter().map(String::as_str)));
    section.table(PageTable::new(
        "Values of monitors, in the last run",
        &MONITOR_COLUMNS,
        cells.collect(),
        &source.budget,
    ));
    let lines = source
        .summary
        .runs
        .last()
        .map_or(&[][..], |run| &run.monitors);
    for row in rows.iter().filter(|row| row.varies).take(DRAWN) {
        let line = lines.get(row.at);
        section.figure(line.and_then(|line| chart::monitor(line, &row.cells[0], &source.budget)));
    }
    section.unless_empty()
}
