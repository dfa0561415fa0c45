//! The view as Markdown: one text for a step summary and for the comment on a pull request.

use serde::Serialize;
use tera::{Context, Tera};

use super::clip::clip;
use super::escape::{LONGEST, escaped, escaping, tidy};
use super::hook::HookText;
use super::sweep::SweepTable;
use crate::gate::Mark;
use crate::report::text::{STATISTICS, plural, rules};
use crate::report::view::{
    ComparisonView, ConversationsView, LoadView, NextStep, OUTCOMES, SPLIT_COLUMNS, ThresholdView,
    View,
};

const TEMPLATE: &str = include_str!("../../../templates/report.md");
/// Rows of a table and entries of a list, where there is room for them.
const MOST: usize = 200;
const TALKS: usize = 20;

#[derive(Serialize)]
struct MarkdownPage {
    shape: &'static str,
    headline: String,
    facts: String,
    description: String,
    causes: Vec<String>,
    validity: String,
    comparisons: Vec<JudgedRow>,
    thresholds: Vec<JudgedRow>,
    cut: String,
    sentences: Vec<String>,
    quiet: Vec<JudgedRow>,
    quiet_title: String,
    sweeps: Vec<SweepTable>,
    loads: Vec<LoadTable>,
    loads_title: String,
    talks: Vec<Cells>,
    talk_heads: Vec<String>,
    talk_sides: Vec<&'static str>,
    talks_title: String,
    diagnoses: Vec<String>,
    monitors: Vec<Vec<String>>,
    hooks: Vec<HookText>,
    errors: Vec<ErrorRow>,
    errors_title: String,
    notes: Vec<String>,
    notes_title: String,
    next: Vec<NextCommand>,
    marker: String,
}

#[derive(Serialize, Clone)]
struct JudgedRow {
    metric: String,
    baseline: String,
    value: String,
    change: String,
    allowed: String,
    word: String,
}

