//! A whole summary of k6 as a session.

use std::collections::BTreeSet;

use serde_json::Value;

use super::entry::{K6Kind, K6Metric};
use super::expression;
use super::measure::Measure;
use super::shape::K6Shape;
use super::statistics::{Counted, metrics, none_dropped};
use crate::summary::{ForeignTool, Summary};

/// The name that all sessions of k6 have for a plan, so that several of them are judged together.
pub(crate) const PLAN: &str = "k6";

/// How k6's percentiles are made.
const INTERPOLATED: &str = "k6 interpolates percentiles between two samples, perfgate takes the sample at the rank: with few \
                            samples the two differ";

/// The session that a summary of k6 is, `None` where the document is no summary of k6. `name` is the file as it was named.
pub(crate) fn import(document: &Value, name: &str) -> Option<Summary> {
    let shape = K6Shape::of(document)?;
    let entries = shape.entries(document);
    let counted = Counted::of(&entries);
    let text = |place: &str| {
        document
            .pointer(place)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut summary = Summary {
        session: name.to_owned(),
        started: text("/metadata/generatedAt"),
        ..Summary::empty(PLAN)
    };
    summary.plan.file = name.to_owned();
    let version = text("/metadata/k6Version");
    let tool = format!("{PLAN} {version}");
    summary.plan.description = format!(
        "{name}, a summary of {} ({})",
        tool.trim_end(),
        shape.written_by()
    );
    let measured = entries.iter().any(K6Metric::shows_work);
    for entry in &entries {
        for (address, metric) in metrics(entry, counted) {
            // A name that is there twice means its first metric.
            summary.metrics.entry(address).or_insert(metric);
        }
        let lines = entry
            .thresholds
            .iter()
            .map(|(text, told)| expression::line(entry, text, *told, name));
        summary.thresholds.extend(lines);
    }
    let (dropped, none) = none_dropped();
    if measured {
        summary.metrics.entry(dropped).or_insert(none);
    }
    summary.warnings.extend(without_unit(&entries));
    summary.warnings.extend(contradictory(&entries));
    let interpolated = entries
        .iter()
        .any(|entry| entry.kind == K6Kind::Trend && entry.has_data());
    summary.origin = Some(ForeignTool {
        tool: PLAN.to_owned(),
        wall_s: shape.wall_s(document, &entries),
        measured,
        notes: interpolated
            .then(|| INTERPOLATED.to_owned())
            .into_iter()
            .collect(),
    });
    Some(summary)
}

/// Metrics of which the file does not say what they are counted in.
fn without_unit(entries: &[K6Metric<'_>]) -> Option<String> {
    let unknown =
        |entry: &&K6Metric<'_>| entry.contains.is_none() && Measure::of(entry) == Measure::PLAIN;
    let names = entries
        .iter()
        .filter(unknown)
        .map(|entry| format!("`{}`", entry.base()));
    let names: BTreeSet<String> = names.collect();
    (!names.is_empty()).then(|| {
        let (verb, them) = if names.len() == 1 { ("has", "its") } else { ("have", "their") };
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        format!("{names} {verb} no unit in the file, and {them} numbers are taken as they are: `_ms` or `_seconds` at the end of a name says one")
    })
}

/// Rates that are not what their counts make.
fn contradictory(entries: &[K6Metric<'_>]) -> Vec<String> {
    let rates = entries
        .iter()
        .filter(|entry| entry.kind == K6Kind::Rate && entry.has_data());
    let wrong = rates.filter(|entry| {
        let rate = entry.values.first(&["rate", "value"]);
        entry.counted().is_some() && rate.is_some_and(|rate| entry.rate_samples(rate) == 0)
    });
    wrong
        .map(|entry| {
            format!(
                "the counts of `{}` do not make its rate: the rate is judged",
                entry.name
            )
        })
        .collect()
}
