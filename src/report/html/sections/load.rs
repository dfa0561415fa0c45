//! One load: charts, then tables.

use super::steps::steps;
use crate::gate::ThresholdVerdict;
use crate::metric::Owner;
use crate::report::html::brief::brief;
use crate::report::html::chart::{self, Others, Seconds};
use crate::report::html::page::{PageEntry, Section};
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::{STATISTICS, TimesRow};
use crate::report::view::{Fact, LoadView, OUTCOMES, SPLIT_COLUMNS};
use crate::summary::{LoadDescription, LoadRun};
use crate::units::{Unit, print};

const WITHOUT_HISTOGRAMS: &str = "There is no distribution, no buckets and no map of latency here: the file `histograms` was not found \
                                  beside summary.json, or could not be read.";

/// The section of one load; `number` counts loads from 1, `drawn` says whether it has charts.
pub(crate) fn load_section(
    source: &PageSource<'_>,
    number: usize,
    view: &LoadView,
    about: &LoadDescription,
    drawn: bool,
) -> Section {
    let budget = &source.budget;
    let text = |text: &str| brief(text, budget.letters);
    let mut section = Section::new(
        format!("load-{number}"),
        format!("Load {}", brief(&view.name, 80)),
    );
    section.folded = view.is_point;
    if let Some(heading) = &view.heading {
        section.paragraph(text(heading));
    }
    let arrivals = view
        .arrivals
        .as_ref()
        .map_or(String::new(), |arrivals| format!("; {arrivals}"));
    section.paragraph(text(&format!(
        "{} ({}){arrivals}",
        view.plan, view.executor
    )));
    let entry = |fact: &Fact| PageEntry::new(text(&fact.label), text(&fact.value));
    section.facts(
        glance(view)
            .into_iter()
            .chain(view.facts.iter().map(entry))
            .collect(),
    );
    if drawn {
        charts(&mut section, source, about);
    }
    section.table(counts(view, budget));
    let row = |times: &TimesRow| {
        PageRow::new(std::iter::once(times.label.clone()).chain(times.cells.iter().cloned()))
    };
    let columns: Vec<String> = std::iter::once("time".to_owned())
        .chain(STATISTICS.map(|name| format!("#{name}")))
        .collect();
    let caption = format!("Times of iterations ({})", view.times_note);
    section.table(PageTable::new(
        caption,
        &columns,
        view.streams.iter().chain(&view.times).map(row).collect(),
        budget,
    ));
    section.table(steps(source, view, about));
    section.table(splits(view, about, budget));
    section.facts(view.apart.iter().map(entry).collect());
    section.list(
        view.remarks
            .iter()
            .chain(&view.states)
            .take(budget.rows)
            .map(|line| text(line))
            .collect(),
    );
    section
}

/// What one looks for first: how fast, how many users, how much of it ended well.
fn glance(view: &LoadView) -> Vec<PageEntry> {
    let plain = |name: &str| {
        view.plain
            .iter()
            .find(|fact| fact.label == name)
            .map(|fact| fact.value.clone())
    };
    let percentiles = |times: &TimesRow| {
        let of = |name: &str| {
            STATISTICS
                .iter()
                .position(|own| *own == name)
                .map_or("–", |at| times.cells[at].as_str())
        };
        ["p50", "p95", "p99"]
            .map(|name| format!("{name} {}", of(name)))
            .join(", ")
    };
    let streams = view.streams.iter().filter(|times| !times.nested);
    let streams: Vec<(String, Option<String>)> = streams
        .map(|times| (times.label.clone(), Some(percentiles(times))))
        .collect();
    let latency = if streams.is_empty() {
        "latency"
    } else {
        "latency, with its audio"
    };
    let latency = (latency.to_owned(), view.times.first().map(percentiles));
    // The latency of a conversation is the length of its clip: it does not lead.
    let (before, after) = if streams.is_empty() {
        (vec![latency], Vec::new())
    } else {
        (streams, vec![latency])
    };
    let [started, dropped, rejected] = [1, 2, 5].map(|at| view.counts.total[at]);
    let mut lost = if rejected > 0 {
        format!(", {rejected} refused")
    } else {
        String::new()
    };
    if dropped > 0 {
        lost.push_str(&format!(", {dropped} dropped"));
    }
    let all = [
        ("success rate", plain("success_rate")),
        ("error rate", plain("error_rate")),
        ("iterations", Some(format!("{started} started{lost}"))),
    ];
    let all = all.map(|(name, value)| (name.to_owned(), value));
    before
        .into_iter()
        .chain(all)
        .chain(after)
        .filter_map(|(name, value)| Some(PageEntry::new(name, value?)))
        .collect()
}

