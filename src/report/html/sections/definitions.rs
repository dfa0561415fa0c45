//! What the names of the metrics mean, and which direction is good.

use std::collections::{BTreeMap, BTreeSet};

use crate::metric::{Address, Better, DRIFT, MetricLevel, Stat};
use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::clean;
use crate::summary::{Metric, Summary};

/// The section of every metric that the page shows.
pub(crate) fn definitions(source: &PageSource<'_>) -> Option<Section> {
    let summary = source.summary;
    let judged: BTreeSet<&str> = source
        .verdict
        .thresholds
        .iter()
        .map(|threshold| threshold.metric.as_str())
        .chain(
            source
                .verdict
                .comparisons
                .iter()
                .map(|comparison| comparison.metric.as_str()),
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
    let rows = rows.into_values().map(PageRow::new).collect();
    section.table(PageTable::new(
        "Metrics of this session",
        &["metric", "direction", "meaning"],
        rows,
        &source.budget,
    ));
    let known = Stat::ALL
        .into_iter()
        .filter(|(name, _)| statistics.contains(name));
    let mut rows: Vec<PageRow> = known
        .map(|(name, stat)| PageRow::new([name.to_owned(), stat.doc()]))
        .collect();
    if statistics.contains(DRIFT) {
        rows.push(PageRow::new([
            DRIFT,
            "The last third of the measured time compared with the first.",
        ]));
    }
    section.table(PageTable::new(
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
    address: &'a Address,
) -> Option<(MetricLevel, &'a str, Option<&'a str>)> {
    let owner = address.owner()?;
    let load = owner.clone().whole();
    summary.loads.iter().find(|known| known.owner() == load)?;
    let has = |quantity: &str| {
        let count = owner.statistic(quantity, "count");
        summary.metrics.contains_key(&count)
    };
    let level = match address.step() {
        None => MetricLevel::Load,
        Some(_) if has("polls") => MetricLevel::Poll,
        Some(_) if has("messages") => MetricLevel::Stream,
        Some(_) => MetricLevel::Exchange,
    };
    Some((level, address.quantity(), address.stat()))
}
