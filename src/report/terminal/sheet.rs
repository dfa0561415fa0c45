//! Tables of several sessions.

use super::block::wrapped;
use super::grid::{Cell, Grid};
use super::paint::Paint;
use super::render::Detail;
use crate::report::{Sheet, SheetPart, SheetRow, Tone};

/// The sheet as lines, the last one is what it comes to; with [`Detail::Quiet`] that alone.
#[must_use]
pub fn sheet(sheet: &Sheet, detail: Detail, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    if detail != Detail::Quiet {
        wrapped(&mut out, paint, ("", Tone::Plain), (&sheet.title, Tone::Strong));
        for fact in &sheet.facts {
            wrapped(&mut out, paint, ("  ", Tone::Plain), (fact, Tone::Dim));
        }
        sheet.parts.iter().for_each(|own| part(&mut out, own, detail, paint));
        out.push('\n');
    }
    let conclusion = format!("{} {}", sheet.shape, sheet.conclusion);
    wrapped(&mut out, paint, ("", Tone::Plain), (&conclusion, sheet.tone));
    out
}

fn part(out: &mut String, part: &SheetPart, detail: Detail, paint: Paint) {
    let shown = |row: &&SheetRow| detail == Detail::Verbose || !row.detail;
    out.push('\n');
    wrapped(out, paint, ("", Tone::Plain), (&part.title, Tone::Strong));
    if !part.text.is_empty() {
        wrapped(out, paint, ("  ", Tone::Plain), (&part.text, Tone::Dim));
    }
    let left: Vec<usize> = (0..part.columns.len()).filter(|at| !part.is_number(*at)).collect();
    let mut grid = Grid::new(0, &left);
    grid.row(part.heads().map(|name| Cell::new(Tone::Dim, name)));
    for row in part.rows.iter().filter(shown) {
        let last = row.cells.len().saturating_sub(1);
        let tone = |at: usize| if at == last { row.tone } else { Tone::Plain };
        grid.row(row.cells.iter().enumerate().map(|(at, cell)| Cell::new(tone(at), cell)));
    }
    if part.rows.iter().any(|row| shown(&row)) {
        grid.print(out, paint);
    }
    let hidden = part.rows.iter().filter(|row| !shown(row)).count();
    if hidden > 0 {
        let line = format!("{hidden} more (-v lists them)");
        wrapped(out, paint, ("", Tone::Plain), (&line, Tone::Dim));
    }
}