fn charts(section: &mut Section, source: &PageSource<'_>, about: &LoadDescription) {
    let (summary, budget, address) = (source.summary, &source.budget, about.address());
    let runs: Vec<(u64, &LoadRun)> = summary
        .runs
        .iter()
        .filter_map(|run| {
            Some((
                run.number,
                run.loads.iter().find(|load| load.address() == address)?,
            ))
        })
        .collect();
    let seconds: Vec<Seconds> = runs
        .iter()
        .map(|(run, load)| Seconds::of(load, *run, summary.runs.len()))
        .collect();
    let behind = source.behind(&address);
    let others = others(source, &address, &runs);
    if let Some(first) = seconds.first() {
        // The latency of a conversation is the length of its clip: it does not lead.
        section.figure(chart::staleness(
            first,
            &others,
            &bounds(source, &about.owner(), "staleness"),
            budget,
        ));
        section.figure(chart::latency(
            first,
            behind,
            &others,
            &bounds(source, &about.owner(), "latency"),
            budget,
        ));
    }
    section.figure(chart::percentiles(summary, &address, behind, budget));
    if let Some(first) = seconds.first() {
        section.figure(chart::rates(first, about.open, &others, budget));
        section.figure(chart::errors(first, budget));
        section.figure(chart::in_flight(first, &others, budget));
        section.figure(chart::pressure(first, budget));
    }
    match source
        .latencies
        .and_then(|latencies| latencies.of(summary, about))
    {
        Some(latencies) => {
            section.figure(chart::buckets(latencies, budget));
            section.figure(chart::distribution(latencies, budget));
            if let Some(first) = seconds.first() {
                section.figure(chart::heat(&latencies.heat, first, budget));
            }
        }
        // Of two sessions only the summaries are read.
        None if source.other.is_some() => {}
        None => section.paragraph(WITHOUT_HISTOGRAMS),
    }
    for (step, _) in runs
        .first()
        .map(|(_, load)| load.steps.as_slice())
        .unwrap_or_default()
    {
        section.figure(chart::phases(
            summary,
            &about.owner().step(step),
            step,
            budget,
        ));
    }
}

/// What is drawn thin behind the first run: the other session, or else the other runs.
fn others(source: &PageSource<'_>, load: &str, runs: &[(u64, &LoadRun)]) -> Others {
    let all = runs.len();
    match source.other {
        None => Others::runs(
            runs.iter()
                .skip(1)
                .map(|(run, load)| Seconds::of(load, *run, all))
                .collect(),
        ),
        Some(other) => {
            let first = other
                .runs
                .first()
                .and_then(|run| run.loads.iter().find(|own| own.address() == load));
            first.map_or_else(Others::default, |own| {
                Others::session(Seconds::of(own, 1, 1))
            })
        }
    }
}

/// The bounds on percentiles of a quantity of the load, or of a step that measures what the load does not, that are drawn over time.
fn bounds(source: &PageSource<'_>, load: &Owner, quantity: &str) -> Vec<chart::TimeBound> {
    let own = |threshold: &ThresholdVerdict| {
        let metric = &threshold.metric;
        let of_step = quantity == "staleness";
        let fits = metric.is_of(load) && metric.quantity() == quantity;
        let stat = metric
            .stat()
            .filter(|_| fits && (of_step || metric.step().is_none()))?;
        let seconds = threshold
            .limit
            .filter(|limit| limit.is_finite() && *limit > 0.0)?;
        let words = format!("{stat} {}", print(seconds, Unit::Seconds));
        ["p50", "p95", "p99"]
            .contains(&stat)
            .then_some(chart::TimeBound { seconds, words })
    };
    source
        .verdict
        .thresholds
        .iter()
        .filter_map(own)
        .take(6)
        .collect()
}

fn counts(view: &LoadView, budget: &crate::report::html::budget::PageBudget) -> PageTable {
    let counts = &view.counts;
    let columns: Vec<String> = std::iter::once("what".to_owned())
        .chain(OUTCOMES.map(|name| format!("#{name}")))
        .collect();
    let line = |label: &str, cells: &[String]| {
        PageRow::new(std::iter::once(label.to_owned()).chain(cells.iter().cloned()))
    };
    let numbers = |numbers: &[u64; OUTCOMES.len()]| numbers.map(|number| number.to_string());
    let mut rows = vec![
        line("iterations", &numbers(&counts.total)),
        line("share", &counts.shares),
    ];
    if counts.runs.len() > 1 {
        rows.extend(
            counts
                .runs
                .iter()
                .map(|run| line(&run.label, &numbers(&run.counts))),
        );
    }
    PageTable::new(
        format!("What became of every iteration ({})", counts.base),
        &columns,
        rows,
        budget,
    )
}

fn splits(
    view: &LoadView,
    about: &LoadDescription,
    budget: &crate::report::html::budget::PageBudget,
) -> PageTable {
    let row = |split: &crate::report::view::SplitView| {
        PageRow::new(std::iter::once(split.value.clone()).chain(split.cells.iter().cloned()))
    };
    let columns: Vec<String> = std::iter::once("value".to_owned())
        .chain(SPLIT_COLUMNS.map(|name| format!("#{name}")))
        .collect();
    let by = about
        .split
        .as_ref()
        .map(|split| format!("`{}`", crate::report::text::clean(&split.by)));
    let caption = format!(
        "Apart by {}",
        by.as_deref().unwrap_or("the value that the plan splits by")
    );
    PageTable::new(
        caption,
        &columns,
        view.splits.iter().map(row).collect(),
        budget,
    )
}