#[derive(Serialize)]
struct LoadTable {
    name: String,
    plan: String,
    columns: [&'static str; STATISTICS.len()],
    rows: Vec<Cells>,
    facts: Vec<FactRow>,
}

#[derive(Serialize)]
struct Cells {
    label: String,
    cells: Vec<String>,
}

#[derive(Serialize)]
struct FactRow {
    label: String,
    value: String,
}

#[derive(Serialize)]
struct ErrorRow {
    line: String,
    place: String,
}

#[derive(Serialize)]
struct NextCommand {
    why: String,
    command: String,
}

/// The view as Markdown of at most 60,000 characters; where there is more to say, rows are left out and counted.
#[must_use]
pub fn markdown(view: &View) -> String {
    let mut tera = Tera::default();
    escaping(&mut tera);
    let mut most = MOST;
    loop {
        let rendered = tera
            .add_raw_template("report.md", TEMPLATE)
            .and_then(|()| tera.render("report.md", &Context::from_serialize(&page(view, most))?));
        match rendered {
            Ok(text) if text.chars().count() <= LONGEST || most == 0 => return tidy(&text),
            Ok(_) => most /= 2,
            // The template is part of the program: it is a fault of ours, and the verdict must not be lost by it.
            Err(error) => {
                return format!(
                    "## perfgate: {}\n\n{}\n",
                    escaped(&view.verdict.line()),
                    escaped(&error.to_string())
                );
            }
        }
    }
}

fn page(view: &View, most: usize) -> MarkdownPage {
    let loud: Vec<&ComparisonView> = view
        .comparisons
        .iter()
        .filter(|comparison| !comparison.quiet)
        .collect();
    let open: Vec<&ThresholdView> = view
        .thresholds
        .iter()
        .filter(|threshold| threshold.mark != Mark::Pass)
        .collect();
    let quiet = view
        .comparisons
        .iter()
        .filter(|comparison| comparison.quiet)
        .map(comparison);
    let quiet: Vec<JudgedRow> = quiet
        .chain(
            view.thresholds
                .iter()
                .filter(|threshold| threshold.mark == Mark::Pass)
                .map(threshold),
        )
        .collect();
    let left_out = [
        loud.len(),
        open.len(),
        quiet.len(),
        view.errors.groups.len(),
    ]
    .map(|all| all.saturating_sub(most));
    let left_out: usize = left_out.iter().sum();
    MarkdownPage {
        shape: view.verdict.shape,
        headline: clip(&format!("{} – {}", view.verdict.word, view.plan)),
        facts: [
            &view.verdict.sentence,
            &view.target,
            &view.facts.join(" · "),
            &view.labels,
            &view.baseline,
        ]
        .into_iter()
        .filter(|fact| !fact.is_empty())
        .map(|fact| clip(fact))
        .collect::<Vec<_>>()
        .join(" · "),
        description: clip(&view.description),
        causes: view.causes.iter().map(|line| clip(line)).collect(),
        validity: clip(&view.validity.line),
        sentences: loud
            .iter()
            .take(most.min(10))
            .map(|comparison| clip(&format!("{}: {}", comparison.metric, comparison.sentence)))
            .collect(),
        comparisons: loud.into_iter().take(most).map(comparison).collect(),
        thresholds: open.into_iter().take(most).map(threshold).collect(),
        cut: if left_out == 0 {
            String::new()
        } else {
            format!("{left_out} rows are left out here: the report has them")
        },
        quiet_title: format!(
            "{} {}",
            plural(quiet.len() as u64, "check"),
            if quiet.len() == 1 { "holds" } else { "hold" }
        ),
        quiet: quiet.into_iter().take(most).collect(),
        sweeps: view.sweeps.iter().map(SweepTable::of).collect(),
        loads: view.loads.iter().take(most.min(20)).map(load).collect(),
        loads_title: "What was measured".to_owned(),
        talks: talks(view, most),
        talk_heads: view
            .conversations
            .iter()
            .flat_map(ConversationsView::heads)
            .map(clip)
            .collect(),
        talk_sides: view
            .conversations
            .iter()
            .flat_map(|all| rules(&all.columns))
            .collect(),
        talks_title: view.conversations.as_ref().map_or(String::new(), |all| {
            let cut = all.cut(all.rows.len().min(most.min(TALKS)));
            if cut.is_empty() {
                all.line.clone()
            } else {
                format!("{}; {cut}", all.line)
            }
        }),
        diagnoses: view.diagnoses.iter().map(|own| clip(&own.line())).collect(),
        monitors: super::monitors::rows(view, most),
        hooks: view.hooks.outputs.iter().map(HookText::of).collect(),
        errors: view
            .errors
            .groups
            .iter()
            .take(most.min(20))
            .map(|group| ErrorRow {
                line: clip(&group.line),
                place: clip(&group.place),
            })
            .collect(),
        errors_title: format!(
            "{} of errors",
            plural(view.errors.groups.len() as u64, "kind")
        ),
        notes: view
            .validity
            .reasons
            .iter()
            .chain(&view.validity.notes)
            .chain(&view.warnings)
            .take(most)
            .map(|note| clip(note))
            .collect(),
        notes_title: "Notes".to_owned(),
        next: view
            .next
            .iter()
            .filter(|step| !step.command.is_empty())
            .map(|NextStep { why, command, .. }| NextCommand {
                why: why.clone(),
                command: clip(command),
            })
            .collect(),
        marker: view.plan.clone(),
    }
}

fn comparison(one: &ComparisonView) -> JudgedRow {
    let interval = if one.interval.is_empty() {
        String::new()
    } else {
        format!(" ({})", one.interval)
    };
    JudgedRow {
        metric: clip(&one.metric),
        baseline: one.baseline.clone(),
        value: one.value.clone(),
        change: format!("{}{interval}", one.change),
        allowed: clip(&one.allowed),
        word: word(one.shape, one.word, &one.notes),
    }
}

fn threshold(one: &ThresholdView) -> JudgedRow {
    JudgedRow {
        metric: clip(&one.metric),
        baseline: "–".to_owned(),
        value: one.value.clone(),
        change: "–".to_owned(),
        allowed: clip(&one.bound),
        word: word(one.shape, one.word, &one.notes),
    }
}

fn word(shape: &str, word: &str, notes: &[String]) -> String {
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!(" ({})", notes.join(", "))
    };
    format!("{shape} {word}{notes}")
}

