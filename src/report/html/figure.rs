//! A chart with everything that explains it.

use serde::Serialize;

use super::drawing::Svg;
use super::table::PageTable;

/// A chart, or the table that stands in its place where there are too few points to draw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// Its anchor; set when it is placed on the page.
    pub(crate) id: String,
    pub(crate) title: String,
    /// What it shows and how it is read.
    pub(crate) sentence: String,
    pub(crate) svg: Option<Svg>,
    pub(crate) data: PageTable,
    /// The data is as important as the drawing, and is shown at once.
    pub(crate) open: bool,
}

impl Figure {
    pub(crate) fn new(
        title: impl Into<String>,
        sentence: impl Into<String>,
        svg: Option<Svg>,
        data: PageTable,
    ) -> Self {
        Self {
            id: String::new(),
            title: title.into(),
            sentence: sentence.into(),
            svg,
            data,
            open: false,
        }
    }
}
