//! Summaries of k6, judged by their own thresholds and by a baseline of fixed bounds.

use std::fs;

use serde_json::{Value, json};

use crate::support::perfgate::{Done, Perfgate};

/// What the nightly scenario measured, as `--summary-export` writes it.
fn night() -> Value {
    json!({
        "root_group": { "name": "", "path": "", "id": "0", "groups": {}, "checks": {} },
        "metrics": {
            "http_reqs": { "count": 1100, "rate": 9.1666666 },
            "iterations": { "count": 360, "rate": 3.0 },
            "iteration_duration": { "avg": 47_000.0, "min": 9_000.0, "med": 45_000.0, "max": 99_000.0, "p(90)": 80_000.0, "p(95)": 89_000.0 },
            "http_req_duration": { "avg": 1850.0, "min": 12.0, "med": 1500.0, "max": 5400.0, "p(90)": 3900.0, "p(95)": 4200.0 },
            "http_req_waiting": { "avg": 1840.0, "min": 11.0, "med": 1490.0, "max": 5390.0, "p(90)": 3890.0, "p(95)": 4190.0 },
            "http_req_failed": { "value": 0.01, "passes": 11, "fails": 1089 },
            "transcription_latency_seconds": { "avg": 46.5, "min": 8.0, "med": 44.0, "max": 98.0, "p(90)": 79.0, "p(95)": 88.4 },
            "transcription_success_rate": { "value": 0.98, "passes": 980, "fails": 20 },
            "vus": { "value": 3, "min": 1, "max": 12 }
        }
    })
}

/// The same as a script writes it that has `handleSummary`.
fn handled() -> Value {
    let mut metrics = json!({});
    for (name, values) in night()["metrics"].as_object().unwrap() {
        let mut values = values.clone();
        let kind = match values.get("passes") {
            Some(_) => "rate",
            None if values.get("count").is_some() => "counter",
            None if values.get("value").is_some() => "gauge",
            None => "trend",
        };
        if kind == "rate" {
            values["rate"] = values.as_object_mut().unwrap().remove("value").unwrap();
        }
        let time = name.starts_with("http_req_d")
            || name.ends_with("_waiting")
            || name.starts_with("iteration_d");
        metrics[name] = json!({ "type": kind, "contains": if time { "time" } else { "default" }, "values": values });
    }
    json!({ "root_group": {}, "metrics": metrics, "state": { "testRunDurationMs": 120_000 } })
}

/// The same as k6's newest format has it.
fn listed() -> Value {
    let metric = |(name, metric): (&String, &Value)| {
        let mut metric = metric.clone();
        metric["name"] = json!(name);
        metric
    };
    let metrics: Vec<Value> = handled()["metrics"]
        .as_object()
        .unwrap()
        .iter()
        .map(metric)
        .collect();
    json!({
        "version": "1.0.0", "config": { "duration": 120, "execution": "local", "script": "hunter2" },
        "metadata": { "generatedAt": "2026-11-24T02:00:00Z", "k6Version": "2.2.0" },
        "results": { "metrics": metrics }
    })
}

fn baseline() -> Value {
    json!({
        "description": "nightly", "environment": { "model": "tiny" },
        "metrics": {
            "http_req_duration_ms_avg": 1850, "http_req_duration_ms_p95": 4200, "transcription_latency_seconds_avg": 46.5,
            "transcription_latency_seconds_p95": 88.4, "transcription_success_rate": 0.98
        },
        "tolerances": {
            "http_req_duration_ms_avg": 1.2, "http_req_duration_ms_p95": 1.2, "transcription_latency_seconds_avg": 1.25,
            "transcription_latency_seconds_p95": 1.25, "transcription_success_rate": 0.97
        }
    })
}

fn check(scene: &Perfgate, document: &Value, more: &str) -> Done {
    fs::write(scene.at("k6.json"), document.to_string()).unwrap();
    scene.run(&format!("check k6.json {more}"))
}

/// An export with one value changed; `/` leads to it.
fn with(path: &str, value: Value) -> Value {
    let mut document = night();
    let (front, last) = path.rsplit_once('/').unwrap();
    document["metrics"].pointer_mut(front).unwrap()[last] = value;
    document
}

fn nights() -> Perfgate {
    Perfgate::new().file("baseline.json", &baseline().to_string())
}

#[test]
fn the_baseline_of_the_guide_judges_every_shape() {
    let scene = nights();
    for document in [night(), handled(), listed()] {
        let done = check(&scene, &document, "--baseline baseline.json");
        done.exits(0)
            .says("5 metrics are within their tolerances")
            .says("http_req_duration.p95")
            .says("46.5 s");
        done.never_says("hunter2")
            .never_says("generator healthy")
            .never_says("0 iterations")
            .never_says("panicked");
    }
}

