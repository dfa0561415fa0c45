//! The three shapes of k6's summaries.

use serde_json::{Map, Value};

use super::address::statistic;
use super::entry::{K6Kind, K6Metric};
use super::numbers::Numbers;
use crate::summary::Told;

/// Which way of k6 to write a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum K6Shape {
    /// `--summary-export`: statistics stand beside `thresholds`, which say `true` for crossed.
    Export,
    /// The data of `handleSummary`: statistics stand in `values`, thresholds say whether they are ok.
    Handled,
    /// `--new-machine-readable-summary`: a list of metrics, without thresholds.
    Listed,
}

impl K6Shape {
    /// The shape of a document, `None` where it is no summary of k6.
    pub(super) fn of(document: &Value) -> Option<Self> {
        if document
            .pointer("/results/metrics")
            .is_some_and(Value::is_array)
        {
            return Some(Self::Listed);
        }
        let metrics = document.get("metrics")?.as_object()?;
        if metrics
            .values()
            .any(|metric| metric.get("values").is_some_and(Value::is_object))
        {
            return Some(Self::Handled);
        }
        let known = |metric: &Value| {
            metric
                .as_object()
                .is_some_and(|own| own.keys().any(|name| is_k6(name)))
        };
        (document.get("root_group").is_some() || metrics.values().any(known))
            .then_some(Self::Export)
    }

    /// The option of k6 that writes it.
    pub(super) const fn written_by(self) -> &'static str {
        match self {
            Self::Export => "--summary-export",
            Self::Handled => "handleSummary",
            Self::Listed => "--new-machine-readable-summary",
        }
    }

    pub(super) fn entries(self, document: &Value) -> Vec<K6Metric<'_>> {
        let named = || {
            document
                .get("metrics")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
        };
        match self {
            Self::Export => named()
                .map(|(name, metric)| entry(name, metric, metric, exported))
                .collect(),
            Self::Handled => named()
                .map(|(name, metric)| entry(name, metric, &metric["values"], handled))
                .collect(),
            Self::Listed => {
                let lists = ["/results/metrics", "/results/checks/metrics"]
                    .map(|place| document.pointer(place));
                let metrics = lists
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_array)
                    .flatten();
                metrics.filter_map(listed).collect()
            }
        }
    }

    /// How long k6 ran, in seconds.
    pub(super) fn wall_s(self, document: &Value, entries: &[K6Metric<'_>]) -> Option<f64> {
        let wall = match self {
            Self::Export => {
                // The file does not say it, but every counter has its rate over the whole time.
                let counter = |name: &str| entries.iter().find(|entry| entry.name == name);
                let both = |entry: &K6Metric<'_>| {
                    Some(entry.values.get("count")? / entry.values.get("rate")?)
                };
                ["http_reqs", "iterations"]
                    .iter()
                    .find_map(|name| counter(name).and_then(both))
            }
            Self::Handled => document
                .pointer("/state/testRunDurationMs")
                .and_then(Value::as_f64)
                .map(|ms| ms / 1000.0),
            Self::Listed => document.pointer("/config/duration").and_then(Value::as_f64),
        };
        wall.filter(|seconds| seconds.is_finite() && *seconds > 0.0)
    }
}

/// Statistics that no other tool calls so.
fn is_k6(name: &str) -> bool {
    ["avg", "med", "passes", "fails", "thresholds"].contains(&name)
        || (name.starts_with("p(") && statistic(name).is_some())
}

fn entry<'a>(
    name: &'a str,
    metric: &'a Value,
    values: &'a Value,
    told: fn(&Value) -> Option<Told>,
) -> K6Metric<'a> {
    let values = Numbers::of(values);
    let thresholds = metric
        .get("thresholds")
        .and_then(Value::as_object)
        .map(Map::iter)
        .into_iter()
        .flatten();
    K6Metric {
        name,
        kind: K6Kind::of(metric.get("type"), values),
        contains: metric.get("contains").and_then(Value::as_str),
        values,
        thresholds: thresholds
            .map(|(expression, said)| (expression.as_str(), told(said)))
            .collect(),
    }
}

fn listed(metric: &Value) -> Option<K6Metric<'_>> {
    Some(entry(
        metric.get("name")?.as_str()?,
        metric,
        &metric["values"],
        |_| None,
    ))
}

/// Of an export `true` means crossed.
fn exported(said: &Value) -> Option<Told> {
    said.as_bool()
        .map(|crossed| if crossed { Told::Crossed } else { Told::Held })
}

fn handled(said: &Value) -> Option<Told> {
    said.get("ok")
        .and_then(Value::as_bool)
        .map(|ok| if ok { Told::Held } else { Told::Crossed })
}
