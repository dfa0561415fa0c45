//! Tables of finished texts.

use serde::Serialize;

use super::brief::brief;
use super::budget::PageBudget;
use crate::report::text::{Tone, head, is_number};

/// So many columns are too wide for a phone.
const WIDE: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageTable {
    caption: String,
    columns: Vec<Column>,
    /// Where a screen is too narrow for its columns, each row becomes a block.
    stack: bool,
    pub(crate) rows: Vec<PageRow>,
    /// What is to be known about it: rows that are left out.
    note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Column {
    text: String,
    number: bool,
}

/// One line; its first cell is its heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageRow {
    cells: Vec<PageCell>,
    /// Where its data stands in a drawing, for the read-out.
    x: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageCell {
    text: String,
    tone: &'static str,
}

impl PageCell {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: "",
        }
    }

    pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone: class(tone),
        }
    }
}

/// The class of a text in a tone.
pub(crate) const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Strong => "t-strong",
        Tone::Good => "t-good",
        Tone::Bad => "t-bad",
        Tone::Warn => "t-warn",
        Tone::Dim => "t-dim",
    }
}

impl<T: Into<String>> From<T> for PageCell {
    fn from(text: T) -> Self {
        Self::plain(text)
    }
}

impl PageRow {
    pub(crate) fn new<C: Into<PageCell>>(cells: impl IntoIterator<Item = C>) -> Self {
        Self {
            cells: cells.into_iter().map(Into::into).collect(),
            x: None,
        }
    }

    /// The same with the place of its data in a drawing.
    pub(crate) fn drawn_at(self, x: String) -> Self {
        Self { x: Some(x), ..self }
    }
}

impl PageTable {
    /// A table. The names of columns of numbers begin with `#`, which is not shown. Texts and rows beyond the budget are cut, and
    /// that is said.
    pub(crate) fn new(
        caption: impl Into<String>,
        columns: &[impl AsRef<str>],
        mut rows: Vec<PageRow>,
        budget: &PageBudget,
    ) -> Self {
        let column = |name: &str| Column {
            text: brief(head(name), budget.letters),
            number: is_number(name),
        };
        let cut = rows.len().saturating_sub(budget.rows);
        rows.truncate(budget.rows);
        for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
            cell.text = brief(&cell.text, budget.letters);
        }
        Self {
            // Rows that are data of a drawing are many and narrow.
            stack: columns.len() >= WIDE && rows.iter().all(|row| row.x.is_none()),
            caption: brief(&caption.into(), budget.letters),
            columns: columns.iter().map(|name| column(name.as_ref())).collect(),
            rows,
            note: (cut > 0).then(|| {
                format!("{cut} more rows are left out to keep this page small; summary.json and verdict.json have all.")
            }),
        }
    }

    /// The same table, `None` without a row.
    pub(crate) fn unless_empty(self) -> Option<Self> {
        (!self.rows.is_empty()).then_some(self)
    }
}
