//! Conversations one by one.

use super::grid::{Cell, Grid};
use super::paint::Paint;
use crate::report::{CONVERSATION_COLUMNS, ConversationsView, Tone};

/// So many are listed.
const MOST: usize = 20;
/// Letters of a clip's name.
const LETTERS: usize = 24;

/// The worst of them, without their errors, which stand in a list of their own.
pub(super) fn conversations(out: &mut String, all: &ConversationsView, paint: Paint) {
    out.push_str(&format!("\n{}\n", paint.on(Tone::Strong, &all.line)));
    let mut grid = Grid::new(2, &[0, 1, 2]);
    let shown = CONVERSATION_COLUMNS.len() - 1;
    let heads = CONVERSATION_COLUMNS.iter().take(shown).map(|name| name.strip_prefix('#').unwrap_or(name));
    grid.row(heads.map(|name| Cell::new(Tone::Dim, name)));
    for row in all.rows.iter().take(MOST) {
        let cell = |(at, text): (usize, &String)| match CONVERSATION_COLUMNS[at] {
            "outcome" => Cell::new(row.tone, text),
            "clip" => Cell::new(Tone::Plain, text.chars().take(LETTERS).collect::<String>()),
            _ => Cell::new(Tone::Plain, text),
        };
        grid.row(row.cells.iter().take(shown).enumerate().map(cell));
    }
    grid.print(out, paint);
    let cut = all.cut(all.rows.len().min(MOST));
    if !cut.is_empty() {
        out.push_str(&format!("  {cut}\n"));
    }
}
