//! Who spoke with the target, one by one.

use crate::report::html::brief::tail;
use crate::report::html::chart;
use crate::report::html::page::Section;
use crate::report::html::source::Source;
use crate::report::html::table::{Cell, Row, Table};
use crate::report::view::ConversationView;

/// Letters of a clip's name.
const LETTERS: usize = 28;

/// The section of conversations; nothing where none was recorded.
pub(crate) fn talks(source: &Source<'_>) -> Option<Section> {
    let (all, view) = (source.conversations?, source.view.conversations.as_ref()?);
    let most = source.budget.data_rows;
    let row = |one: &ConversationView| {
        let cell = |(at, text): (usize, &String)| match at {
            at if at == view.outcome => Cell::toned(text.as_str(), one.tone),
            // The clip, which stands last where there is one: what went wrong needs the room.
            at if at + 1 == one.cells.len() => Cell::plain(tail(text, LETTERS)),
            _ => Cell::plain(text.as_str()),
        };
        Row::new(one.cells.iter().enumerate().map(cell))
    };
    let rows: Vec<Row> = view.rows.iter().take(most).map(row).collect();
    let said = view.cut(rows.len());
    let caption = "Conversations, warm-up included: what ended worst first, then the largest delay";
    let columns: Vec<&str> = view.columns.iter().map(String::as_str).collect();
    let table = Table::new(caption, &columns, rows, &source.budget);
    let mut section = Section::new("conversations", "Conversations");
    section.paragraph(format!("{}.", view.line));
    section.figure(chart::talks(all, table.clone(), &said));
    // Where the first run has none there is nothing to draw.
    if all.first.is_empty() {
        section.table(table);
    }
    Some(section)
}
