//! The value of every metric of one load in one run.

use super::window::window_seconds;
use super::{Metric, MetricValue};
use crate::audio::WordErrors;
use crate::measure::{Distribution, LoadResult, Quantile};
use crate::metric::{Address, Better, Catalog, DRIFT, ErrorClass, Kind, Stat, StepId};

/// Every metric of a load with its address, in the order of the catalog.
pub(super) fn of_load(catalog: &Catalog, result: &LoadResult) -> Vec<(Address, Metric)> {
    let id = result.ledger.load();
    let load = catalog.load(id);
    let whole = catalog.owner(id, None);
    let mut all = Vec::new();
    let metric = |kind: &Kind, value| Metric {
        unit: kind.unit,
        better: kind.better,
        runs: vec![value],
    };
    for kind in catalog.plain(id, None) {
        all.push((
            whole.metric(kind.name),
            metric(kind, plain(kind.name, result)),
        ));
    }
    for step in &load.steps {
        for kind in catalog.plain(id, Some(*step)) {
            all.push((
                catalog.owner(id, Some(*step)).metric(kind.name),
                metric(kind, of_step(kind.name, *step, result)),
            ));
        }
    }
    let drifts = super::drift::of_load(result).into_iter();
    all.extend(drifts.map(|(quantity, metric)| (whole.statistic(quantity, DRIFT), metric)));
    for (metric_id, entry) in catalog.entries().filter(|(_, entry)| entry.load == id) {
        let Some(distribution) = result.ledger.distribution(metric_id) else {
            continue;
        };
        let owner = catalog.owner(id, entry.step);
        for (name, stat) in Stat::ALL {
            let unit = if stat == Stat::Count {
                crate::units::Unit::Count
            } else {
                entry.kind.unit
            };
            let better = if stat == Stat::Count {
                Better::Neither
            } else {
                entry.kind.better
            };
            let value = Metric {
                unit,
                better,
                runs: vec![statistic(entry.kind, distribution, stat)],
            };
            all.push((owner.statistic(&entry.quantity, name), value));
        }
    }
    all
}

pub(super) fn statistic(kind: &Kind, distribution: &Distribution, stat: Stat) -> MetricValue {
    let scale = kind.scale();
    let known = |value: Option<f64>| MetricValue {
        value: value.map(|v| v / scale),
        beyond: false,
        samples: distribution.count(),
    };
    match stat {
        Stat::Min => known(distribution.min().map(|v| v as f64)),
        Stat::Max => known(distribution.max().map(|v| v as f64)),
        Stat::Mean => known(distribution.mean()),
        Stat::StdDev => known(distribution.stddev()),
        Stat::Count => MetricValue {
            value: Some(distribution.count() as f64),
            beyond: false,
            samples: distribution.count(),
        },
        Stat::Percentile(share) => {
            let samples = distribution.count() + distribution.lost();
            let (value, beyond) = match distribution.quantile(share, kind.better == Better::Higher)
            {
                None => (None, false),
                Some(Quantile::Exactly(value)) => (Some(value as f64 / scale), false),
                Some(Quantile::Beyond(value)) => (Some(value as f64 / scale), true),
            };
            MetricValue {
                value,
                beyond,
                samples,
            }
        }
    }
}

fn of_step(name: &str, step: StepId, result: &LoadResult) -> MetricValue {
    let counts = &result.ledger.steps[usize::from(step.0)];
    let value = match name {
        "error_rate" => counts.error_rate(),
        "rejection_rate" => counts.rejection_rate(),
        "wer" => return word_errors(result.ledger.words.get(&step).copied().unwrap_or_default()),
        _ => None,
    };
    MetricValue {
        value,
        beyond: false,
        samples: counts.started,
    }
}

fn word_errors(errors: WordErrors) -> MetricValue {
    MetricValue {
        value: errors.rate(),
        beyond: false,
        samples: errors.texts,
    }
}

fn plain(name: &str, result: &LoadResult) -> MetricValue {
    let ledger = &result.ledger;
    let counts = &ledger.measured_part().counts;
    let count = |n: u64| MetricValue {
        value: Some(n as f64),
        beyond: false,
        samples: counts.planned,
    };
    let share = |value: Option<f64>, samples: u64| MetricValue {
        value,
        beyond: false,
        samples,
    };
    // By count every measured iteration belongs to the window, whatever the clock says.
    let ok_in_window = if result.by_count {
        counts.ok
    } else {
        ledger.ended_in_window
    };
    let per_second = |n: f64, samples: u64| share(window_seconds(result).map(|s| n / s), samples);
    match name {
        "throughput" => per_second(ok_in_window as f64, ok_in_window),
        "audio_throughput" => {
            let audio = ledger.audio_in_window.as_secs_f64();
            if audio > 0.0 {
                per_second(audio, ok_in_window)
            } else {
                share(None, 0)
            }
        }
        "requests.throughput" => {
            per_second(ledger.requests_in_window as f64, ledger.requests_in_window)
        }
        "success_rate" => share(counts.success_rate(), counts.started),
        "error_rate" => share(counts.error_rate(), counts.started),
        "rejection_rate" => share(counts.rejection_rate(), counts.started),
        "drop_rate" => share(counts.drop_rate(), counts.planned),
        "requests.error_rate" => share(ledger.requests.error_rate(), ledger.requests.started),
        "planned" => count(counts.planned),
        "started" => count(counts.started),
        "dropped" => count(counts.dropped),
        "ok" => count(counts.ok),
        "failed" => count(counts.failed),
        "rejected" => count(counts.rejected),
        "timed_out" => count(counts.timed_out),
        "interrupted" => count(counts.interrupted),
        "reconnects" => count(ledger.reconnects),
        "retries" => count(ledger.retries),
        "imbalance" => share(ledger.split.imbalance(), counts.started),
        "wer" => {
            let mut all = WordErrors::default();
            ledger.words.values().for_each(|errors| all += *errors);
            word_errors(all)
        }
        _ => {
            let class = ErrorClass::ALL
                .iter()
                .position(|class| name.strip_prefix("errors.") == Some(class.name()));
            class.map_or_else(MetricValue::default, |at| count(ledger.classes[at]))
        }
    }
}
