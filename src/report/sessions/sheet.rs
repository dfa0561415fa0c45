//! Tables of finished texts with a heading, for every renderer alike.

use crate::report::text::{Tone, head, is_number};

/// What several sessions come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// `nightly: 20261122T020000Z over 20261121T020000Z`.
    pub(crate) title: String,
    /// What is to be known before reading on.
    pub(crate) facts: Vec<String>,
    /// Its tables.
    pub parts: Vec<SheetPart>,
    pub(crate) conclusion: String,
    /// What stands for that: `✓`, `▲` or `–`.
    pub shape: &'static str,
    pub(crate) tone: Tone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPart {
    pub(crate) title: String,
    pub(crate) text: String,
    /// The names of its columns; those of numbers begin with `#`, which is not shown.
    pub(crate) columns: Vec<String>,
    /// Columns that a narrow terminal leaves out, the first of them first.
    pub(crate) spare: Vec<&'static str>,
    pub rows: Vec<SheetRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    pub cells: Vec<String>,
    pub(crate) tone: Tone,
    /// Only those want to see it who look for it.
    pub(crate) detail: bool,
}

impl SheetRow {
    pub(crate) const fn plain(cells: Vec<String>) -> Self {
        Self {
            cells,
            tone: Tone::Plain,
            detail: false,
        }
    }
}

impl SheetPart {
    pub(crate) fn new(title: &str, text: &str, columns: &[&str], rows: Vec<SheetRow>) -> Self {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Self {
            title: title.to_owned(),
            text: text.to_owned(),
            columns,
            spare: Vec::new(),
            rows,
        }
    }

    pub(crate) fn is_number(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|name| is_number(name))
    }

    /// The names of the columns as they are shown.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|name| head(name))
    }
}
