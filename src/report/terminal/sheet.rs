//! Tables of several sessions.

use super::block::wrapped;
use super::detail::Detail;
use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::sessions::{Sheet, SheetPart, SheetRow};
use crate::report::text::Tone;

/// The sheet as lines, the last one is what it comes to; with [`Detail::Quiet`] that alone.
#[must_use]
pub fn sheet(sheet: &Sheet, detail: Detail, paint: impl Into<Paint>) -> String {
    let paint: Paint = paint.into();
    let mut out = String::new();
    if detail != Detail::Quiet {
        wrapped(
            &mut out,
            paint,
            ("", Tone::Plain),
            (&sheet.title, Tone::Strong),
        );
        for fact in &sheet.facts {
            wrapped(&mut out, paint, ("  ", Tone::Plain), (fact, Tone::Dim));
        }
        sheet
            .parts
            .iter()
            .for_each(|table| part(&mut out, table, detail, paint));
        out.push('\n');
    }
    let conclusion = format!("{} {}", sheet.shape, sheet.conclusion);
    wrapped(
        &mut out,
        paint,
        ("", Tone::Plain),
        (&conclusion, sheet.tone),
    );
    out
}

fn part(out: &mut String, part: &SheetPart, detail: Detail, paint: Paint) {
    let shown = |row: &&SheetRow| detail == Detail::Verbose || !row.detail;
    out.push('\n');
    wrapped(out, paint, ("", Tone::Plain), (&part.title, Tone::Strong));
    if !part.text.is_empty() {
        wrapped(out, paint, ("  ", Tone::Plain), (&part.text, Tone::Dim));
    }
    let mut left_out = Vec::new();
    let mut grid = grid(part, &left_out, detail);
    for name in part.spare.iter().filter(|_| detail != Detail::Verbose) {
        if grid.fits(paint) {
            break;
        }
        left_out.push(*name);
        grid = self::grid(part, &left_out, detail);
    }
    if part.rows.iter().any(|row| shown(&row)) {
        grid.print(out, paint);
    }
    left_out.retain(|name| part.heads().any(|head| head == *name));
    if !left_out.is_empty() {
        let line = format!(
            "{} left out for want of room (-v shows all)",
            left_out.join(", ")
        );
        wrapped(out, paint, ("", Tone::Plain), (&line, Tone::Dim));
    }
    let hidden = part.rows.iter().filter(|row| !shown(row)).count();
    if hidden > 0 {
        let line = format!("{hidden} more (-v lists them)");
        wrapped(out, paint, ("", Tone::Plain), (&line, Tone::Dim));
    }
}

/// The table without some of its columns.
fn grid(part: &SheetPart, left_out: &[&str], detail: Detail) -> Grid {
    let kept: Vec<usize> = part
        .heads()
        .enumerate()
        .filter(|(_, name)| !left_out.contains(name))
        .map(|(at, _)| at)
        .collect();
    let left: Vec<usize> = (0..kept.len())
        .filter(|at| !part.is_number(kept[*at]))
        .collect();
    let mut grid = Grid::new(0, &left);
    let heads: Vec<&str> = part.heads().collect();
    grid.row(kept.iter().map(|at| GridCell::new(Tone::Dim, heads[*at])));
    for row in part
        .rows
        .iter()
        .filter(|row| detail == Detail::Verbose || !row.detail)
    {
        let last = row.cells.len().saturating_sub(1);
        let tone = |at: usize| if at == last { row.tone } else { Tone::Plain };
        let cells = kept
            .iter()
            .filter_map(|at| Some(GridCell::new(tone(*at), row.cells.get(*at)?)));
        grid.row(cells);
    }
    grid
}
