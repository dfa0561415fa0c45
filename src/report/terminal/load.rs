//! The block of one load.

use super::block::wrapped;
use super::detail::Detail;
use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::text::{STATISTICS, TimesRow, Tone};
use crate::report::view::{
    CountsView, Fact, LoadView, OUTCOMES, SPLIT_COLUMNS, SplitView, StepView,
};

/// More steps than this are only counted, unless all are wanted.
const STEPS: usize = 12;

/// Appends everything about one load. `several`: the title does not say what it planned and started.
pub(crate) fn load(out: &mut String, load: &LoadView, several: bool, detail: Detail, paint: Paint) {
    let plan = [load.executor.as_str(), load.plan.as_str()].join("   ");
    out.push_str(&format!(
        "{}   {}\n",
        paint.on(Tone::Strong, &load.name),
        plan.trim()
    ));
    if let (Some(arrivals), true) = (&load.arrivals, several) {
        out.push_str(&format!("  {arrivals}\n"));
    }
    counts(out, &load.counts, paint);
    out.push('\n');
    times(out, load, detail, paint);
    facts(out, &[load.facts.as_slice(), &load.apart].concat(), paint);
    steps(out, &load.steps, detail, paint);
    splits(out, &load.splits, detail, paint);
    for remark in &load.remarks {
        wrapped(out, paint, ("  note: ", Tone::Dim), (remark, Tone::Plain));
    }
    for state in &load.states {
        wrapped(out, paint, ("  ▲ ", Tone::Warn), (state, Tone::Plain));
    }
    if detail == Detail::Verbose {
        everything(out, load, paint);
    }
}

fn counts(out: &mut String, counts: &CountsView, paint: Paint) {
    let several = counts.runs.len() > 1;
    let mut grid = Grid::new(2, if several { &[0] } else { &[] });
    let label = |text: &str| several.then(|| GridCell::new(Tone::Dim, text));
    grid.row(
        label("")
            .into_iter()
            .chain(OUTCOMES.map(|name| GridCell::new(Tone::Dim, name))),
    );
    let numbers = |all: &[u64; OUTCOMES.len()]| {
        let tones = all
            .iter()
            .enumerate()
            .map(|(at, count)| tone(at, *count))
            .collect::<Vec<_>>();
        all.iter()
            .zip(tones)
            .map(|(count, tone)| GridCell::new(tone, count.to_string()))
            .collect::<Vec<_>>()
    };
    if several {
        for row in &counts.runs {
            grid.row(label(&row.label).into_iter().chain(numbers(&row.counts)));
        }
    }
    grid.row(label("all").into_iter().chain(numbers(&counts.total)));
    grid.row(
        label("").into_iter().chain(
            counts
                .shares
                .iter()
                .map(|share| GridCell::new(Tone::Plain, share)),
        ),
    );
    grid.print(out, paint);
    out.push_str(&format!("  {}\n", paint.on(Tone::Dim, &counts.base)));
}

/// Losses stand out; the columns are those of [`OUTCOMES`].
const fn tone(column: usize, count: u64) -> Tone {
    match (column, count) {
        (_, 0) | (0 | 1, _) => Tone::Plain,
        (3, _) => Tone::Good,
        (5, _) => Tone::Warn,
        _ => Tone::Bad,
    }
}

fn times(out: &mut String, load: &LoadView, detail: Detail, paint: Paint) {
    let latency = load
        .times
        .iter()
        .position(|row| !row.nested && row.label != "latency")
        .unwrap_or(load.times.len());
    let every = detail == Detail::Verbose;
    let shown = load
        .times
        .iter()
        .enumerate()
        .filter(|(at, row)| every || !row.nested || *at < latency);
    if !load.times.is_empty() {
        statistics(
            out,
            load.streams.iter().chain(shown.map(|(_, row)| row)),
            paint,
        );
    }
    wrapped(
        out,
        paint,
        ("  ", Tone::Plain),
        (&load.times_note, Tone::Dim),
    );
}

