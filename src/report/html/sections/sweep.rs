//! The sections of sweeps: the answer, the charts, a row for each point.

use crate::metric::Address;
use crate::report::html::brief::brief;
use crate::report::html::chart;
use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageCell, PageRow, PageTable};
use crate::report::text::head;
use crate::report::view::SweepView;

/// One section for each sweep of each load.
pub(crate) fn sweeps(source: &PageSource<'_>) -> Vec<Section> {
    let all = source.view.sweeps.iter().enumerate();
    all.map(|(at, sweep)| section(source, sweep, at + 1))
        .collect()
}

fn section(source: &PageSource<'_>, sweep: &SweepView, number: usize) -> Section {
    let budget = &source.budget;
    let text = |text: &String| brief(text, budget.letters);
    let title = format!("Sweep {}", brief(&sweep.title, 80));
    let mut section = Section::new(format!("sweep-{number}"), title);
    section.list(sweep.sentences.iter().map(text).collect());
    section.table(table(sweep, source));
    let recorded = chart::recorded(sweep, |point| recorded(source, sweep, point));
    section.figure(chart::throughput(sweep, &recorded, budget));
    section.figure(chart::latency_over_value(sweep, budget));
    section.figure(chart::errors_over_value(sweep, budget));
    let lines = sweep.lines.iter();
    let rows = lines.map(|line| PageRow::new([brief(line, budget.letters)]));
    section.folded(PageTable::new(
        "Point by point, in words",
        &["point"],
        rows.collect(),
        budget,
    ));
    section
}

fn table(sweep: &SweepView, source: &PageSource<'_>) -> PageTable {
    let last = sweep.columns.len() - 1;
    let name = |(at, name): (usize, &&'static str)| match at {
        0 => sweep.noun.clone(),
        at if at == last => "remarks".to_owned(),
        _ if head(name) == "mean" => "#avg latency".to_owned(),
        _ if head(name) == "p95" => "#p95 latency".to_owned(),
        _ => (*name).to_owned(),
    };
    let columns: Vec<String> = sweep.columns.iter().enumerate().map(name).collect();
    let row = |row: &crate::report::view::SweepRow| {
        let cell = |(at, text): (usize, &String)| {
            if at == last {
                PageCell::toned(text, row.tone)
            } else {
                PageCell::plain(text)
            }
        };
        PageRow::new(row.cells.iter().enumerate().map(cell))
    };
    let rows = sweep.rows.iter().map(row).collect();
    let caption = format!("{}, point by point", sweep.title);
    PageTable::new(caption, &columns, rows, &source.budget)
}

/// The throughput at a point that the recorded session had.
fn recorded(source: &PageSource<'_>, sweep: &SweepView, point: &str) -> Option<f64> {
    let then = source.then.filter(|then| then.comparable)?;
    let metric = Address::from(format!("{}.throughput", sweep.load)).at_point(point);
    let runs = &then.recorded.metrics.get(&metric)?.runs;
    let count = runs.len() as f64;
    (count > 0.0).then(|| runs.iter().sum::<f64>() / count)
}
