//! The page of a session, section by section.

use super::brief::brief;
use super::budget::PageBudget;
use super::page::{Page, Section};
use super::sections::{
    banner, changed, definitions, diagnoses, elsewhere, faults, guide, header, hooks, judged,
    load_section, monitors, past, reproduce, sweeps, talks,
};
use super::source::{PageSource, Then};
use crate::gate::Verdict;
use crate::report::inputs::ReportInputs;
use crate::report::text::clean;
use crate::report::view::View;
use crate::summary::Summary;

/// The page of a session within a budget.
pub(crate) fn compose(
    summary: &Summary,
    verdict: &Verdict,
    beside: &ReportInputs<'_>,
    budget: PageBudget,
) -> Page {
    let view = View::of(summary, verdict).with(beside.conversations);
    let then = beside
        .baseline
        .and_then(|baseline| Then::of(summary, baseline));
    let source = PageSource {
        summary,
        verdict,
        view: &view,
        then,
        other: None,
        latencies: beside.latencies,
        conversations: beside.conversations,
        baseline: beside.baseline,
        past: beside.past,
        budget,
    };
    let mut sections: Vec<Section> = Vec::new();
    sections.extend(diagnoses(&source));
    sections.extend(judged(&source));
    sections.extend(changed(&source));
    sections.extend(elsewhere(&source));
    sections.extend(sweeps(&source));
    sections.extend(loads(&source));
    sections.extend(monitors(&source));
    sections.extend(talks(&source));
    sections.extend(faults(&source));
    sections.extend(hooks(&source));
    sections.extend(past(&source));
    sections.extend(definitions(&source));
    sections.extend(reproduce(&source));
    sections.push(guide());
    let text = |text: &str| brief(&clean(text), budget.letters);
    Page {
        title: header::title(&source),
        plan: brief(&view.plan, budget.letters),
        description: brief(&view.description, budget.letters),
        place: header::place(&source),
        facts: header::facts(&source),
        banner: Some(banner(&source)),
        sections,
        footer: format!(
            "perfgate {} · {} · {} · load hash {}",
            text(&summary.tool),
            text(&summary.schema),
            text(&verdict.schema),
            if summary.load_hash.is_empty() {
                "unknown".to_owned()
            } else {
                text(&summary.load_hash)
            }
        ),
    }
}

/// One section for each load, as far as there is room.
pub(crate) fn loads(source: &PageSource<'_>) -> Vec<Section> {
    let budget = &source.budget;
    let described = |view: &&crate::report::view::LoadView, taken: &mut Vec<usize>| {
        let at = source
            .summary
            .loads
            .iter()
            .enumerate()
            .position(|(at, load)| {
                !taken.contains(&at)
                    && clean(&load.name) == view.name
                    && clean(&load.plan) == view.plan
            })?;
        taken.push(at);
        source.summary.loads.get(at)
    };
    let mut taken = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    for (at, view) in source.view.loads.iter().enumerate().take(budget.loads) {
        let Some(about) = described(&view, &mut taken) else {
            continue;
        };
        sections.push(load_section(
            source,
            at + 1,
            view,
            about,
            at < budget.drawn_loads,
        ));
    }
    let (shown, all) = (sections.len(), source.view.loads.len());
    if let Some(last) = sections.last_mut() {
        if shown > budget.drawn_loads {
            last.paragraph(format!(
                "Only the first {} loads have charts, to keep this page small.",
                budget.drawn_loads
            ));
        }
        if shown < all {
            last.paragraph(format!(
                "{} more loads are left out to keep this page small; summary.json has all.",
                all - shown
            ));
        }
    }
    sections
}