#[test]
fn a_value_at_its_bound_passes_and_one_beyond_it_fails() {
    let scene = nights();
    let rate = |value: f64, passes: u64| {
        let mut document = with("/transcription_success_rate/value", json!(value));
        document["metrics"]["transcription_success_rate"]["passes"] = json!(passes);
        document["metrics"]["transcription_success_rate"]["fails"] = json!(1000 - passes);
        document
    };
    for (document, code, said) in [
        (with("/http_req_duration/avg", json!(2220)), 0, "PASS"),
        (
            with("/http_req_duration/avg", json!(2220.01)),
            1,
            "metrics regressed; `http_req_duration.mean`: ",
        ),
        (with("/http_req_duration/p(95)", json!(5040)), 0, "PASS"),
        (
            with("/http_req_duration/p(95)", json!(5040.01)),
            1,
            "metrics regressed; `http_req_duration.p95`: ",
        ),
        (
            with("/transcription_latency_seconds/avg", json!(58.125)),
            0,
            "PASS",
        ),
        (
            with("/transcription_latency_seconds/avg", json!(58.126)),
            1,
            "metrics regressed; `transcription_latency_seconds.mean`: ",
        ),
        (
            with("/transcription_latency_seconds/p(95)", json!(110.5)),
            0,
            "PASS",
        ),
        (
            with("/transcription_latency_seconds/p(95)", json!(110.51)),
            1,
            "metrics regressed; `transcription_latency_seconds.p95`: ",
        ),
        (rate(0.97, 970), 0, "PASS"),
        (
            rate(0.969, 969),
            1,
            "metrics regressed; `transcription_success_rate.rate`: ",
        ),
        // Twenty jobs are few for a p95, and the bound holds or does not all the same.
        (with("/iterations/count", json!(20)), 0, "few samples"),
    ] {
        check(&scene, &document, "--baseline baseline.json")
            .exits(code)
            .says(said);
    }
}

#[test]
fn what_is_missing_is_named() {
    let scene = nights();
    let mut document = night();
    document["metrics"]
        .as_object_mut()
        .unwrap()
        .remove("transcription_success_rate");
    check(&scene, &document, "--baseline baseline.json")
        .exits(6)
        .says("transcription_success_rate")
        .says("not measured");
    let zeros = json!({ "avg": 0, "min": 0, "med": 0, "max": 0, "p(90)": 0, "p(95)": 0 });
    let document = with("/transcription_latency_seconds", zeros);
    check(&scene, &document, "--baseline baseline.json")
        .exits(6)
        .says("transcription_latency_seconds.mean");
    let document = with("/http_req_duration/avg", Value::Null);
    check(&scene, &document, "--baseline baseline.json")
        .exits(6)
        .says("http_req_duration.mean");
    for (part, said) in [
        ("tolerances", "has a value and no tolerance"),
        ("metrics", "has a tolerance and no value"),
    ] {
        let mut half = baseline();
        half[part]
            .as_object_mut()
            .unwrap()
            .remove("http_req_duration_ms_avg");
        fs::write(scene.at("half.json"), half.to_string()).unwrap();
        check(&scene, &night(), "--baseline half.json")
            .exits(2)
            .says("`http_req_duration_ms_avg`")
            .says(said);
    }
    for (half, said) in [
        (
            json!({ "metrics": { "a_ms_avg": 1 } }),
            "missing field `tolerances`",
        ),
        (
            json!({ "metrics": { "a_ms_avg": "fast" }, "tolerances": { "a_ms_avg": 1 } }),
            "`a_ms_avg` of `metrics` is \"fast\"",
        ),
        (
            json!({ "metrics": { "http_req_duration_avg": 1 }, "tolerances": { "http_req_duration_avg": 1 } }),
            "`_ms`",
        ),
    ] {
        fs::write(scene.at("half.json"), half.to_string()).unwrap();
        check(&scene, &night(), "--baseline half.json")
            .exits(2)
            .says(said);
    }
    check(&scene, &night(), "--baseline nowhere.json")
        .exits(2)
        .says("nowhere.json");
}

