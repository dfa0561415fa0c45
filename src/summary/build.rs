//! From the books of the workers to the evidence of one run.

use std::collections::BTreeMap;

use super::values::{of_load, statistic};
use super::window::window_seconds;
use super::{ErrorLine, LoadRun, Metric, RemarkLine, Series, SplitLine, Staleness, StrangeState};
use crate::clock::Tick;
use crate::measure::{
    Distribution, ErrorLog, LoadResult, LoadStats, Remark, RemarkKind, SplitPart,
};
use crate::metric::{Address, Catalog, LoadPart, MetricKind, MetricLevel, Stat, StepId};

/// What one run says about one load.
#[derive(Debug)]
pub struct RunEvidence {
    /// What became of it.
    pub load: LoadRun,
    /// Its metrics by address.
    pub metrics: Vec<(Address, Metric)>,
    /// Its errors, most frequent first.
    pub errors: Vec<ErrorLine>,
    /// Errors that found no group free.
    pub errors_beyond: u64,
}

impl RunEvidence {
    /// Forgets what the values would be without the generator's own delays.
    pub fn ignore_own_delays(&mut self) {
        let metrics = self.metrics.iter_mut();
        for value in metrics.flat_map(|(_, metric)| &mut metric.runs) {
            value.corrected = None;
        }
    }
}

/// The evidence of one load from the merged books of all workers.
///
/// # Panics
/// Panics when an iteration has vanished from the account: the numbers would be wrong.
#[must_use]
pub fn load_run(catalog: &Catalog, result: &LoadResult) -> RunEvidence {
    let stats = &result.stats;
    for (part, of) in LoadPart::ALL.iter().zip(&stats.parts) {
        assert!(
            of.counts.adds_up(),
            "iterations vanished in {}: {:?}",
            part.name(),
            of.counts
        );
    }
    let entry = catalog.load(stats.load());
    let mean = |d: &Distribution| d.mean().map(|nanos| nanos / 1e9);
    let before =
        [LoadPart::RampUp, LoadPart::WarmUp].map(|part| &stats.parts[part.index()].latency);
    let latency = catalog
        .find(stats.load(), None, "latency")
        .and_then(|id| stats.distribution(id));
    let series = Series::of(&result.slots);
    let load = LoadRun {
        phase: entry.phase.clone(),
        load: entry.name.clone(),
        window_s: window(result),
        zero_s: result.zero.as_nanos() as f64 / 1e9,
        by_count: result.by_count,
        counts: LoadPart::ALL
            .iter()
            .zip(&stats.parts)
            .filter(|(part, of)| of.counts.planned > 0 || **part == LoadPart::Measured)
            .map(|(part, of)| (part.name().to_owned(), of.counts))
            .collect::<BTreeMap<_, _>>(),
        steps: entry
            .steps
            .iter()
            .map(|id| {
                (
                    catalog.step(*id).name.clone(),
                    stats.steps[usize::from(id.0)],
                )
            })
            .collect(),
        requests: stats.requests,
        answered: stats.answered,
        warm_up_mean_s: before.iter().rev().find_map(|d| mean(d)),
        failed_mean_s: mean(&stats.failed_latency),
        rejected_mean_s: mean(&stats.rejected_latency),
        ok_sum_s: latency
            .and_then(|d| Some(d.mean()? * d.count() as f64 / 1e9))
            .unwrap_or(0.0),
        strange_states: stats
            .unknown_states
            .iter()
            .map(|(step, state, count)| StrangeState {
                step: catalog.step(step).name.clone(),
                state: state.to_owned(),
                count,
            })
            .collect(),
        setups: stats.setups.0,
        setup_mean_s: Some(stats.setups.0.started)
            .filter(|n| *n > 0)
            .map(|n| stats.setups.1.as_secs_f64() / n as f64),
        splits: splits(stats),
        rejections: remarks(catalog, stats, RemarkKind::Rejection),
        oddities: remarks(catalog, stats, RemarkKind::Oddity),
        most_in_flight: series.most_in_flight(),
        series,
        staleness: Staleness::of(&result.waits),
    };
    RunEvidence {
        load,
        metrics: of_load(catalog, result),
        errors: error_lines(catalog, &stats.errors, result.zero),
        errors_beyond: stats.errors.beyond(),
    }
}

fn window(result: &LoadResult) -> (f64, f64) {
    let from = if result.by_count {
        result.stats.span.map_or(result.zero, |span| span.0)
    } else {
        result.window.from
    };
    let from_s = if from == Tick::NEVER {
        0.0
    } else {
        from.since(result.zero).as_secs_f64()
    };
    (from_s, from_s + window_seconds(result).unwrap_or(0.0))
}

fn error_lines(catalog: &Catalog, errors: &ErrorLog, zero: Tick) -> Vec<ErrorLine> {
    let line = |(load, step, class, group): (
        _,
        Option<_>,
        crate::metric::ErrorClass,
        &crate::measure::ErrorGroup,
    )| {
        ErrorLine {
            count: group.count,
            phase: catalog.load(load).phase.clone(),
            load: catalog.load(load).name.clone(),
            step: step.map(|step| catalog.step(step).name.clone()),
            class: class.name().to_owned(),
            message: group.example.clone(),
            first_s: group.first.since(zero).as_secs_f64(),
            last_s: group.last.since(zero).as_secs_f64(),
        }
    };
    errors.groups().into_iter().map(line).collect()
}

/// A line for each value, in the order of the values.
fn splits(stats: &LoadStats) -> Vec<SplitLine> {
    let Some(kind) = MetricKind::find(MetricLevel::Load, "latency") else {
        return Vec::new();
    };
    let line = |(value, part): (&str, &SplitPart)| SplitLine {
        value: value.to_owned(),
        counts: part.counts,
        latency_p50_s: statistic(kind, &part.latency, Stat::Percentile(0.5)),
        latency_p95_s: statistic(kind, &part.latency, Stat::Percentile(0.95)),
        latency_mean_s: statistic(kind, &part.latency, Stat::Mean),
        wer: part.words.rate(),
    };
    stats.split.parts().map(line).collect()
}

/// A line for each cause of one kind, most frequent first.
fn remarks(catalog: &Catalog, stats: &LoadStats, kind: RemarkKind) -> Vec<RemarkLine> {
    let line = |(step, remark): (StepId, &Remark)| RemarkLine {
        step: catalog.step(step).name.clone(),
        message: remark.example.clone(),
        count: remark.count,
    };
    stats.remarks.of(kind).into_iter().map(line).collect()
}
