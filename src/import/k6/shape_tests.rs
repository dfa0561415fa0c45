//! Each shape of k6's summaries, and what is none.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::import;
use crate::metric::Better;
use crate::summary::{Summary, Told};
use crate::units::Unit;

fn export() -> Value {
    json!({
        "root_group": { "name": "", "path": "", "groups": {}, "checks": {} },
        "metrics": {
            "http_reqs": { "count": 400, "rate": 8.0 },
            "iterations": { "count": 100, "rate": 2.0, "thresholds": { "count>50": false } },
            "http_req_duration": {
                "avg": 250.0, "min": 100.0, "med": 240.0, "max": 900.0, "p(90)": 400.0, "p(95)": 500.0, "p(99.9)": 890.0,
                "p(75)": 300.0, "thresholds": { "p(95)<600": false, "avg<200": true, "p(99)<800": true }
            },
            "http_req_duration{name:login}": { "avg": 20.0, "p(95)": 30.0, "thresholds": { "p(95)<25": true } },
            "http_req_failed": { "value": 0.02, "passes": 8, "fails": 392, "thresholds": { "rate<0.05": false } },
            "transcription_latency_seconds": { "avg": 46.5, "p(95)": 88.4 },
            "queue_ms": { "avg": 30.0 },
            "words": { "avg": 12.0 },
            "empty_seconds": { "avg": 0, "min": 0, "med": 0, "max": 0, "p(90)": 0, "p(95)": 0 },
            "checks": { "value": 0.5, "passes": 1, "fails": 1 },
            "vus": { "value": 4, "min": 1, "max": 12 },
            "data_sent": { "count": 2000, "rate": 40.0 }
        }
    })
}

fn handled() -> Value {
    json!({
        "root_group": { "groups": [], "checks": [] }, "options": {},
        "state": { "testRunDurationMs": 50_000.0 },
        "metrics": {
            "http_reqs": { "type": "counter", "contains": "default", "values": { "count": 400, "rate": 8.0 } },
            "wait": {
                "type": "trend", "contains": "time", "values": { "avg": 250.0, "p(95)": 500.0 },
                "thresholds": { "p(95)<600": { "ok": true }, "avg<200": { "ok": false } }
            },
            "transcription_success_rate": {
                "type": "rate", "contains": "default", "values": { "rate": 0.97, "passes": 97, "fails": 3 }
            },
            "transcription_latency_seconds": { "type": "trend", "contains": "default", "values": { "avg": 58.125 } }
        }
    })
}

fn listed() -> Value {
    json!({
        "version": "1.0.0",
        "config": { "duration": 50.0, "execution": "local", "script": "const password = 'hunter2'" },
        "metadata": { "generatedAt": "2026-11-24T02:00:00Z", "k6Version": "2.2.0" },
        "results": {
            "metrics": [
                { "name": "http_reqs", "type": "counter", "contains": "default", "values": { "count": 400 } },
                { "name": "http_req_duration", "type": "trend", "contains": "time", "values": { "avg": 250.0, "med": 240.0 } },
                { "name": "http_req_failed", "type": "rate", "contains": "default",
                  "values": { "matches": 8, "total": 400, "rate": 0.02 } }
            ],
            "checks": { "metrics": [{ "name": "checks_total", "type": "counter", "contains": "default", "values": { "count": 2 } }] }
        }
    })
}

fn of(document: &Value) -> Summary {
    import(document, "perf/latest.json").expect("a summary of k6")
}

#[track_caller]
fn number(summary: &Summary, address: &str) -> (Option<f64>, Unit, Better, u64) {
    let known = || {
        panic!(
            "no {address} in {:?}",
            summary.metrics.keys().collect::<Vec<_>>()
        )
    };
    let metric = summary.metrics.get(address).unwrap_or_else(known);
    (
        metric.runs[0].value,
        metric.unit,
        metric.better,
        metric.runs[0].samples,
    )
}

