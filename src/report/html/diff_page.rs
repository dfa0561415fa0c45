//! The page of two sessions.

use std::collections::BTreeMap;

use super::brief::brief;
use super::budget::PageBudget;
use super::page::Page;
use super::sections::{definitions, faults, sheet_lead, sheet_sections};
use super::session_page::loads;
use super::source::{PageSource, Then};
use crate::gate::Verdict;
use crate::gate::baseline::Recorded;
use crate::report::sessions::session_diff;
use crate::report::text::clean;
use crate::report::view::View;
use crate::summary::Summary;

/// What changed, then the charts of the later session with the other one behind them.
pub(crate) fn diff_page(
    then: &Summary,
    now: &Summary,
    verdict: &Verdict,
    budget: PageBudget,
) -> Page {
    let sheet = session_diff(then, now);
    let view = View::of(now, verdict);
    let recorded = Recorded::of(then, &BTreeMap::new(), "", None);
    let then_drawn = Some(Then {
        recorded: &recorded,
        comparable: true,
    });
    let source = PageSource {
        summary: now,
        verdict,
        view: &view,
        then: then_drawn,
        other: Some(then),
        latencies: None,
        conversations: None,
        baseline: None,
        past: &[],
        budget,
    };
    let mut sections = vec![sheet_lead(&sheet, &budget)];
    // The numbers are what somebody looks for first.
    sections.extend(sheet_sections(&sheet, &budget).into_iter().rev());
    sections.extend(loads(&source));
    sections.extend(faults(&source));
    sections.extend(definitions(&source));
    Page {
        title: format!("{} · perfgate", brief(&sheet.title, 120)),
        plan: brief(&sheet.title, budget.letters),
        description: brief(&view.description, budget.letters),
        place: brief(&view.target, budget.letters),
        facts: Vec::new(),
        banner: None,
        sections,
        footer: format!(
            "perfgate {} · {}",
            clean(env!("CARGO_PKG_VERSION")),
            clean(&now.schema)
        ),
    }
}
