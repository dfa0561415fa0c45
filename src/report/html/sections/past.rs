//! How the judged metrics went along over the sessions up to this one.

use crate::history::{Courses, HistoryEntry};
use crate::report::html::brief::brief;
use crate::report::html::chart;
use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::sessions::{TrendRow, TrendView};

/// The section of earlier sessions; nothing where there is none that can be held against this one.
pub(crate) fn past(source: &PageSource<'_>) -> Option<Section> {
    let lines: Vec<&HistoryEntry> = source.past.iter().collect();
    let courses = Courses::of(&lines, source.baseline);
    if courses.sessions.len() < 2 {
        return None;
    }
    let budget = &source.budget;
    let baseline = source.baseline.and(source.verdict.baseline.as_deref());
    let view = TrendView::of(&source.summary.plan.name, &courses, baseline, &|_| true);
    let mut section = Section::new("history", "The sessions before");
    let mut said = vec![view.facts.join(", ")];
    said.extend(view.left_out.clone());
    section.paragraph(brief(&format!("{}.", said.join("; ")), budget.letters));
    if baseline.is_some() {
        section.paragraph(brief(
            &format!("{} {}.", view.shape, view.conclusion),
            budget.letters,
        ));
    }
    section.figure(chart::courses(&courses, &lines, source.baseline, budget));
    section.table(trends(&view, baseline.is_some(), source));
    section.list(
        view.drifts
            .iter()
            .map(|drift| brief(drift, budget.letters))
            .collect(),
    );
    Some(section)
}

fn trends(view: &TrendView, compared: bool, source: &PageSource<'_>) -> PageTable {
    let mut columns = vec!["metric", "#sessions", "#first", "#last", "#slope", "#p"];
    if compared {
        columns.splice(4..4, ["#baseline", "#change"]);
        columns.push("drift");
    }
    let row = |row: &TrendRow| {
        let mut cells = vec![
            &row.metric,
            &row.sessions,
            &row.first,
            &row.last,
            &row.slope,
            &row.p,
        ];
        if compared {
            cells.splice(4..4, [&row.baseline, &row.change]);
            cells.push(&row.drift);
        }
        PageRow::new(cells.into_iter().map(String::as_str))
    };
    let caption = "Metrics over these sessions; slope: from each to the next, p: how likely chance alone makes such a trend";
    PageTable::new(
        caption,
        &columns,
        view.rows.iter().map(row).collect(),
        &source.budget,
    )
}
