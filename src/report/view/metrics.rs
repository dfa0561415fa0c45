//! What another tool has measured, by the names that it gave.

use super::load_facts::Fact;
use crate::metric::Address;
use crate::report::text::{RunPick, STATISTICS, clean, pick, text};
use crate::summary::{Metric, Summary};

/// Metrics with many values, and metrics with one. Empty for what perfgate has measured: its loads say it better.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct MetricsView {
    /// The statistics that any of the rows has.
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<MetricRow>,
    pub(crate) plain: Vec<Fact>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MetricRow {
    pub(crate) name: String,
    pub(crate) cells: Vec<String>,
    /// It is a part of another metric, or of the way of a request: for those who want everything.
    pub(crate) part: bool,
}

/// Beside the value of a metric stands how often it happened, or between what it was.
const BESIDE: [&str; 3] = ["rate", "min", "max"];

impl MetricsView {
    pub(crate) fn of(summary: &Summary) -> Self {
        let mut names: Vec<&str> = Vec::new();
        if summary.origin.is_some() {
            names.extend(summary.metrics.keys().map(|address| apart(address).0));
        }
        names.dedup();
        let value = |name: &str, statistic: &str| {
            summary
                .metrics
                .get(&Address::foreign(name, Some(statistic)))
        };
        let has = |name: &&str| {
            !summary.metrics.contains_key(*name)
                && STATISTICS
                    .iter()
                    .any(|column| value(name, column).is_some())
        };
        let (many, one): (Vec<&str>, Vec<&str>) = names.into_iter().partition(has);
        let columns: Vec<&'static str> = STATISTICS
            .into_iter()
            .filter(|column| many.iter().any(|name| value(name, column).is_some()))
            .collect();
        let row = |name: &&str| MetricRow {
            name: clean(name),
            cells: columns
                .iter()
                .map(|column| value(name, column).map_or_else(|| "–".to_owned(), shown))
                .collect(),
            part: is_part(name),
        };
        let rows = many.iter().map(row).collect();
        let plain = one.iter().filter_map(|name| {
            fact(name, summary.metrics.get(*name), &|metric| {
                value(name, metric)
            })
        });
        Self {
            plain: plain.collect(),
            columns,
            rows,
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.plain.is_empty()
    }
}

/// The name and the statistic of an address; tags of a name may have dots too.
fn apart(address: &str) -> (&str, Option<&str>) {
    match address.rsplit_once('.') {
        Some((name, statistic)) if !statistic.contains('}') => (name, Some(statistic)),
        _ => (address, None),
    }
}

fn is_part(name: &str) -> bool {
    let way = [
        "_blocked",
        "_connecting",
        "_tls_handshaking",
        "_sending",
        "_waiting",
        "_receiving",
    ];
    name.contains('{')
        || name
            .strip_prefix("http_req")
            .is_some_and(|rest| way.contains(&rest))
}

fn shown(metric: &Metric) -> String {
    text(pick(metric, RunPick::Run(0)), metric.unit)
}

fn fact<'a>(
    name: &str,
    own: Option<&Metric>,
    beside: &dyn Fn(&str) -> Option<&'a Metric>,
) -> Option<Fact> {
    let value = match (own, beside("rate")) {
        (Some(own), Some(rate)) => format!("{} ({})", shown(own), shown(rate)),
        (Some(own), None) => match BESIDE.map(beside) {
            [_, Some(min), Some(max)] => {
                format!("{} ({} .. {})", shown(own), shown(min), shown(max))
            }
            _ => shown(own),
        },
        (None, rate) => shown(rate?),
    };
    Some(Fact {
        label: clean(name),
        value,
    })
}
