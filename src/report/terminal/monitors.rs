//! What was watched beside the load.

use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::text::{Tone, head};
use crate::report::view::{MONITOR_COLUMNS, MonitorRow};

/// A table of all values.
pub(super) fn monitors(out: &mut String, rows: &[MonitorRow], paint: Paint) {
    if rows.is_empty() {
        return;
    }
    let mut grid = Grid::new(2, &[0, 6]);
    grid.row(MONITOR_COLUMNS.map(|name| GridCell::new(Tone::Dim, head(name))));
    for row in rows {
        grid.row(
            row.cells
                .iter()
                .map(|cell| GridCell::new(Tone::Plain, cell)),
        );
    }
    out.push('\n');
    grid.print(out, paint);
}
