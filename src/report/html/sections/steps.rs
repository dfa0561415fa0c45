//! The steps of a load with their times, now and then.

use crate::metric::{Address, Owner};
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::{cell, over, pick, text};
use crate::report::view::{LoadView, StepPart, StepView};
use crate::summary::LoadDescription;
use crate::units::print;

const SHOWN: [&str; 5] = ["p50", "p90", "p95", "p99", "max"];

/// One row a step, rows for the parts of a polled job or a stream, and below each what was normal.
pub(crate) fn steps(
    source: &PageSource<'_>,
    view: &LoadView,
    about: &LoadDescription,
) -> PageTable {
    let load = about.address();
    let own = source
        .summary
        .runs
        .iter()
        .flat_map(|run| &run.loads)
        .find(|own| own.address() == load);
    let names = own.map(|load| load.steps.as_slice()).unwrap_or_default();
    let mut rows = Vec::new();
    for (step, (name, _)) in view.steps.iter().zip(names) {
        let owner = about.owner().step(name);
        let head = [
            step.name.clone(),
            "latency".to_owned(),
            step.count.to_string(),
            step.errors.clone(),
        ];
        quantity(&mut rows, source, head, (&owner, "latency"));
        for part in parts(step) {
            let head = [
                step.name.clone(),
                crate::report::text::clean(&part.name),
                String::new(),
                String::new(),
            ];
            quantity(&mut rows, source, head, (&owner, &part.name));
        }
    }
    let columns = [
        "step", "quantity", "#count", "#errors", "#p50", "#p90", "#p95", "#p99", "#max",
    ];
    PageTable::new("Steps of the flow", &columns, rows, &source.budget)
}

fn parts(step: &StepView) -> impl Iterator<Item = &StepPart> {
    step.parts.iter().filter(|part| part.main)
}

fn quantity(
    rows: &mut Vec<PageRow>,
    source: &PageSource<'_>,
    head: [String; 4],
    (owner, quantity): (&Owner, &str),
) {
    let which = over(source.summary.runs.len());
    let now = SHOWN.map(|stat| cell(source.summary, &owner.statistic(quantity, stat), which));
    let [step, name, ..] = head.clone();
    rows.push(PageRow::new(head.into_iter().chain(now)));
    let then = SHOWN.map(|stat| then(source, &owner.statistic(quantity, stat)));
    if then.iter().any(Option::is_some) {
        let word = if source.other.is_some() {
            "then"
        } else {
            "baseline"
        };
        let head = [
            step,
            format!("{name}, {word}"),
            String::new(),
            String::new(),
        ];
        let then = then.map(|text| text.unwrap_or_else(|| "–".to_owned()));
        rows.push(PageRow::new(head.into_iter().chain(then)));
    }
}

/// What the other session measured; else what was normal of a metric that is compared: the number of its comparison.
fn then(source: &PageSource<'_>, address: &Address) -> Option<String> {
    if let Some(other) = source.other {
        let metric = other.metrics.get(address)?;
        return Some(text(pick(metric, over(metric.runs.len())), metric.unit));
    }
    let one = source
        .verdict
        .comparisons
        .iter()
        .find(|comparison| comparison.metric == *address)?;
    one.baseline.map(|value| print(value, one.unit))
}
