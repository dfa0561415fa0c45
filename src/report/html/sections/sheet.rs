//! The tables of several sessions, as sections of a page.

use crate::report::html::budget::PageBudget;
use crate::report::html::page::Section;
use crate::report::html::table::{PageCell, PageRow, PageTable};
use crate::report::sessions::{Sheet, SheetPart, SheetRow};

/// One section a table; what only those want to see who look for it is folded below.
pub(crate) fn sheet_sections(sheet: &Sheet, budget: &PageBudget) -> Vec<Section> {
    sheet
        .parts
        .iter()
        .enumerate()
        .map(|(at, part)| section(part, at + 1, budget))
        .collect()
}

fn section(part: &SheetPart, number: usize, budget: &PageBudget) -> Section {
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
    section.table(PageTable::new(
        part.title.as_str(),
        &columns,
        rows(false),
        budget,
    ));
    section.folded(PageTable::new(
        format!("{}: the rest", part.title),
        &columns,
        rows(true),
        budget,
    ));
    section
}

fn row(row: &SheetRow) -> PageRow {
    let last = row.cells.len().saturating_sub(1);
    let cell = |(at, text): (usize, &String)| {
        if at == last {
            PageCell::toned(text, row.tone)
        } else {
            PageCell::plain(text)
        }
    };
    PageRow::new(row.cells.iter().enumerate().map(cell))
}
