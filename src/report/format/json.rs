//! A session as one flat JSON document, for scripts that want a number and nothing else.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::gate::Verdict;
use crate::measure::Counts;
use crate::metric::Address;
use crate::report::text::{RunPick, over, pick};
use crate::report::view::SweepView;
use crate::summary::{
    ClientLine, Conversations, FoundPoint, LoadDescription, MetricValue, Run, Summary,
};
use crate::units::Unit;

/// The kind and version of the document.
const SCHEMA: &str = "perfgate.report/1";

/// So many of the worst conversations are there.
const WORST: usize = 20;

/// The session: `summary`, `latency` by quantity, `errors`, `conversations` and `config`. Times are seconds, rates shares of one; what was not
/// measured is `null`. `docs/reference/report-json.md` has every key.
#[must_use]
pub fn json(summary: &Summary, verdict: &Verdict, conversations: Option<&Conversations>) -> Value {
    json!({
        "schema": SCHEMA,
        "plan": summary.plan.name,
        "session": summary.session,
        "started": summary.started,
        "verdict": { "word": verdict.verdict.word(), "exit_code": verdict.exit_code, "sentence": verdict.sentence },
        "summary": totals(summary),
        "latency": latencies(summary),
        "sweeps": sweeps(summary),
        "errors": errors(&summary.runs),
        "conversations": conversations.map(talks),
        "config": summary.plan.effective,
    })
}

/// Each sweep of each load: its points, and what they say together. `null` is what was not measured or not found.
fn sweeps(summary: &Summary) -> Value {
    let of = |view: SweepView| {
        let analysis = &view.analysis;
        let points = analysis.points.iter().enumerate();
        let points = points.map(|(at, point)| {
            json!({
                "point": point.point,
                "throughput": point.throughput,
                "mean": point.mean_s,
                "p95": point.p95_s,
                "rtfx": point.rtfx,
                "success_rate": point.success,
                "error_rate": point.errors,
                "accepted": point.decision.as_ref().map(|decision| decision.accepted),
                "expected": analysis.expected(at),
                "efficiency": analysis.efficiency(at),
            })
        });
        let found =
            FoundPoint::ALL.map(|found| (found.word().to_owned(), analysis.found(found).into()));
        let mut all = Map::from_iter(found);
        all.insert("load".to_owned(), view.load.clone().into());
        all.insert("points".to_owned(), points.collect());
        all.insert("sentences".to_owned(), view.sentences.clone().into());
        Value::Object(all)
    };
    SweepView::all(summary).into_iter().map(of).collect()
}

fn judged(summary: &Summary) -> impl Iterator<Item = &LoadDescription> {
    summary.loads.iter().filter(|load| !load.canary)
}

fn totals(summary: &Summary) -> Value {
    let mut all = Counts::default();
    let loads: Vec<String> = judged(summary).map(LoadDescription::address).collect();
    for load in summary
        .runs
        .iter()
        .flat_map(|run| &run.loads)
        .filter(|load| loads.contains(&load.address()))
    {
        if let Some(counts) = load.counts.get("measured") {
            all.merge(counts);
        }
    }
    let share = |part: u64| (all.started > 0).then(|| part as f64 / all.started as f64);
    let rate = |load: &String| value(summary, &format!("{load}.throughput")).value;
    // Loads that ran one after the other have no rate together.
    let rates: Option<f64> = loads.iter().map(rate).sum();
    json!({
        "success_rate": share(all.ok),
        "error_rate": share(all.failed + all.timed_out + all.interrupted),
        "rejection_rate": share(all.rejected),
        "total_requests": all.started,
        "successful_requests": all.ok,
        "failed_requests": all.failed + all.interrupted,
        "timeout_requests": all.timed_out,
        "rejected_requests": all.rejected,
        "requests_per_second": rates.filter(|_| !loads.is_empty() && summary.phases.is_empty()),
        "total_duration_seconds": summary.runs.iter().map(|run| run.wall_s).sum::<f64>(),
        "runs": summary.runs.len(),
    })
}

fn value(summary: &Summary, metric: &str) -> MetricValue {
    summary
        .metrics
        .get(metric)
        .map_or_else(MetricValue::default, |metric| {
            pick(metric, over(metric.runs.len()))
        })
}