#[test]
fn an_export_is_read_in_base_units() {
    use Better::{Higher, Lower, Neither};
    let summary = of(&export());
    for (address, value, unit, better, samples) in [
        ("http_req_duration.mean", 0.25, Unit::Seconds, Lower, 400),
        ("http_req_duration.p50", 0.24, Unit::Seconds, Lower, 400),
        ("http_req_duration.p75", 0.3, Unit::Seconds, Lower, 400),
        ("http_req_duration.p99_9", 0.89, Unit::Seconds, Lower, 400),
        (
            "http_req_duration{name:login}.p95",
            0.03,
            Unit::Seconds,
            Lower,
            400,
        ),
        (
            "transcription_latency_seconds.p95",
            88.4,
            Unit::Seconds,
            Lower,
            100,
        ),
        ("queue_ms.mean", 0.03, Unit::Seconds, Lower, 100),
        ("words.mean", 12.0, Unit::Factor, Neither, 100),
        ("http_req_failed.rate", 0.02, Unit::Ratio, Lower, 400),
        ("checks.rate", 0.5, Unit::Ratio, Higher, 2),
        ("http_reqs", 400.0, Unit::Count, Neither, 400),
        ("http_reqs.rate", 8.0, Unit::PerSecond, Higher, 400),
        ("vus", 4.0, Unit::Count, Neither, 0),
        ("vus.max", 12.0, Unit::Count, Neither, 0),
        ("data_sent", 2000.0, Unit::Bytes, Neither, 2000),
        ("dropped_iterations", 0.0, Unit::Count, Lower, 0),
    ] {
        assert_eq!(
            number(&summary, address),
            (Some(value), unit, better, samples),
            "{address}"
        );
    }
    assert_eq!(
        number(&summary, "empty_seconds.p95"),
        (None, Unit::Seconds, Lower, 0),
        "zeros are no samples"
    );
    assert!(
        summary.warnings[0].starts_with("`words` has no unit"),
        "{:?}",
        summary.warnings
    );
    let origin = summary.origin.unwrap();
    assert_eq!((origin.wall_s, origin.measured), (Some(50.0), true));
    assert!(origin.notes[0].contains("interpolates"));
    assert_eq!(
        (summary.plan.name.as_str(), summary.session.as_str()),
        ("k6", "perf/latest.json")
    );
}

#[test]
fn an_export_says_true_of_what_was_crossed_and_the_others_of_what_is_ok() {
    let told = |document: &Value| -> Vec<(String, String, Option<Told>)> {
        of(document)
            .thresholds
            .into_iter()
            .map(|line| (line.metric.into(), line.bound, line.told))
            .collect()
    };
    let line = |metric: &str, bound: &str, told| (metric.to_owned(), bound.to_owned(), Some(told));
    assert_eq!(
        told(&export()),
        [
            line("iterations", "> 50", Told::Held),
            line("http_req_duration.p95", "< 600ms", Told::Held),
            line("http_req_duration.mean", "< 200ms", Told::Crossed),
            line("http_req_duration.p99", "< 800ms", Told::Crossed),
            line("http_req_duration{name:login}.p95", "< 25ms", Told::Crossed),
            line("http_req_failed.rate", "< 5%", Told::Held),
        ]
    );
    assert_eq!(
        told(&handled()),
        [
            line("wait.p95", "< 600ms", Told::Held),
            line("wait.mean", "< 200ms", Told::Crossed)
        ]
    );
}

#[test]
fn the_other_shapes_say_their_units() {
    let summary = of(&handled());
    assert_eq!(number(&summary, "wait.mean").0, Some(0.25));
    assert_eq!(
        number(&summary, "transcription_success_rate.rate"),
        (Some(0.97), Unit::Ratio, Better::Higher, 100)
    );
    assert_eq!(
        number(&summary, "transcription_latency_seconds.mean").0,
        Some(58.125)
    );
    assert_eq!(summary.origin.unwrap().wall_s, Some(50.0));
    assert_eq!(summary.warnings, Vec::<String>::new());
    let summary = of(&listed());
    assert_eq!(
        number(&summary, "http_req_duration.p50"),
        (Some(0.24), Unit::Seconds, Better::Lower, 400)
    );
    assert_eq!(
        number(&summary, "http_req_failed.rate"),
        (Some(0.02), Unit::Ratio, Better::Lower, 400)
    );
    assert_eq!(number(&summary, "checks_total").0, Some(2.0));
    assert_eq!(summary.started, "2026-11-24T02:00:00Z");
    assert!(
        !serde_json::to_string(&summary).unwrap().contains("hunter2"),
        "the script is nobody's business"
    );
}

