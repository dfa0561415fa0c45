//! What the names of the metrics mean, and which direction is good.

use std::collections::{BTreeMap, BTreeSet};

use crate::metric::{Address, Better, DRIFT, MetricKind, MetricLevel, Stat};
use crate::report::html::page::Section;
use crate::report::html::source::Source;
use crate::report::html::table::{Row, Table};
use crate::report::text::clean;
use crate::summary::{Metric, Summary};

/// The section of every metric that the page shows.
pub(crate) fn definitions(source: &Source<'_>) -> Option<Section> {
    let summary = source.summary;
    let judged: BTreeSet<&str> = source
        .verdict
        .thresholds
        .iter()
        .map(|one| one.metric.as_str())
        .chain(
            source
                .verdict
                .comparisons
                .iter()
                .map(|one| one.metric.as_str()),
        )
        .collect();
    let shown = |(address, metric): &(&Address, &Metric)| {
        judged.contains(address.as_str())
            || metric
                .runs
                .iter()
                .any(|run| run.value.is_some_and(|value| value != 0.0))
    };
    // The place in the table of kinds keeps neighbours together; what no table knows stands at the end by its name.
    let mut rows: BTreeMap<(usize, String), [String; 3]> = BTreeMap::new();
    let mut statistics = BTreeSet::new();
    for (address, metric) in summary.metrics.iter().filter(shown) {
        let Some((level, quantity, statistic)) = parts(summary, address) else {
            let judged = judged.contains(address.as_str());
            let tool = summary
                .origin
                .as_ref()
                .map_or("another tool", |origin| origin.tool.as_str());
            let meaning = format!("As {} measures it under this name.", clean(tool));
            if judged {
                rows.insert(
                    (usize::MAX, address.to_string()),
                    [clean(address), better(metric.better).to_owned(), meaning],
                );
            }
            continue;
        };
        statistics.extend(statistic);
        let known = crate::metric::KINDS
            .iter()
            .enumerate()
            .find(|(_, kind)| kind.level == level && kind.name == quantity);
        let (at, direction, meaning) = known.map_or_else(
            || {
                (
                    usize::MAX,
                    metric.better,
                    "A mark or a span that the plan declares.".to_owned(),
                )
            },
            |(at, kind)| (at, kind.better, kind.doc.to_owned()),
        );
        let name = format!("{} of {}", clean(quantity), level.doc());
        rows.insert(
            (at, name.clone()),
            [name, better(direction).to_owned(), meaning],
        );
    }
    let mut section = Section::new("definitions", "What the metrics mean");
    let rows = rows.into_values().map(Row::new).collect();
    section.table(Table::new(
        "Metrics of this session",
        &["metric", "direction", "meaning"],
        rows,
        &source.budget,
    ));
    let known = Stat::ALL
        .into_iter()
        .filter(|(name, _)| statistics.contains(name));
    let mut rows: Vec<Row> = known
        .map(|(name, stat)| Row::new([name.to_owned(), stat.doc()]))
        .collect();
    if statistics.contains(DRIFT) {
        rows.push(Row::new([
            DRIFT,
            "The last third of the measured time compared with the first.",
        ]));
    }
    section.table(Table::new(
        "Statistics of a metric",
        &["statistic", "meaning"],
        rows,
        &source.budget,
    ));
    section.unless_empty()
}

const fn better(direction: Better) -> &'static str {
    match direction {
        Better::Lower => "Lower is better",
        Better::Higher => "Higher is better",
        Better::Neither => "Neither is better",
    }
}

/// The level, quantity and statistic of an address; `None` for names of another tool.
fn parts<'a>(
    summary: &Summary,
    address: &'a str,
) -> Option<(MetricLevel, &'a str, Option<&'a str>)> {
    let load = summary
        .loads
        .iter()
        .map(crate::summary::LoadDescription::address)
        .find(|load| {
            address
                .strip_prefix(load.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        })?;
    let rest = &address[load.len() + 1..];
    let statistic = |rest: &'a str| match rest.rsplit_once('.') {
        Some((front, stat)) if Stat::named(stat).is_some() || stat == DRIFT => (front, Some(stat)),
        _ => (rest, None),
    };
    let (quantity, stat) = statistic(rest);
    if MetricKind::find(MetricLevel::Load, quantity).is_some() {
        return Some((MetricLevel::Load, quantity, stat));
    }
    let (step, own) = quantity.split_once('.')?;
    let has = |name: &str| {
        summary
            .metrics
            .contains_key(&format!("{load}.{step}.{name}.count"))
    };
    let level = match () {
        () if has("polls") => MetricLevel::Poll,
        () if has("messages") => MetricLevel::Stream,
        () => MetricLevel::Exchange,
    };
    Some((level, own, stat))
}