/// Every quantity that is a time, by its address; where only one ends in a name, by that name too.
fn latencies(summary: &Summary) -> Value {
    let times = summary
        .metrics
        .iter()
        .filter(|(_, metric)| metric.unit == Unit::Seconds);
    let quantities: Vec<&Address> = times
        .map(|(address, _)| address)
        .filter(|address| address.stat() == Some("p95"))
        .collect();
    let mut named: BTreeMap<&str, Vec<&Address>> = BTreeMap::new();
    for address in &quantities {
        let name = address.last_word();
        named.entry(name).or_default().push(address);
    }
    let mut all = Map::new();
    // The whole of an iteration, unless the plan calls something else so.
    if let ([only], false) = (
        judged(summary).collect::<Vec<_>>().as_slice(),
        named.contains_key("e2e"),
    ) {
        let latency = only.owner().statistic("latency", "p95");
        all.insert("e2e".to_owned(), statistics(summary, &latency));
    }
    for (name, addresses) in named.iter().filter(|(_, addresses)| addresses.len() == 1) {
        all.insert((*name).to_owned(), statistics(summary, addresses[0]));
    }
    for address in quantities {
        let quantity = address.without_stat().to_owned();
        all.insert(quantity, statistics(summary, address));
    }
    Value::Object(all)
}

fn statistics(summary: &Summary, quantity: &Address) -> Value {
    let metric = |stat: &str| summary.metrics.get(&quantity.with_stat(stat));
    let number = |stat: &str, which: fn(usize) -> RunPick| {
        metric(stat).and_then(|own| pick(own, which(own.runs.len())).value)
    };
    let count: f64 =
        metric("count").map_or(0.0, |own| own.runs.iter().filter_map(|run| run.value).sum());
    let mut all = Map::new();
    all.insert("count".to_owned(), json!(count as u64));
    all.insert("min".to_owned(), json!(number("min", |_| RunPick::Lowest)));
    all.insert("max".to_owned(), json!(number("max", |_| RunPick::Highest)));
    for (name, stat) in [
        ("mean", "mean"),
        ("median", "p50"),
        ("p90", "p90"),
        ("p95", "p95"),
        ("p99", "p99"),
        ("stddev", "stddev"),
    ] {
        all.insert(name.to_owned(), json!(number(stat, over)));
    }
    let beyond: Vec<&str> = ["p50", "p90", "p95", "p99"]
        .into_iter()
        .filter(|stat| metric(stat).is_some_and(|own| pick(own, over(own.runs.len())).beyond))
        .collect();
    // The lowest and the highest run: how much of a difference means nothing.
    let between = |stat: &'static str| {
        let own = metric(stat).filter(|own| own.runs.len() > 1)?;
        Some((
            stat,
            json!([
                pick(own, RunPick::Lowest).value,
                pick(own, RunPick::Highest).value
            ]),
        ))
    };
    let between: BTreeMap<&str, Value> = ["mean", "p50", "p90", "p95", "p99"]
        .into_iter()
        .filter_map(between)
        .collect();
    if !between.is_empty() {
        all.insert("between_runs".to_owned(), json!(between));
    }
    // Worse than its number: the rank fell among what was given up.
    if !beyond.is_empty() {
        all.insert("beyond".to_owned(), json!(beyond));
    }
    Value::Object(all)
}

/// How conversations ended, and the worst of them.
fn talks(all: &Conversations) -> Value {
    let one = |line: &ClientLine| {
        json!({
            "run": line.run,
            "load": line.load,
            "client": line.client,
            "iteration": line.iteration,
            "split": line.split,
            "outcome": line.outcome,
            "error": line.error,
            "audio_file": line.audio_file,
            "delay_p95": line.delay_s.map(|delay| delay.p95),
            "tail": line.tail_s,
            "coverage": line.coverage,
            "wer": line.wer,
        })
    };
    let worst: Vec<Value> = all.worst.iter().take(WORST).map(one).collect();
    json!({ "count": all.count(), "outcomes": all.outcomes, "worst": worst })
}

/// Errors of all runs, most frequent first; those of one message are one.
fn errors(runs: &[Run]) -> Vec<Value> {
    let mut groups: Vec<(u64, &str, &str)> = Vec::new();
    for line in runs.iter().flat_map(|run| &run.errors) {
        match groups
            .iter_mut()
            .find(|(_, class, message)| (*class, *message) == (&line.class, &line.message))
        {
            Some(own) => own.0 += line.count,
            None => groups.push((line.count, &line.class, &line.message)),
        }
    }
    groups.sort_by_key(|(count, _, _)| std::cmp::Reverse(*count));
    groups
        .iter()
        .map(
            |(count, class, message)| json!({ "message": message, "count": count, "class": class }),
        )
        .collect()
}