#[test]
fn what_has_no_samples_is_no_evidence() {
    let idle = json!({ "root_group": {}, "metrics": {
        "iterations": { "count": 0, "rate": 0 }, "dropped_iterations": { "count": 9, "rate": 1.0 },
        "vus": { "value": 4, "min": 4, "max": 4 }, "wait": { "avg": 0, "p(95)": 0, "thresholds": { "avg<5": false } },
        "checks": { "value": 0, "passes": 0, "fails": 0 }
    } });
    let summary = of(&idle);
    assert!(!summary.origin.as_ref().unwrap().measured);
    assert_eq!(number(&summary, "checks.rate").0, None);
    assert_eq!(
        summary.thresholds[0].told, None,
        "k6 calls it good because it has no sample"
    );
    let odd = json!({ "metrics": { "ok": { "value": 0.97, "passes": 1, "fails": 1 } } });
    let summary = of(&odd);
    assert_eq!(
        number(&summary, "ok.rate"),
        (Some(0.97), Unit::Ratio, Better::Neither, 0)
    );
    assert!(
        summary.warnings[0].contains("do not make its rate"),
        "{:?}",
        summary.warnings
    );
}

#[test]
fn what_is_no_summary_of_k6_is_none() {
    for document in [
        json!(null),
        json!([]),
        json!("metrics"),
        json!({}),
        json!({ "metrics": {} }),
        json!({ "metrics": { "http_req_duration_ms_avg": 1850 }, "tolerances": { "http_req_duration_ms_avg": 1.2 } }),
        json!({ "metrics": [{ "avg": 1 }] }),
        json!({ "results": { "metrics": {} } }),
    ] {
        assert!(import(&document, "x").is_none(), "{document}");
    }
}

#[test]
fn what_is_no_number_is_no_data() {
    for value in [
        json!(null),
        json!("250"),
        json!([1]),
        json!({}),
        json!(true),
    ] {
        let document = json!({ "root_group": {}, "metrics": {
            "http_req_duration": { "avg": value, "p(95)": value, "thresholds": { "avg<5": value } },
            "http_reqs": { "count": value, "rate": value }, "http_req_failed": { "value": value, "passes": value, "fails": value },
            "vus": value, "group_duration": {}, "": { "thresholds": value }
        } });
        let summary = of(&document);
        let known = summary
            .metrics
            .values()
            .flat_map(|metric| &metric.runs)
            .filter(|run| run.value.is_some())
            .count();
        assert_eq!(known, 0, "{value}");
        assert!(!summary.origin.unwrap().measured);
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop_oneof![
            Just("time"),
            Just("trend"),
            Just("rate"),
            Just("any"),
            Just("counter")
        ]
        .prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("avg"),
        Just("p(95)"),
        Just("p(1e-300)"),
        Just("count"),
        Just("rate"),
        Just("value"),
        Just("values"),
        Just("passes"),
        Just("fails"),
        Just("thresholds"),
        Just("p(95)<500"),
        Just("rate<1e308"),
        Just("!="),
        Just("<"),
        Just("type"),
        Just("contains"),
        Just("ok"),
        Just("http_reqs"),
        Just("a{b:c.d}"),
        Just("größe"),
        Just("name")
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|all| all
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_in_a_file_makes_it_panic(metrics in anything(), list in anything()) {
        for document in [
            json!({ "root_group": {}, "metrics": metrics }),
            json!({ "metrics": { "a": metrics, "b": { "values": list } }, "state": { "testRunDurationMs": list } }),
            json!({ "results": { "metrics": [metrics, { "name": "a", "values": list }], "checks": list } }),
            list.clone(),
        ] {
            let Some(summary) = import(&document, "x") else { continue };
            let numbers = summary.metrics.values().flat_map(|metric| &metric.runs).filter_map(|run| run.value);
            prop_assert!(numbers.into_iter().all(f64::is_finite));
        }
    }
}
