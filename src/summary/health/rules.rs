//! When a generator that was late, starved or stopped makes a run no evidence. `docs/design/generator-health.md` says
//! what each rule is for.

use super::run_health::{GeneratorEvidence, Health};
use crate::measure::{Distribution, LoadResult, Quantile};
use crate::metric::{Catalog, ErrorClass, LoadPart};
use crate::units::{Unit, print};

/// Of the arrivals, this share may be dropped because of the generator, and always one.
const OWN_DROPS: f64 = 0.001;
/// Of the iterations, this share may start late, and always four.
const LATE_STARTS: f64 = 0.01;
const LATE_STARTS_ALLOWED: u64 = 4;
/// A start is late beyond this share of the median latency, and beyond the mean interval of arrivals,
const LATE_SHARE: f64 = 0.1;
/// where the share of the latency is at most this, in nanoseconds.
const LATE_AT_MOST: f64 = 100e6;
/// Chunks of audio are late beyond this, in nanoseconds.
const CHUNK_LATE: u64 = 10_000_000;
/// Steal and throttling may take this share of the time.
const TAKEN_AWAY: f64 = 0.05;
/// Gaps of the heartbeat may cover this share of the time, or touch this share of the iterations.
const GAPS: f64 = 0.01;
/// Users of closed loads may wait for the generator for this share of their time, think time included,
const WAITING: f64 = 0.05;
/// and always for this long on average, in seconds: reading one reply takes its time in any client.
const WAITING_ALLOWED_S: f64 = 100e-6;
/// as for this long in all, in seconds: one turn of another process is an accident.
const WAITING_ONCE_S: f64 = 20e-3;
/// Of the iterations, this share may fail for want of the generator's own files, ports or memory.
const OWN_LIMITS: f64 = 0.001;
/// So many iterations that were turned away, and half of all, are worth a word.
const HURRIED: u64 = 100;

/// The rules about one load.
pub(super) fn judge_load(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    judge_lag(catalog, load, health);
    judge_send_lag(catalog, load, health);
    judge_drops(catalog, load, health);
    judge_waiting(catalog, load, health);
    judge_own_limits(catalog, load, health);
    note_hurry(catalog, load, health);
}

/// The rules about the machine and the process as a whole.
pub(super) fn judge_machine(loads: &[LoadResult], known: &GeneratorEvidence, health: &mut Health) {
    let machine = known.machine;
    let taken = machine.stolen.unwrap_or(0.0) + machine.throttled.unwrap_or(0.0);
    if taken > TAKEN_AWAY
        && let Some(cause) = machine.cause()
    {
        health
            .invalid
            .push(format!("the generator was held up: {cause}"));
    }
    let gaps = known.workers.gaps.as_secs_f64();
    let all: u64 = loads.iter().map(|load| started(load).max(1)).sum();
    let covers = gaps > GAPS * known.wall_s;
    let touches = known.workers.touched as f64 > GAPS * all as f64;
    if gaps > 0.0 && (covers || touches) {
        let longest = known.workers.longest_gap.as_secs_f64();
        health.invalid.push(format!(
            "the generator did not run for {} at a time ({} of {} in all): it was stopped or suspended, or got no processor{}",
            print(longest, Unit::Seconds),
            print(gaps, Unit::Seconds),
            print(known.wall_s, Unit::Seconds),
            because(health)
        ));
    }
}

/// `; CAUSE` where the machine says one.
fn because(health: &Health) -> String {
    let cause = health.machine.cause();
    cause.map_or(String::new(), |cause| format!("; {cause}"))
}

fn started(load: &LoadResult) -> u64 {
    load.stats
        .parts
        .iter()
        .map(|part| part.counts.started)
        .sum()
}

fn distribution<'a>(
    catalog: &Catalog,
    load: &'a LoadResult,
    name: &str,
) -> Option<&'a Distribution> {
    let metric = catalog.find(load.stats.load(), None, name)?;
    load.stats.distribution(metric)
}

/// The mean time between two arrivals of the measured part, in nanoseconds.
fn mean_interval(load: &LoadResult) -> f64 {
    let planned = load.stats.parts[LoadPart::Measured.index()].counts.planned;
    let window = match load.stats.span {
        Some((first, last)) => last.since(first).as_nanos() as f64,
        None => 0.0,
    };
    if planned > 0 {
        window / planned as f64
    } else {
        0.0
    }
}

