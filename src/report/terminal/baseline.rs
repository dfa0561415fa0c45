//! A baseline before and after.

use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::sessions::BaselineRow;
use crate::report::text::Tone;

/// The table of what an update changes.
pub(crate) fn baseline_table(rows: &[BaselineRow], paint: impl Into<Paint>) -> String {
    let paint: Paint = paint.into();
    let mut grid = Grid::new(0, &[0, 7]);
    let names = [
        "metric", "old", "new", "change", "spread", "allowed", "sessions", "",
    ];
    grid.row(names.map(|name| GridCell::new(Tone::Dim, name)));
    for row in rows {
        let plain = |text: &str| GridCell::new(Tone::Plain, text);
        grid.row([
            plain(&row.metric),
            plain(&row.old),
            plain(&row.new),
            plain(&row.change),
            plain(&row.spread),
            plain(&row.tolerance),
            plain(&row.sessions),
            GridCell::new(Tone::Dim, &row.class),
        ]);
    }
    let mut out = String::new();
    grid.print(&mut out, paint);
    out
}
