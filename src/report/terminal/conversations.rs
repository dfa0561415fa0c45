//! Conversations one by one.

use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::text::Tone;
use crate::report::view::ConversationsView;

const MOST: usize = 20;
const LETTERS: usize = 24;

/// The worst of them, without their errors, which stand in a list of their own.
pub(crate) fn conversations(out: &mut String, all: &ConversationsView, paint: Paint) {
    out.push_str(&format!("\n{}\n", paint.on(Tone::Strong, &all.line)));
    // The last column: numbers, where there are no clips, are shorter than these.
    let clip = all.columns.len() - 1;
    let kept: Vec<usize> = (0..=clip).filter(|at| Some(*at) != all.error).collect();
    let left: Vec<usize> = (0..kept.len())
        .filter(|at| !all.is_number(kept[*at]))
        .collect();
    let mut grid = Grid::new(2, &left);
    let heads: Vec<&str> = all.heads().collect();
    grid.row(kept.iter().map(|at| GridCell::new(Tone::Dim, heads[*at])));
    for row in all.rows.iter().take(MOST) {
        let cell = |at: &usize| {
            let text = row.cells.get(*at)?;
            Some(match *at {
                at if at == all.outcome => GridCell::new(row.tone, text),
                at if at == clip => {
                    GridCell::new(Tone::Plain, text.chars().take(LETTERS).collect::<String>())
                }
                _ => GridCell::new(Tone::Plain, text),
            })
        };
        grid.row(kept.iter().filter_map(cell));
    }
    grid.print(out, paint);
    let cut = all.cut(all.rows.len().min(MOST));
    if !cut.is_empty() {
        out.push_str(&format!("  {cut}\n"));
    }
}
