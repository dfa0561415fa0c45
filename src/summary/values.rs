//! The value of every metric of one load in one run.

use super::window::window_seconds;
use super::{Metric, MetricValue, SampleInterval};
use crate::audio::WordErrors;
use crate::measure::{Distribution, LoadResult, Quantile};
use crate::metric::{
    Address, Better, Catalog, DRIFT, ErrorClass, MetricKind, MetricName, MetricShape, Stat, StepId,
};
use crate::stats::ranks::enclosing;

/// Every metric of a load with its address, in the order of the catalog.
pub(super) fn of_load(catalog: &Catalog, result: &LoadResult) -> Vec<(Address, Metric)> {
    let id = result.stats.load();
    let load = catalog.load(id);
    let whole = catalog.owner(id, None);
    let mut all = Vec::new();
    let metric = |kind: &MetricKind, value| Metric {
        unit: kind.unit,
        better: kind.better,
        runs: vec![value],
    };
    for kind in catalog.plain(id, None) {
        all.push((whole.metric(kind.name), metric(kind, plain(kind, result))));
    }
    for step in &load.steps {
        for kind in catalog.plain(id, Some(*step)) {
            all.push((
                catalog.owner(id, Some(*step)).metric(kind.name),
                metric(kind, of_step(kind.metric, *step, result)),
            ));
        }
    }
    let drifts = super::drift::of_load(result).into_iter();
    all.extend(drifts.map(|(quantity, metric)| (whole.statistic(quantity, DRIFT), metric)));
    for (metric_id, entry) in catalog.entries().filter(|(_, entry)| entry.load == id) {
        let Some(distribution) = result.stats.distribution(metric_id) else {
            continue;
        };
        let owner = catalog.owner(id, entry.step);
        let corrected = distribution.corrected();
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
                runs: vec![both_statistics(
                    entry.kind,
                    distribution,
                    corrected.as_ref(),
                    stat,
                )],
            };
            all.push((owner.statistic(&entry.quantity, name), value));
        }
    }
    all
}

/// With fewer samples beyond a percentile than this, its value is mostly chance, and the samples that enclose it are kept.
pub const SAMPLES_BEYOND: f64 = 10.0;

/// Whether that many samples are too few for this percentile.
#[must_use]
pub fn are_few(samples: u64, share: f64) -> bool {
    // The nudge keeps 0.1 * 100 from being less than ten by rounding.
    (samples as f64) * (1.0 - share) < SAMPLES_BEYOND - 1e-9
}

/// The samples that enclose a percentile of few samples; `None` where there are many, or too few to enclose it.
fn enclosing_samples(
    kind: &MetricKind,
    distribution: &Distribution,
    share: f64,
) -> Option<SampleInterval> {
    let total = distribution.count() + distribution.lost();
    if !are_few(total, share) || kind.better == Better::Higher {
        return None;
    }
    let ranks = enclosing(total, share, 0.9)?;
    let at = |rank: u64| distribution.quantile(rank as f64 / total as f64, false);
    let shown = |value: u64| value as f64 / kind.scale();
    match (at(ranks.low?)?, at(ranks.high?)?) {
        (Quantile::Exactly(low), Quantile::Exactly(high)) => Some(SampleInterval {
            low: shown(low),
            high: Some(shown(high)),
        }),
        (Quantile::Exactly(low), Quantile::Beyond(_)) => Some(SampleInterval {
            low: shown(low),
            high: None,
        }),
        (Quantile::Beyond(_), _) => None,
    }
}

/// A statistic as measured and `corrected`, without the generator's own delays, where that is another value.
fn both_statistics(
    kind: &MetricKind,
    measured: &Distribution,
    corrected: Option<&Distribution>,
    stat: Stat,
) -> MetricValue {
    let measured = statistic(kind, measured, stat);
    let own = corrected
        .and_then(|corrected| statistic(kind, corrected, stat).value)
        .filter(|own| Some(*own) != measured.value && stat != Stat::StdDev);
    MetricValue {
        corrected: own,
        ..measured
    }
}