fn statistics<'a>(out: &mut String, rows: impl Iterator<Item = &'a TimesRow>, paint: Paint) {
    let mut grid = Grid::new(2, &[0]);
    grid.row(
        std::iter::once(GridCell::default())
            .chain(STATISTICS.map(|name| GridCell::new(Tone::Dim, name))),
    );
    for row in rows {
        let tone = if row.nested { Tone::Dim } else { Tone::Plain };
        let label = if row.nested {
            format!("  {}", row.label)
        } else {
            row.label.clone()
        };
        grid.row(
            std::iter::once(GridCell::new(tone, label))
                .chain(row.cells.iter().map(|cell| GridCell::new(tone, cell))),
        );
    }
    grid.print(out, paint);
}

pub(crate) fn facts(out: &mut String, facts: &[Fact], paint: Paint) {
    if facts.is_empty() {
        return;
    }
    out.push('\n');
    let width = facts
        .iter()
        .map(|fact| fact.label.chars().count())
        .max()
        .unwrap_or(0);
    for fact in facts {
        let lead = format!("  {:width$}  ", fact.label);
        wrapped(out, paint, (&lead, Tone::Dim), (&fact.value, Tone::Plain));
    }
}

fn steps(out: &mut String, steps: &[StepView], detail: Detail, paint: Paint) {
    let every = detail == Detail::Verbose;
    if steps.is_empty() {
        return;
    }
    out.push('\n');
    let mut grid = Grid::new(2, &[0]);
    grid.row(
        ["step", "count", "errors", "p50", "p95", "p99"].map(|name| GridCell::new(Tone::Dim, name)),
    );
    let shown = if every {
        steps.len()
    } else {
        STEPS.min(steps.len())
    };
    for step in &steps[..shown] {
        let errors = if step.has_errors {
            Tone::Bad
        } else {
            Tone::Plain
        };
        let own = [
            (Tone::Plain, step.name.clone()),
            (Tone::Plain, step.count.to_string()),
            (errors, step.errors.clone()),
        ];
        let latency = step.latency.iter().map(|cell| (Tone::Plain, cell.clone()));
        grid.row(
            own.into_iter()
                .chain(latency)
                .map(|(tone, text)| GridCell::new(tone, text)),
        );
        for part in step.parts.iter().filter(|part| every || part.main) {
            let lead = [format!("  {}", part.name), String::new(), String::new()];
            grid.row(
                lead.into_iter()
                    .chain(part.cells.iter().cloned())
                    .map(|text| GridCell::new(Tone::Dim, text)),
            );
        }
    }
    grid.print(out, paint);
    if shown < steps.len() {
        out.push_str(&format!(
            "  {} more steps (-v lists them)\n",
            steps.len() - shown
        ));
    }
}

/// The load apart by the values of its split, the first of them unless all are wanted.
fn splits(out: &mut String, splits: &[SplitView], detail: Detail, paint: Paint) {
    if splits.is_empty() {
        return;
    }
    out.push('\n');
    let mut grid = Grid::new(2, &[0]);
    grid.row(
        std::iter::once("apart")
            .chain(SPLIT_COLUMNS)
            .map(|name| GridCell::new(Tone::Dim, name)),
    );
    let shown = if detail == Detail::Verbose {
        splits.len()
    } else {
        STEPS.min(splits.len())
    };
    for split in &splits[..shown] {
        let cells = split.cells.iter().enumerate().map(|(at, cell)| {
            let tone = if at == 1 && split.has_errors {
                Tone::Bad
            } else {
                Tone::Plain
            };
            GridCell::new(tone, cell)
        });
        grid.row(std::iter::once(GridCell::new(Tone::Plain, &split.value)).chain(cells));
    }
    grid.print(out, paint);
    if shown < splits.len() {
        out.push_str(&format!(
            "  {} more values (-v lists them)\n",
            splits.len() - shown
        ));
    }
}

fn everything(out: &mut String, load: &LoadView, paint: Paint) {
    if !load.quantities.is_empty() {
        out.push_str(&format!(
            "\n  {}\n",
            paint.on(Tone::Strong, "every quantity with data")
        ));
        statistics(out, load.quantities.iter(), paint);
    }
    if !load.plain.is_empty() {
        out.push_str(&format!(
            "\n  {}",
            paint.on(Tone::Strong, "every other metric")
        ));
        facts(out, &load.plain, paint);
    }
}
