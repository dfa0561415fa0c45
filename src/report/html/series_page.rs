//! The page of many sessions.

use super::brief::brief;
use super::budget::PageBudget;
use super::chart::over_sessions;
use super::page::{Page, Section};
use super::sections::{sheet_lead, sheet_sections};
use crate::report::sessions::SessionSeries;

/// Charts over the sessions, then their numbers.
pub(crate) fn series_page(all: &SessionSeries, budget: PageBudget) -> Page {
    let sheet = &all.sheet;
    let mut charts = Section::new("charts", "Charts");
    for chart in all.charts.iter().take(4 * budget.drawn_loads) {
        charts.figure(over_sessions(all, chart, &budget));
    }
    let mut sections = vec![sheet_lead(sheet, &budget)];
    sections.extend(charts.unless_empty());
    sections.extend(sheet_sections(sheet, &budget));
    Page {
        title: format!("{} · perfgate", brief(&sheet.title, 120)),
        plan: brief(&sheet.title, budget.letters),
        description: String::new(),
        place: String::new(),
        facts: Vec::new(),
        banner: None,
        sections,
        footer: format!("perfgate {}", env!("CARGO_PKG_VERSION")),
    }
}