fn load(own: &LoadView) -> LoadTable {
    let rows = own
        .streams
        .iter()
        .chain(&own.times)
        .filter(|row| !row.nested)
        .map(|row| Cells {
            label: row.label.clone(),
            cells: row.cells.to_vec(),
        });
    let steps = own.steps.iter().map(|step| {
        let mut cells = vec!["–".to_owned(); STATISTICS.len()];
        for (stat, value) in ["p50", "p95", "p99"].iter().zip(&step.latency) {
            let at = STATISTICS.iter().position(|name| name == stat);
            at.into_iter().for_each(|at| cells[at].clone_from(value));
        }
        if let Some(count) = cells.last_mut() {
            *count = step.count.to_string();
        }
        let errors = if step.has_errors {
            format!(" (errors {})", step.errors)
        } else {
            String::new()
        };
        Cells {
            label: format!("step {}{errors}", step.name),
            cells,
        }
    });
    let splits = own.splits.iter().map(|split| {
        let mut cells = vec!["–".to_owned(); STATISTICS.len()];
        for (name, text) in SPLIT_COLUMNS.iter().zip(&split.cells) {
            let name = if *name == "started" { "count" } else { name };
            let at = STATISTICS.iter().position(|stat| *stat == name);
            at.into_iter().for_each(|at| cells[at].clone_from(text));
        }
        let errors = if split.has_errors {
            format!(" (errors {})", split.cells[1])
        } else {
            String::new()
        };
        Cells {
            label: format!("split {}{errors}", split.value),
            cells,
        }
    });
    LoadTable {
        name: clip(&own.name),
        plan: format!("{}, {}", own.executor, clip(&own.plan)),
        columns: STATISTICS,
        rows: rows.chain(steps).chain(splits).collect(),
        facts: facts(own),
    }
}

/// What became of the iterations, throughput and the like, and what is odd.
fn facts(own: &LoadView) -> Vec<FactRow> {
    let part = |at: &usize| {
        format!(
            "{} {} ({})",
            own.counts.total[*at], OUTCOMES[*at], own.counts.shares[*at]
        )
    };
    // Planned has no share, and what did not happen is not worth a line here.
    let shown = (1..OUTCOMES.len()).filter(|at| own.counts.total[*at] > 0 || OUTCOMES[*at] == "ok");
    let became = format!(
        "{} planned, {}",
        own.counts.total[0],
        shown.map(|at| part(&at)).collect::<Vec<_>>().join(", ")
    );
    let mut facts = vec![FactRow {
        label: "iterations".to_owned(),
        value: became,
    }];
    facts.extend(own.facts.iter().map(|fact| FactRow {
        label: fact.label.clone(),
        value: clip(&fact.value),
    }));
    for line in own.remarks.iter().chain(&own.states) {
        facts.push(FactRow {
            label: "noted".to_owned(),
            value: clip(line),
        });
    }
    facts
}

fn talks(view: &View, most: usize) -> Vec<Cells> {
    let rows = view
        .conversations
        .iter()
        .flat_map(|all| &all.rows)
        .take(most.min(TALKS));
    rows.filter_map(|row| {
        let (label, cells) = row.cells.split_first()?;
        Some(Cells {
            label: clip(label),
            cells: cells.iter().map(|text| clip(text)).collect(),
        })
    })
    .collect()
}
