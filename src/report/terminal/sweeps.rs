//! Sweeps: a table of the points and what they say together.

use super::block::wrapped;
use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::text::{Tone, head, is_number};
use crate::report::view::SweepView;

/// Every sweep, its answer below its points.
pub(super) fn sweeps(out: &mut String, all: &[SweepView], paint: Paint) {
    for sweep in all {
        out.push('\n');
        let title = format!("sweep {}", sweep.title);
        wrapped(out, paint, ("── ", Tone::Dim), (&title, Tone::Strong));
        table(out, sweep, paint);
        out.push('\n');
        for sentence in &sweep.sentences {
            wrapped(out, paint, ("  ", Tone::Plain), (sentence, Tone::Plain));
        }
    }
}

fn table(out: &mut String, sweep: &SweepView, paint: Paint) {
    let left: Vec<usize> = (0..sweep.columns.len())
        .filter(|at| *at > 0 && !is_number(sweep.columns[*at]))
        .collect();
    let last = sweep.columns.len() - 1;
    let mut grid = Grid::new(2, &left);
    // What is said of a point is as long as it needs to be, and stands below the table where it does not fit.
    let longest = |cells: &[String]| cells[last].chars().count() <= REMARK;
    grid.row(
        sweep
            .columns
            .iter()
            .map(|name| GridCell::new(Tone::Dim, head(name))),
    );
    let mut below = Vec::new();
    for row in &sweep.rows {
        let mut cells = row.cells.clone();
        if !longest(&cells) {
            below.push(format!("{}: {}", cells[0], cells[last]));
            cells[last] = "see below".to_owned();
        }
        let cell = |(at, text): (usize, String)| {
            GridCell::new(if at == last { row.tone } else { Tone::Plain }, text)
        };
        grid.row(cells.into_iter().enumerate().map(cell));
    }
    grid.print(out, paint);
    for line in below {
        wrapped(out, paint, ("  ", Tone::Plain), (&line, Tone::Dim));
    }
}

/// A remark with more letters does not stand in the table.
const REMARK: usize = 26;