pub(super) fn statistic(kind: &MetricKind, distribution: &Distribution, stat: Stat) -> MetricValue {
    let scale = kind.scale();
    let known = |value: Option<f64>| MetricValue {
        value: value.map(|v| v / scale),
        samples: distribution.count(),
        ..MetricValue::default()
    };
    match stat {
        Stat::Min => known(distribution.min().map(|v| v as f64)),
        Stat::Max => known(distribution.max().map(|v| v as f64)),
        Stat::Mean => known(distribution.mean()),
        Stat::StdDev => known(distribution.stddev()),
        Stat::Count => MetricValue {
            value: Some(distribution.count() as f64),
            samples: distribution.count(),
            ..MetricValue::default()
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
                interval: enclosing_samples(kind, distribution, share),
                samples,
                ..MetricValue::default()
            }
        }
    }
}

fn of_step(metric: MetricName, step: StepId, result: &LoadResult) -> MetricValue {
    let counts = &result.stats.steps[usize::from(step.0)];
    let value = match metric {
        MetricName::ErrorRate => counts.error_rate(),
        MetricName::RejectionRate => counts.rejection_rate(),
        MetricName::Wer => {
            return word_errors(result.stats.words.get(&step).copied().unwrap_or_default());
        }
        _ => None,
    };
    MetricValue {
        value,
        samples: counts.started,
        ..MetricValue::default()
    }
}

fn word_errors(errors: WordErrors) -> MetricValue {
    MetricValue {
        value: errors.rate(),
        samples: errors.texts,
        ..MetricValue::default()
    }
}

fn plain(kind: &MetricKind, result: &LoadResult) -> MetricValue {
    let stats = &result.stats;
    let counts = &stats.measured_part().counts;
    let count = |n: u64| MetricValue {
        value: Some(n as f64),
        samples: counts.planned,
        ..MetricValue::default()
    };
    let share = |value: Option<f64>, samples: u64| MetricValue {
        value,
        samples,
        ..MetricValue::default()
    };
    let theirs = counts.without(stats.classes[ErrorClass::Generator as usize]);
    // By count every measured iteration belongs to the window, whatever the clock says.
    let ok_in_window = if result.by_count {
        counts.ok
    } else {
        stats.window.iterations
    };
    let per_second = |n: f64, samples: u64| share(window_seconds(result).map(|s| n / s), samples);
    match kind.metric {
        MetricName::Throughput => per_second(ok_in_window as f64, ok_in_window),
        MetricName::AudioThroughput => {
            let audio = stats.window.audio.as_secs_f64();
            if audio > 0.0 {
                per_second(audio, ok_in_window)
            } else {
                share(None, 0)
            }
        }
        MetricName::RequestsThroughput => {
            per_second(stats.window.requests as f64, stats.window.requests)
        }
        MetricName::SuccessRate => share(theirs.success_rate(), theirs.started),
        MetricName::ErrorRate => share(theirs.error_rate(), theirs.started),
        MetricName::RejectionRate => share(counts.rejection_rate(), counts.started),
        MetricName::DropRate => share(counts.drop_rate(), counts.planned),
        MetricName::RequestsErrorRate => share(stats.requests.error_rate(), stats.requests.started),
        MetricName::Planned => count(counts.planned),
        MetricName::Started => count(counts.started),
        MetricName::Dropped => count(counts.dropped),
        MetricName::Ok => count(counts.ok),
        MetricName::Failed => count(counts.failed),
        MetricName::Rejected => count(counts.rejected),
        MetricName::TimedOut => count(counts.timed_out),
        MetricName::Interrupted => count(counts.interrupted),
        MetricName::Imbalance => share(stats.split.imbalance(), counts.started),
        MetricName::Wer => {
            let mut all = WordErrors::default();
            stats.words.values().for_each(|errors| all += *errors);
            word_errors(all)
        }
        metric if kind.shape == MetricShape::Counter => count(stats.counters.get(metric)),
        _ => {
            let class = ErrorClass::ALL
                .iter()
                .position(|class| kind.name.strip_prefix("errors.") == Some(class.name()));
            class.map_or_else(MetricValue::default, |at| count(stats.classes[at]))
        }
    }
}
