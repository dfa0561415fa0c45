//! The iterations of a session made by hand, one by one: its seconds and its histograms are made of the same ones as its statistics.

use std::collections::BTreeMap;

use perfgate::measure::Counts;
use perfgate::summary::{Series, Summary};

/// One iteration of the load `transcribe`.
pub struct Iteration {
    pub due_s: f64,
    pub end_s: f64,
    /// `ok`, or what went wrong.
    pub kind: &'static str,
    pub measured: bool,
}

impl Iteration {
    pub fn latency_s(&self) -> f64 {
        self.end_s - self.due_s
    }
}

/// Ways to end badly: the class, when the first of them is due as a share of the load, and how long they take.
const BAD: [(&str, f64, f64); 3] = [
    ("timeout", 0.27, 30.0),
    ("status", 0.52, 0.25),
    ("rejected", 0.6, 0.1),
];

/// All of a run in the order in which they are due: as many of each outcome as its counts say, and of those that ended well the very
/// latencies that its statistics are of, the slower ones where a wave of load is high.
pub fn iterations(summary: &Summary, run: usize) -> Vec<Iteration> {
    let Some(own) = summary.runs.get(run) else {
        return Vec::new();
    };
    let load = &own.loads[0];
    let of_part = |part: &str| load.counts.get(part).copied().unwrap_or_default();
    let (warm, counts, (from, until)) = (of_part("warm_up"), of_part("measured"), load.window_s);
    let mut all: Vec<Iteration> = (0..warm.started)
        .map(|n| {
            let due_s = from * n as f64 / warm.started as f64;
            let latency = load.warm_up_mean_s.unwrap_or(1.0) * (0.85 + 0.3 * noise(n));
            Iteration {
                due_s,
                end_s: due_s + latency,
                kind: "ok",
                measured: false,
            }
        })
        .collect();
    let due = |n: u64| from + (until - from) * n as f64 / counts.planned.max(1) as f64;
    let bad = bad(&counts);
    let good: Vec<u64> = (0..counts.started)
        .filter(|n| !bad.contains_key(n))
        .collect();
    let mut by_pace = good.clone();
    let pace = |n: u64| (due(n) / 9.0).sin() + 1.5 * noise(n);
    by_pace.sort_by(|a, b| pace(*a).total_cmp(&pace(*b)));
    let value = |stat: &str| {
        summary
            .metrics
            .get(&format!("transcribe.latency.{stat}"))?
            .runs
            .get(run)?
            .value
    };
    let (low, high) = (value("min").unwrap_or(0.0), value("max").unwrap_or(0.0));
    let step = (high - low) / (good.len().max(2) - 1) as f64;
    let latencies: BTreeMap<u64, f64> = by_pace
        .into_iter()
        .enumerate()
        .map(|(rank, n)| (n, low + step * rank as f64))
        .collect();
    all.extend((0..counts.started).map(|n| {
        let due_s = due(n);
        let (kind, end_s) = match bad.get(&n) {
            Some((kind, Some(takes))) => (*kind, due_s + takes),
            // Cut off with the session.
            Some((kind, None)) => (*kind, own.wall_s),
            None => ("ok", due_s + latencies.get(&n).copied().unwrap_or_default()),
        };
        Iteration {
            due_s,
            end_s,
            kind,
            measured: true,
        }
    }));
    all
}

/// Which of the started ones end badly, in what way and after which time.
fn bad(counts: &Counts) -> BTreeMap<u64, (&'static str, Option<f64>)> {
    let mut bad = BTreeMap::new();
    for ((kind, share, takes), count) in
        BAD.into_iter()
            .zip([counts.timed_out, counts.failed, counts.rejected])
    {
        let first = (share * counts.started as f64) as u64;
        bad.extend(
            (0..count).map(|k| ((first + 3 * k).min(counts.started - 1), (kind, Some(takes)))),
        );
    }
    bad.extend((0..counts.interrupted).map(|k| (counts.started - 1 - k, ("aborted", None))));
    bad
}

/// The seconds of a run.
pub fn seconds(summary: &Summary, run: usize) -> Series {
    let all = iterations(summary, run);
    let last = all.iter().map(|one| one.end_s as u64).max();
    let mut series = Series::default();
    for second in 0..last.map_or(0, |last| last + 1) {
        let ended = |one: &&Iteration| one.end_s as u64 == second;
        let mut latencies: Vec<f64> = all
            .iter()
            .filter(ended)
            .filter(|one| one.kind == "ok")
            .map(Iteration::latency_s)
            .collect();
        latencies.sort_by(f64::total_cmp);
        let rank = |share: f64| {
            let at = ((share * latencies.len() as f64).ceil() as usize).max(1) - 1;
            latencies
                .get(at)
                .map(|latency| (latency * 1e6).round() / 1e6)
        };
        let due = all.iter().filter(|one| one.due_s as u64 == second).count() as u64;
        let not_ok: Vec<&Iteration> = all
            .iter()
            .filter(ended)
            .filter(|one| one.kind != "ok")
            .collect();
        for one in &not_ok {
            let column = series.errors.entry(one.kind.to_owned()).or_default();
            column.resize(second as usize + 1, 0);
            column[second as usize] += 1;
        }
        series.second.push(second);
        series.planned.push(due);
        series.started.push(due);
        series.dropped.push(0);
        series.ok.push(latencies.len() as u64);
        series.not_ok.push(not_ok.len() as u64);
        series.p50_s.push(rank(0.5));
        series.p95_s.push(rank(0.95));
        series.p99_s.push(rank(0.99));
    }
    let count = series.second.len();
    series
        .errors
        .values_mut()
        .for_each(|column| column.resize(count, 0));
    series
}

/// Makes the seconds of the first run anew, after its counts, its window or its times have changed.
pub fn replay(summary: &mut Summary) {
    summary.runs[0].loads[0].series = seconds(summary, 0);
}

/// The same number between 0 and 1 for the same `n`, without an order.
fn noise(n: u64) -> f64 {
    (n.wrapping_mul(7_919).wrapping_add(104_729) % 1_009) as f64 / 1_009.0
}
