//! The metrics of a session that one metric of k6 is.

use super::address::suffixes;
use super::entry::{K6Kind, K6Metric};
use super::measure::{Measure, better};
use super::numbers::whole;
use crate::metric::{Address, Better};
use crate::summary::{Metric, MetricValue};
use crate::units::Unit;

/// How many requests and iterations there were. The file does not say how many samples a trend has: those of requests have
/// as many as there were requests, all others are taken to have one an iteration, and a part of a metric (`…{tag:value}`) at
/// most as many as all of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    requests: u64,
    iterations: u64,
}

impl Counted {
    /// What the counters of a file say.
    pub(super) fn of(entries: &[K6Metric<'_>]) -> Self {
        let count = |name: &str| {
            let counter = entries.iter().find(|entry| entry.name == name);
            counter
                .and_then(|entry| entry.values.get("count"))
                .map_or(0, whole)
        };
        Self {
            requests: count("http_reqs"),
            iterations: count("iterations"),
        }
    }

    fn samples(self, entry: &K6Metric<'_>) -> u64 {
        let guess = if entry.base().starts_with("http_req_") {
            self.requests
        } else {
            self.iterations
        };
        entry.values.get("count").map_or(guess, whole)
    }
}

/// Every number of one metric of k6, by its address. Without data the addresses stay, with no value.
pub(super) fn metrics(entry: &K6Metric<'_>, counted: Counted) -> Vec<(Address, Metric)> {
    let measure = Measure::of(entry);
    let has_data = entry.has_data();
    let metric = |measure: Measure, number: Option<f64>, samples: u64| Metric {
        unit: measure.unit,
        better: better(entry, measure.unit),
        runs: vec![MetricValue {
            value: number
                .filter(|_| has_data)
                .map(|number| measure.base(number)),
            samples: if has_data { samples } else { 0 },
            ..MetricValue::default()
        }],
    };
    let get = |name: &str| entry.values.get(name);
    match entry.kind {
        K6Kind::Counter => {
            let count = get("count").map_or(0, whole);
            let mut all = vec![(entry.whole(), metric(measure, get("count"), count))];
            if entry.values.has("rate") {
                all.push((
                    entry.with_stat("rate"),
                    metric(Measure::EACH_SECOND, get("rate"), count),
                ));
            }
            all
        }
        K6Kind::Gauge => {
            let ends = ["min", "max"]
                .into_iter()
                .filter(|name| entry.values.has(name));
            let ends = ends.map(|name| (entry.with_stat(name), metric(measure, get(name), 0)));
            std::iter::once((entry.whole(), metric(measure, get("value"), 0)))
                .chain(ends)
                .collect()
        }
        K6Kind::Rate => {
            let rate = entry.values.first(&["rate", "value"]);
            let samples = rate.map_or(0, |rate| entry.rate_samples(rate));
            vec![(entry.with_stat("rate"), metric(measure, rate, samples))]
        }
        K6Kind::Trend => {
            let samples = counted.samples(entry);
            let statistic = |(theirs, ours): (&str, String)| {
                let number = get(theirs);
                let value = match theirs {
                    "count" => Metric {
                        better: Better::Neither,
                        ..metric(Measure::COUNT, number, samples)
                    },
                    _ => metric(measure, number, samples),
                };
                (entry.with_stat(&ours), value)
            };
            suffixes(entry.values).map(statistic).collect()
        }
    }
}

/// k6 writes no counter of dropped iterations where none was dropped.
pub(super) fn none_dropped() -> (Address, Metric) {
    let runs = vec![MetricValue {
        value: Some(0.0),
        samples: 0,
        ..MetricValue::default()
    }];
    (
        Address::foreign("dropped_iterations", None),
        Metric {
            unit: Unit::Count,
            better: Better::Lower,
            runs,
        },
    )
}
