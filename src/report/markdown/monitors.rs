//! What was watched beside the load, in Markdown.

use super::clip::clip;
use crate::report::view::{MonitorRow, View};

/// The rows of the table.
pub(super) fn rows(view: &View, most: usize) -> Vec<Vec<String>> {
    let cells = |row: &MonitorRow| row.cells.iter().map(|cell| clip(cell)).collect();
    view.monitors.iter().take(most).map(cells).collect()
}
