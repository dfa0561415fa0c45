//! Results that load clients for streaming recognisers write (`run_<N>_clients_<time>.json`), as sessions: those of hand-written clients,
//! and perfgate's own in that form.

use serde_json::{Value, json};

use crate::metric::{Address, Better, Owner};
use crate::summary::{ForeignTool, LoadDescription, Metric, MetricValue, Spread, Summary};
use crate::units::Unit;

/// The name that all sessions of a foreign client have for a plan, so that they stand side by side.
const PLAN: &str = "load_test_client";
/// What the one load and its step are called.
const LOAD: &str = "live";
const STEP: &str = "talk";

/// How the numbers of a hand-written client are made, where they mean something else here.
const NOTES: [&str; 2] = [
    "`latency` is the processing time of each client, with the wait at its end",
    "`since_start` counts every message from the start of the stream: it grows with the audio",
];

/// The session that the results of clients are; `None` where the document is nothing of the kind. `name` is the file as it was named.
pub(crate) fn client_file(document: &Value, name: &str) -> Option<Summary> {
    let config = document.get("test_config")?;
    let results = document.get("client_results")?.as_array()?;
    let clients = config.get("num_clients")?.as_u64()?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let own = config.get("plan").and_then(Value::as_str);
    let mut summary = Summary {
        session: text(document.get("test_id")),
        started: text(document.get("timestamp")),
        ..Summary::empty(own.unwrap_or(PLAN))
    };
    summary.plan.file = name.to_owned();
    summary.plan.description = format!("{name}, results of {clients} clients");
    summary.plan.effective = json!({ "vars": { "clients": clients }, "target": { "url": config.get("server_url").cloned() } });
    summary.loads = vec![load(clients)];
    // Only what was measured: clients of a ramp are in the file too.
    let measured: Vec<&Value> = results
        .iter()
        .filter(|one| one.get("part").is_none_or(|part| part == "measured"))
        .collect();
    summary.add_metrics(
        0,
        metrics(
            &measured,
            document.get("summary").unwrap_or(&Value::Null),
            own.is_some(),
        ),
    );
    let good = |one: &&&Value| one.get("success").and_then(Value::as_bool) == Some(true);
    let failed = measured.len() - measured.iter().filter(good).count();
    if failed > 0 {
        // The file has no bounds: without this word a pass would be silent about it.
        summary.warnings.push(format!(
            "{failed} of {} clients failed, and nothing in the file says how many may",
            measured.len()
        ));
    }
    let wall = document
        .pointer("/summary/total_duration")
        .and_then(Value::as_f64);
    summary.origin = Some(ForeignTool {
        tool: own.map_or(PLAN, |_| "perfgate").to_owned(),
        wall_s: wall,
        measured: !measured.is_empty(),
        notes: NOTES
            .iter()
            .filter(|_| own.is_none())
            .map(|note| (*note).to_owned())
            .collect(),
    });
    Some(summary)
}

fn load(clients: u64) -> LoadDescription {
    LoadDescription {
        phase: None,
        name: LOAD.to_owned(),
        executor: "constant-vus".to_owned(),
        plan: format!("{clients} clients"),
        open: false,
        users: Some(clients),
        canary: false,
        split: None,
    }
}