#[test]
fn thresholds_of_k6_decide_and_its_booleans_are_read_as_each_shape_means_them() {
    let scene = Perfgate::new();
    let exported = |thresholds: Value| with("/http_req_duration/thresholds", thresholds);
    let handled = |thresholds: Value| {
        let mut document = handled();
        document["metrics"]["http_req_duration"]["thresholds"] = thresholds;
        document
    };
    for (document, code, said) in [
        (
            exported(json!({ "p(95)<5000": false })),
            0,
            "the only threshold holds",
        ),
        (
            exported(json!({ "p(95)<4000": true })),
            1,
            "1 of 1 threshold is crossed",
        ),
        (
            handled(json!({ "p(95)<5000": { "ok": true } })),
            0,
            "the only threshold holds",
        ),
        (
            handled(json!({ "p(95)<4000": { "ok": false } })),
            1,
            "1 of 1 threshold is crossed",
        ),
        // What either of the two calls crossed is crossed; where there is nothing to judge by, k6's word counts.
        (exported(json!({ "p(95)<5000": true })), 1, "k6's word"),
        (exported(json!({ "p(99)<5000": true })), 1, "k6's word"),
        (exported(json!({ "p(99)<5000": false })), 0, "k6's word"),
        (
            exported(json!({ "p(95)!=4200": true })),
            1,
            "k6: p(95)!=4200",
        ),
        (exported(json!({ "nonsense": true })), 1, "k6: nonsense"),
        // No word and no number is no pass.
        (exported(json!({ "p(99)<5000": null })), 6, "has no data"),
        (night(), 0, "no thresholds to cross"),
    ] {
        check(&scene, &document, "").exits(code).says(said);
    }
    let mut empty = exported(json!({ "avg<5": false }));
    empty["metrics"]["http_req_duration"]["avg"] = json!(null);
    check(&scene, &empty, "").exits(6);
    // Of a crossed threshold and a missing metric the first decides.
    let crossed = exported(json!({ "p(95)<4000": true }));
    fs::write(
        scene.at("baseline.json"),
        json!({ "metrics": { "x_ms_avg": 1 }, "tolerances": { "x_ms_avg": 1 } }).to_string(),
    )
    .unwrap();
    check(&scene, &crossed, "--baseline baseline.json").exits(1);
}

#[test]
fn several_files_are_judged_together_and_one_of_nothing_is_no_evidence() {
    let scene = nights();
    for (folder, mean) in [("monday", 1850.0), ("tuesday", 2300.0)] {
        fs::create_dir(scene.at(folder)).unwrap();
        let document = with("/http_req_duration/avg", json!(mean));
        fs::write(scene.at(folder).join("latest.json"), document.to_string()).unwrap();
    }
    let both = "check monday/latest.json tuesday/latest.json --baseline baseline.json";
    scene
        .run(both)
        .exits(1)
        .says("2 sessions judged together")
        .says("2.3 s");
    scene
        .run("check monday/latest.json --baseline baseline.json")
        .exits(0);
    let idle = json!({ "root_group": {}, "metrics": { "iterations": { "count": 0, "rate": 0 } } });
    check(&scene, &idle, "")
        .exits(6)
        .says("nothing was measured");
}

#[test]
fn what_is_no_summary_is_refused_with_what_to_write() {
    let scene = Perfgate::new();
    for (text, said) in [
        (
            "{\"type\":\"Metric\",\"data\":{},\"metric\":\"http_reqs\"}\n{\"type\":\"Point\"}",
            "--out json",
        ),
        (
            "metric_name,timestamp,metric_value\nhttp_reqs,1,1\n",
            "--out csv",
        ),
        (
            "{ \"metrics\": {} }",
            "neither a session of perfgate nor a summary of k6",
        ),
        ("{ \"metrics\": ", "EOF"),
        ("", "is empty"),
        (
            "{ \"metrics\": { \"a\": { \"avg\": 1e999 } } }",
            "number out of range",
        ),
        (
            &format!("{}{}", "[".repeat(4000), "]".repeat(4000)),
            "recursion limit",
        ),
    ] {
        fs::write(scene.at("k6.json"), text).unwrap();
        scene
            .run("check k6.json")
            .exits(2)
            .says("k6.json")
            .says(said)
            .never_says("panicked");
    }
    scene
        .run("check nowhere.json")
        .exits(2)
        .says("nowhere.json");
    check(&scene, &night(), "");
    fs::write(scene.at("plan.toml"), "target = { demo = \"transcription\" }\n[[flow.a]]\nhttp.get = \"/health\"\n[load.a]\nvus = 1\nduration = \"1s\"\n").unwrap();
    scene
        .run("update-baseline plan.toml --from k6.json --reason x --force")
        .exits(2)
        .says("was measured by k6");
    scene
        .run("validate k6.json")
        .exits(2)
        .says("perfgate check k6.json");
}