fn judge_lag(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    // A closed load starts its iterations when it can: it has no lag, and none is reported.
    let lag = distribution(catalog, load, "lag").filter(|lag| lag.max() > Some(0));
    let Some(lag) = lag else {
        return;
    };
    if let Some(Quantile::Exactly(p99)) = lag.quantile(0.99, false) {
        health.lag_p99_s = Some(health.lag_p99_s.unwrap_or(0.0).max(p99 as f64 / 1e9));
    }
    let median = distribution(catalog, load, "latency")
        .and_then(|latency| latency.quantile(0.5, false))
        .map_or(0.0, |median| match median {
            Quantile::Exactly(nanos) | Quantile::Beyond(nanos) => nanos as f64,
        });
    let limit = mean_interval(load).max((LATE_SHARE * median).min(LATE_AT_MOST));
    let late = lag.above(limit as u64);
    if late <= LATE_STARTS_ALLOWED || late as f64 <= LATE_STARTS * lag.count() as f64 {
        return;
    }
    health.invalid.push(format!(
        "{late} of {} iterations of `{}` started more than {} late{}",
        lag.count(),
        catalog.load(load.stats.load()).name,
        print(limit / 1e9, Unit::Seconds),
        because_or_overloaded(health)
    ));
}

fn because_or_overloaded(health: &Health) -> String {
    let cause = health.machine.cause();
    cause.map_or_else(
        || {
            ": the load is more than the generator can do: lower the rate or use more `--threads`"
                .to_owned()
        },
        |cause| format!(": {cause}"),
    )
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
        if lag > CHUNK_LATE {
            health.invalid.push(format!(
                "audio of `{}.{}` was sent late: lag p99 {} where {} is allowed{}",
                entry.name,
                catalog.step(*step).name,
                print(lag as f64 / 1e9, Unit::Seconds),
                print(CHUNK_LATE as f64 / 1e9, Unit::Seconds),
                because_or_overloaded(health)
            ));
        }
    }
}

fn judge_drops(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    let dropped = load.dropped_by_generator;
    let planned = load.stats.parts[LoadPart::Measured.index()].counts.planned;
    if dropped < 2 || dropped as f64 <= OWN_DROPS * planned as f64 {
        return;
    }
    health.invalid.push(format!(
        "{dropped} of {planned} arrivals of `{}` were dropped because the generator itself was late{}",
        catalog.load(load.stats.load()).name,
        because_or_overloaded(health)
    ));
}

/// Users of a closed load that wait for the generator describe the generator.
fn judge_waiting(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    let (waited, taken) = (load.waited_for_generator, load.taken);
    let mean = waited.as_secs_f64() / started(load).max(1) as f64;
    let all = (taken + load.thought).as_secs_f64();
    let share = waited.as_secs_f64() / all.max(f64::MIN_POSITIVE);
    let little = mean <= WAITING_ALLOWED_S || waited.as_secs_f64() <= WAITING_ONCE_S;
    if little || share <= WAITING {
        return;
    }
    health.invalid.push(format!(
        "users of `{}` waited for the generator in {} of their time{}",
        catalog.load(load.stats.load()).name,
        print(share.min(1.0), Unit::Ratio),
        because_or_overloaded(health)
    ));
}

/// Iterations that failed for want of the generator's own files, ports or memory.
fn judge_own_limits(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    let failed = load.stats.classes[ErrorClass::Generator as usize];
    if failed == 0 {
        return;
    }
    let measured = load.stats.parts[LoadPart::Measured.index()].counts.started;
    let name = &catalog.load(load.stats.load()).name;
    let said = format!(
        "{failed} of {measured} iterations of `{name}` found no file handle, port or memory on this machine: raise the limits of the generator (`ulimit -n`), or use fewer users"
    );
    if failed as f64 > OWN_LIMITS * measured as f64 {
        health.invalid.push(said);
    } else {
        health.notes.push(format!(
            "{said}; they are not counted as errors of the target"
        ));
    }
}

/// Users that knock without a pause are no users: what they find out says how fast a refusal is.
fn note_hurry(catalog: &Catalog, load: &LoadResult, health: &mut Health) {
    let hurried = load.stats.immediate_retries;
    let started = started(load);
    if hurried < HURRIED || hurried * 2 < started {
        return;
    }
    health.notes.push(format!(
        "{hurried} of {started} iterations of `{}` were turned away (refused, an error of the target, or no connection) and the next followed at once: with `backoff = \"1s\"` in the load a virtual user waits before it tries again",
        catalog.load(load.stats.load()).name
    ));
}
