//! Who spoke with the target, one by one.

use crate::report::html::brief::tail;
use crate::report::html::chart;
use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageCell, PageRow, PageTable};
use crate::report::view::ConversationView;

const LETTERS: usize = 28;

/// The section of conversations; nothing where none was recorded.
pub(crate) fn talks(source: &PageSource<'_>) -> Option<Section> {
    let (all, view) = (source.conversations?, source.view.conversations.as_ref()?);
    let most = source.budget.data_rows;
    let row = |conversation: &ConversationView| {
        let cell = |(at, text): (usize, &String)| match at {
            at if at == view.outcome => PageCell::toned(text.as_str(), conversation.tone),
            // The clip, which stands last where there is conversation: what went wrong needs the room.
            at if at + 1 == conversation.cells.len() => PageCell::plain(tail(text, LETTERS)),
            _ => PageCell::plain(text.as_str()),
        };
        PageRow::new(conversation.cells.iter().enumerate().map(cell))
    };
    let rows: Vec<PageRow> = view.rows.iter().take(most).map(row).collect();
    let said = view.cut(rows.len());
    let caption = "Conversations, warm-up included: what ended worst first, then the largest delay";
    let table = PageTable::new(caption, &view.columns, rows, &source.budget);
    let mut section = Section::new("conversations", "Conversations");
    section.paragraph(format!("{}.", view.line));
    section.figure(chart::talks(all, table.clone(), &said));
    // Where the first run has none there is nothing to draw.
    if all.first.is_empty() {
        section.table(table);
    }
    Some(section)
}
