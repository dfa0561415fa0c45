//! The tables of several sessions, as sections of a page.

use crate::report::html::brief::brief;
use crate::report::html::budget::PageBudget;
use crate::report::html::page::Section;
use crate::report::html::table::{PageCell, PageRow, PageTable};
use crate::report::sessions::{Sheet, SheetPart, SheetRow};

/// What it comes to, before the tables.
pub(crate) fn sheet_lead(sheet: &Sheet, budget: &PageBudget) -> Section {
    let text = |text: &String| brief(text, budget.letters);
    let mut lead = Section::new("compared", "What it comes to");
    lead.paragraph(text(&format!("{} {}.", sheet.shape, sheet.conclusion)));
    lead.list(sheet.facts.iter().map(text).collect());
    lead
}

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
    let rows = |detail: bool| {
        part.rows
            .iter()
            .filter(|row| row.detail == detail)
            .map(row)
            .collect()
    };
    section.table(PageTable::new(
        part.title.as_str(),
        &part.columns,
        rows(false),
        budget,
    ));
    section.folded(PageTable::new(
        format!("{}: the rest", part.title),
        &part.columns,
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
