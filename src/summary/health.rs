//! The generator distrusts itself: whether a run is evidence at all.

use serde::{Deserialize, Serialize};

use crate::measure::{LoadResult, Quantile};
use crate::metric::Catalog;
use crate::units::{Unit, print};

/// Whether the generator carried the plan out as it should.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Health {
    /// Why the run is no evidence; empty for a run that is.
    pub invalid: Vec<String>,
    /// What is worth knowing and does not spoil the run.
    pub notes: Vec<String>,
    /// 99 % of iterations started no later than this after they were due; `None` without an open load.
    pub lag_p99_s: Option<f64>,
    /// 99 % of the chunks of audio were sent no later than this after they were due; `None` where none was paced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_lag_p99_s: Option<f64>,
    /// The highest share of one core that a worker used in a measured second.
    pub busiest: f64,
    /// How many workers there were.
    pub workers: usize,
}

impl Health {
    /// Whether the run is evidence.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        self.invalid.is_empty()
    }

    /// Adds what is known of other loads of the same run.
    pub fn merge(&mut self, other: Self) {
        self.invalid.extend(other.invalid);
        self.notes.extend(other.notes);
        self.notes.dedup();
        self.lag_p99_s = self
            .lag_p99_s
            .into_iter()
            .chain(other.lag_p99_s)
            .reduce(f64::max);
        self.send_lag_p99_s = self
            .send_lag_p99_s
            .into_iter()
            .chain(other.send_lag_p99_s)
            .reduce(f64::max);
        self.busiest = self.busiest.max(other.busiest);
        self.workers = self.workers.max(other.workers);
    }
}

/// Lag up to this is never held against a run, in nanoseconds.
const LAG_ALLOWED: u64 = 10_000_000;
/// Nor is lag up to this share of the median latency.
const LAG_SHARE: f64 = 0.05;
/// A worker above this share of one core is saturated,
const SATURATED: f64 = 0.9;
/// and a run in which that holds for this share of the measured seconds is no evidence.
const SATURATED_SECONDS: f64 = 0.1;
/// So many iterations that were turned away, and half of all, are worth a word.
const HURRIED: u64 = 100;
/// Above this share of the wall time the machine is called busy.
const PRESSURE: f64 = 0.2;

/// Judges one run. `busy` has one list of seconds for each worker, `pressure` is the share of the wall time in which
/// something on this machine waited for a processor.
#[must_use]
pub fn judge(
    catalog: &Catalog,
    loads: &[LoadResult],
    busy: &[Vec<f64>],
    pressure: Option<f64>,
) -> Health {
    let seconds: Vec<f64> = busy.iter().flatten().copied().collect();
    let mut health = Health {
        busiest: seconds.iter().copied().fold(0.0, f64::max),
        workers: busy.len(),
        ..Health::default()
    };
    for load in loads {
        judge_lag(catalog, load, &mut health);
        judge_send_lag(catalog, load, &mut health);
        note_hurry(catalog, load, &mut health);
        if load.dropped_by_generator > 0 {
            health.invalid.push(format!(
                "{} arrivals of `{}` were dropped while perfgate's own worker was the bottleneck: lower the rate or use more `--threads`",
                load.dropped_by_generator,
                catalog.load(load.stats.load()).name
            ));
        }
    }
    let saturated = seconds.iter().filter(|share| **share >= SATURATED).count();
    if saturated > 0 && saturated as f64 >= SATURATED_SECONDS * seconds.len() as f64 {
        health.invalid.push(format!(
            "perfgate's workers were saturated in {saturated} of {} measured seconds: the numbers describe the generator (use more `--threads` or a lower load)",
            seconds.len()
        ));
    }
    if let Some(share) = pressure.filter(|share| *share > PRESSURE) {
        health.notes.push(format!(
            "this machine was busy: tasks waited for a processor in {} of the time",
            print(share, Unit::Ratio)
        ));
    }
    if !cfg!(target_os = "linux") {
        health.notes.push(
            "arrivals are paced by a timer with a resolution of 1 ms on this system".to_owned(),
        );
    }
    health
}

/// Chunks of audio that leave late are no speech in real time, and every delay is longer than the target's.
fn judge_send_lag(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    let entry = catalog.load(load.stats.load());
    for step in &entry.steps {
        let id = catalog.find(load.stats.load(), Some(*step), "send_lag");
        let lag = id
            .and_then(|id| load.stats.distribution(id))
            .and_then(|lag| lag.quantile(0.99, false));
        let Some(Quantile::Exactly(lag)) = lag else {
            continue;
        };
        health.send_lag_p99_s = Some(health.send_lag_p99_s.unwrap_or(0.0).max(lag as f64 / 1e9));
        if lag > LAG_ALLOWED {
            health.invalid.push(format!(
                "audio of `{}.{}` was sent late: lag p99 {} where {} is allowed: the generator was starved",
                entry.name,
                catalog.step(*step).name,
                print(lag as f64 / 1e9, Unit::Seconds),
                print(LAG_ALLOWED as f64 / 1e9, Unit::Seconds)
            ));
        }
    }
}

/// Users that knock without a pause are no users: what they find out says how fast a refusal is.
fn note_hurry(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    let hurried = load.stats.immediate_retries;
    let started: u64 = load
        .stats
        .parts
        .iter()
        .map(|part| part.counts.started)
        .sum();
    if hurried < HURRIED || hurried * 2 < started {
        return;
    }
    health.notes.push(format!(
        "{hurried} of {started} iterations of `{}` were turned away (refused, an error of the target, or no connection) and the next followed at once: with `backoff = \"1s\"` in the load a virtual user waits before it tries again",
        catalog.load(load.stats.load()).name
    ));
}

fn judge_lag(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    let id = load.stats.load();
    let distribution = |name: &str| {
        catalog
            .find(id, None, name)
            .and_then(|metric| load.stats.distribution(metric))
    };
    // A closed load starts its iterations when it can: it has no lag, and none is reported.
    let lag = distribution("lag").filter(|lag| lag.max() > Some(0));
    let Some(Quantile::Exactly(lag)) = lag.and_then(|lag| lag.quantile(0.99, false)) else {
        return;
    };
    let lag_s = lag as f64 / 1e9;
    health.lag_p99_s = Some(health.lag_p99_s.unwrap_or(0.0).max(lag_s));
    let median = match distribution("latency").and_then(|latency| latency.quantile(0.5, false)) {
        Some(Quantile::Exactly(nanos) | Quantile::Beyond(nanos)) => nanos as f64,
        None => 0.0,
    };
    let allowed = (LAG_ALLOWED as f64).max(LAG_SHARE * median);
    if lag as f64 > allowed {
        health.invalid.push(format!(
            "iterations of `{}` started late: lag p99 {} where {} is allowed (10 ms or 5 % of the median latency): the generator was starved",
            catalog.load(id).name,
            print(lag_s, Unit::Seconds),
            print(allowed / 1e9, Unit::Seconds)
        ));
    }
}
