//! Title and head of the page.

use crate::gate::VerdictTally;
use crate::report::html::brief::brief;
use crate::report::html::page::PageEntry;
use crate::report::html::source::PageSource;
use crate::report::text::{clean, plural, wall};
use crate::summary::Machine;

/// What a tab or the subject of a mail has room for.
pub(crate) fn title(source: &PageSource<'_>) -> String {
    let (view, tally) = (source.view, VerdictTally::of(source.verdict));
    let count = match tally.failed() {
        0 => String::new(),
        failed => format!(" {failed}/{}", tally.all()),
    };
    format!(
        "{}{count} · {} · perfgate",
        view.verdict.word,
        brief(&view.plan, 80)
    )
}

/// The target, its labels and the time, for who sees nothing but the first lines.
pub(crate) fn place(source: &PageSource<'_>) -> String {
    let started: Option<jiff::Timestamp> = source.summary.started.parse().ok();
    let started = started.map_or(String::new(), |at| {
        at.strftime("%Y-%m-%d %H:%M UTC").to_string()
    });
    let parts = [&source.view.target, &source.view.labels, &started];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts
        .map(|part| brief(part, source.budget.letters))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// What was run, when, where, and what it is compared with.
pub(crate) fn facts(source: &PageSource<'_>) -> Vec<PageEntry> {
    let (summary, view) = (source.summary, source.view);
    let text = |text: &str| brief(&clean(text), source.budget.letters);
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push(PageEntry::new(name, value));
        }
    };
    add("Session", text(&summary.session));
    add("Started", text(&summary.started));
    add("Took", brief(&view.facts.join(", "), source.budget.letters));
    let loads: Vec<String> = view
        .loads
        .iter()
        .take(3)
        .map(|load| format!("{}: {}", load.name, load.plan))
        .collect();
    let more = view.loads.len().saturating_sub(3);
    let more = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    add(
        "Load",
        brief(&loads.join("; "), source.budget.letters) + &more,
    );
    if let Some(origin) = &summary.origin {
        add("Measured by", text(&origin.tool));
    }
    let mut baseline = brief(&view.baseline, source.budget.letters);
    if let Some(then) = source.then.filter(|then| then.comparable) {
        let reason = brief(&clean(&then.recorded.reason), 120);
        let commit = then
            .recorded
            .commit
            .as_deref()
            .map_or(String::new(), |commit| {
                format!(" at commit {}", brief(&clean(commit), 40))
            });
        let age = age(&then.recorded.started, &summary.started)
            .map_or(String::new(), |age| format!(", {age} older"));
        baseline.push_str(&format!(
            "; newest session {}{commit}{age} ({reason})",
            text(&then.recorded.session)
        ));
    }
    add("Compared with", baseline);
    let machine = |machine: &Machine| text(&machine_words(machine));
    add("Load made on", machine(&summary.generator));
    if let Some(target) = summary
        .target
        .as_ref()
        .filter(|target| **target != summary.generator)
    {
        add("Target on", machine(target));
    }
    facts
}

/// `Intel Xeon, 8 processors, linux 6.1`; empty where nothing is known.
fn machine_words(machine: &Machine) -> String {
    let system = format!("{} {}", machine.os, machine.kernel);
    let processors = if machine.cpus > 0 {
        plural(machine.cpus as u64, "processor")
    } else {
        String::new()
    };
    let parts = [machine.cpu.trim(), &processors, system.trim()];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// How long one moment was before another, in days from two days on.
fn age(then: &str, now: &str) -> Option<String> {
    let [then, now] = [then, now].map(|text| text.parse::<jiff::Timestamp>().ok());
    let seconds = (now?.as_second() - then?.as_second()).max(0);
    let days = seconds / 86_400;
    Some(if days >= 2 {
        plural(days.unsigned_abs(), "day")
    } else {
        wall(seconds as f64)
    })
}
