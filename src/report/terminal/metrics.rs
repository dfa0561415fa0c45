//! What another tool has measured.

use super::detail::Detail;
use super::grid::{Grid, GridCell};
use super::load::facts;
use super::paint::Paint;
use crate::report::text::Tone;
use crate::report::view::{MetricRow, MetricsView};

/// A table of statistics, and every other metric below it.
pub(crate) fn metrics(out: &mut String, view: &MetricsView, detail: Detail, paint: Paint) {
    if view.is_empty() {
        return;
    }
    let shown = |row: &&MetricRow| detail == Detail::Verbose || !row.part;
    let mut grid = Grid::new(2, &[0]);
    grid.row(
        std::iter::once(GridCell::default()).chain(
            view.columns
                .iter()
                .map(|name| GridCell::new(Tone::Dim, *name)),
        ),
    );
    for row in view.rows.iter().filter(shown) {
        let cells = row
            .cells
            .iter()
            .map(|cell| GridCell::new(Tone::Plain, cell));
        grid.row(std::iter::once(GridCell::new(Tone::Plain, &row.name)).chain(cells));
    }
    if view.rows.iter().any(|row| shown(&row)) {
        out.push('\n');
        grid.print(out, paint);
    }
    let hidden = view.rows.iter().filter(|row| !shown(row)).count();
    if hidden > 0 {
        out.push_str(&format!(
            "  {hidden} more that are parts of these (-v lists them)\n"
        ));
    }
    facts(out, &view.plain, paint);
}