fn metrics(results: &[&Value], totals: &Value, own: bool) -> Vec<(Address, Metric)> {
    let is_good = |one: &&&Value| one.get("success").and_then(Value::as_bool) == Some(true);
    let good: Vec<&&Value> = results.iter().filter(is_good).collect();
    let (all, samples) = (results.len() as f64, results.len() as u64);
    let share = |count: usize| (all > 0.0).then(|| count as f64 / all);
    let number = |value: Option<f64>, unit: Unit, better: Better, samples: u64| Metric {
        unit,
        better,
        runs: vec![MetricValue {
            value,
            samples,
            ..MetricValue::default()
        }],
    };
    let load = Owner::load(None, LOAD);
    let step = load.step(STEP);
    let mut found = vec![
        (
            load.metric("success_rate"),
            number(share(good.len()), Unit::Ratio, Better::Higher, samples),
        ),
        (
            load.metric("error_rate"),
            number(
                share(results.len() - good.len()),
                Unit::Ratio,
                Better::Lower,
                samples,
            ),
        ),
    ];
    let seconds = |owner: &Owner, name: &str, values: Vec<f64>| -> Vec<(Address, Metric)> {
        let samples = values.len() as u64;
        let Some(spread) = Spread::of(values) else {
            return Vec::new();
        };
        let numbers = [
            ("mean", spread.mean),
            ("p50", spread.median),
            ("p95", spread.p95),
            ("max", spread.max),
        ];
        let metric = |(stat, value): (&str, f64)| {
            (
                owner.statistic(name, stat),
                number(Some(value), Unit::Seconds, Better::Lower, samples),
            )
        };
        numbers.into_iter().map(metric).collect()
    };
    let of = |key: &str| {
        good.iter()
            .filter_map(|one| one.get(key)?.as_f64())
            .collect::<Vec<_>>()
    };
    found.extend(seconds(&load, "latency", of("processing_time")));
    found.extend(seconds(&step, "connected", of("connection_time")));
    let wer = of("wer");
    if !wer.is_empty() {
        let mean = wer.iter().sum::<f64>() / wer.len() as f64;
        found.push((
            load.metric("wer"),
            number(Some(mean), Unit::Ratio, Better::Lower, wer.len() as u64),
        ));
    }
    let delay = if own { "delay" } else { "since_start" };
    for (theirs, ours) in [
        ("mean", "mean"),
        ("median", "p50"),
        ("p95", "p95"),
        ("max", "max"),
    ] {
        if let Some(value) = totals
            .get("latency")
            .and_then(|latency| latency.get(theirs))
            .and_then(Value::as_f64)
        {
            let metric = number(Some(value), Unit::Seconds, Better::Lower, samples);
            found.push((step.statistic(delay, ours), metric));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(success: bool, took: f64) -> Value {
        json!({ "client_id": 1, "success": success, "processing_time": took, "connection_time": 0.02, "message_count": 9,
                "latency_stats": { "mean": 2.0 }, "error": null })
    }

    #[test]
    fn results_of_clients_are_a_session() {
        let document = json!({
            "test_id": "9c1", "timestamp": "2026-11-24T17:48:20", "test_config": { "num_clients": 3, "server_url": "ws://lb:80" },
            "client_results": [client(true, 4.0), client(true, 6.0), client(false, 0.1)],
            "summary": { "total_duration": 7.5, "latency": { "min": 0.5, "max": 5.5, "mean": 2.5, "median": 2.0, "p95": 5.0 } }
        });
        let summary = client_file(&document, "results/run_3.json").expect("a session");
        assert_eq!(
            (summary.plan.name.as_str(), summary.loads[0].users),
            (PLAN, Some(3))
        );
        let value = |name: &str| summary.metrics[name].runs[0].value;
        assert_eq!(
            value("live.success_rate").map(|share| (share * 3.0).round()),
            Some(2.0)
        );
        assert_eq!(
            (value("live.latency.mean"), value("live.latency.max")),
            (Some(5.0), Some(6.0)),
            "of good ones"
        );
        assert_eq!(value("live.talk.since_start.p95"), Some(5.0));
        assert!(
            !summary.metrics.contains_key("live.wer"),
            "nothing was held against a reference"
        );
        let origin = summary.origin.expect("it is another tool's");
        assert_eq!((origin.wall_s, origin.notes.len()), (Some(7.5), 2));
    }

    #[test]
    fn other_documents_are_none() {
        for document in [
            json!({}),
            json!({ "client_results": [] }),
            json!({ "test_config": {}, "client_results": 1 }),
        ] {
            assert!(client_file(&document, "x.json").is_none(), "{document}");
        }
    }
}
