//! A sweep in Markdown.

use serde::Serialize;

use super::clip::clip;
use crate::report::text::{head, rules};
use crate::report::view::{SweepRow, SweepView};

#[derive(Serialize)]
pub(super) struct SweepTable {
    title: String,
    columns: Vec<&'static str>,
    sides: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    sentences: Vec<String>,
    lines: Vec<String>,
}

impl SweepTable {
    pub(super) fn of(own: &SweepView) -> Self {
        let cells = |row: &SweepRow| row.cells.iter().map(|cell| clip(cell)).collect();
        Self {
            title: clip(&own.title),
            columns: own.columns.iter().map(|name| head(name)).collect(),
            sides: rules(&own.columns).collect(),
            rows: own.rows.iter().map(cells).collect(),
            sentences: own.sentences.iter().map(|line| clip(line)).collect(),
            lines: own.lines.iter().map(|line| clip(line)).collect(),
        }
    }
}
