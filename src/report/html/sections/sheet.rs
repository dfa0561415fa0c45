//! The tables of several sessions, as sections of a page.

use crate::report::html::budget::Budget;
use crate::report::html::page::Section;
use crate::report::html::table::{Cell, Row, Table};
use crate::report::sessions::{Sheet, SheetPart, SheetRow};

/// One section a table; what only those want to see who look for it is folded below.
pub(crate) fn sheet_sections(sheet: &Sheet, budget: &Budget) -> Vec<Section> {
    sheet
        .parts
        .iter()
        .enumerate()
        .map(|(at, part)| section(part, at + 1, budget))
        .collect()
}

fn section(part: &SheetPart, number: usize, budget: &Budget) -> Section {
    let mut section = Section::new(format!("part-{number}"), part.title.as_str());
    if !part.text.is_empty() {
        section.paragraph(part.text.as_str());
    }
    let columns: Vec<&str> = part.columns.iter().map(String::as_str).collect();
    let rows = |detail: bool| {
        part.rows
            .iter()
            .filter(|row| row.detail == detail)
            .map(row)
            .collect()
    };
    section.table(Table::new(
        part.title.as_str(),
        &columns,
        rows(false),
        budget,
    ));
    section.folded(Table::new(
        format!("{}: the rest", part.title),
        &columns,
        rows(true),
        budget,
    ));
    section
}

fn row(row: &SheetRow) -> Row {
    let last = row.cells.len().saturating_sub(1);
    let cell = |(at, text): (usize, &String)| {
        if at == last {
            Cell::toned(text, row.tone)
        } else {
            Cell::plain(text)
        }
    };
    Row::new(row.cells.iter().enumerate().map(cell))
}
