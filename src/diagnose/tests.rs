//! Each symptom fires its own rule, and a healthy session none.

use super::*;
use crate::measure::Counts;
use crate::metric::Better;
use crate::summary::{
    ErrorLine, LoadDescription, LoadRun, Metric, MetricValue, MonitorLine, Run, SplitDescription,
    Summary,
};
use crate::units::Unit;

fn healthy() -> Summary {
    let mut summary = Summary::empty("plan");
    summary.loads.push(LoadDescription {
        phase: None,
        name: "asr".to_owned(),
        executor: "constant-arrival-rate".to_owned(),
        plan: String::new(),
        open: true,
        users: None,
        canary: false,
        split: Some(SplitDescription {
            by: "worker".to_owned(),
            captured: true,
        }),
    });
    let counts = Counts {
        planned: 2000,
        started: 2000,
        ok: 2000,
        ..Counts::default()
    };
    let mut load = LoadRun {
        load: "asr".to_owned(),
        ..LoadRun::default()
    };
    load.counts.insert("measured".to_owned(), counts);
    load.steps.push(("submit".to_owned(), counts));
    load.series.second = (0..10).collect();
    load.series.ok = vec![200; 10];
    let mut run = Run::empty(1);
    run.loads.push(load);
    summary.runs.push(run);
    for (name, value) in [
        ("latency.p50", 0.1),
        ("latency.p95", 0.2),
        ("latency.p99", 0.3),
        ("latency.mean", 0.1),
        ("latency.drift", 0.02),
        ("imbalance", 1.1),
        ("reconnects", 3.0),
    ] {
        set(&mut summary, &format!("asr.{name}"), value);
    }
    summary
}

fn set(summary: &mut Summary, metric: &str, value: f64) {
    let value = MetricValue {
        value: Some(value),
        samples: 2000,
        ..MetricValue::default()
    };
    let metric_value = Metric {
        unit: Unit::Count,
        better: Better::Lower,
        runs: vec![value],
    };
    summary.metrics.insert(metric.into(), metric_value);
}

fn error(summary: &mut Summary, class: &str, message: &str, count: u64) {
    let run = &mut summary.runs[0];
    run.errors.push(ErrorLine {
        count,
        phase: None,
        load: "asr".to_owned(),
        step: None,
        class: class.to_owned(),
        message: message.to_owned(),
        first_s: 8.0,
        last_s: 9.0,
    });
    let counts = run.loads[0].counts.get_mut("measured").unwrap();
    counts.ok -= count;
    if class == "timeout" {
        counts.timed_out += count;
    } else {
        counts.failed += count;
    }
}

fn monitor(summary: &mut Summary, value: &str, unit: Unit, of: impl Fn(f64) -> f64) {
    let at_s: Vec<f64> = (0..120).map(f64::from).collect();
    let line = MonitorLine {
        phase: None,
        monitor: "server".to_owned(),
        instance: String::new(),
        value: value.to_owned(),
        unit,
        better: Better::Lower,
        values: at_s.iter().map(|at| Some(of(*at))).collect(),
        at_s,
        growth: None,
    };
    summary.runs[0].monitors.push(line.with_growth());
}

fn names(change: impl FnOnce(&mut Summary)) -> Vec<&'static str> {
    let mut summary = healthy();
    change(&mut summary);
    diagnose(&summary).iter().map(|own| own.name).collect()
}

#[test]
fn a_healthy_session_has_no_symptoms() {
    assert_eq!(names(|_| {}), [""; 0]);
    let calm = names(|summary| {
        monitor(summary, "rss", Unit::Bytes, |_| 1e9);
        monitor(summary, "cpu", Unit::Ratio, |_| 0.5);
        monitor(summary, "memory", Unit::Ratio, |_| 0.6);
        monitor(summary, "restarts", Unit::Count, |_| 0.0);
    });
    assert_eq!(calm, [""; 0]);
}

#[test]
fn errors_have_their_causes() {
    let all_405 = names(|summary| error(summary, "status", "HTTP 405: Method Not Allowed", 2000));
    assert_eq!(all_405, ["wrong path"]);
    let bad = names(|summary| error(summary, "status", "HTTP 502: Bad Gateway", 200));
    assert_eq!(bad, ["no healthy backend", "too much at once"]);
    let gone = names(|summary| error(summary, "connect", "connection refused", 40));
    assert_eq!(gone, ["gone in the middle"]);
    let slow = names(|summary| error(summary, "timeout", "no reply within 30s", 150));
    assert_eq!(slow, ["timeouts", "too much at once"]);
    assert_eq!(
        names(|summary| error(summary, "status", "HTTP 500", 80)),
        [""; 0]
    );
    let closes = names(|summary| set(summary, "asr.reconnects", 400.0));
    assert_eq!(closes, ["connections close"]);
}

#[test]
fn times_have_their_causes() {
    assert_eq!(
        names(|summary| set(summary, "asr.latency.p99", 0.9)),
        ["long tail"]
    );
    assert_eq!(
        names(|summary| set(summary, "asr.latency.drift", 1.5)),
        ["queue grows"]
    );
    assert_eq!(
        names(|summary| set(summary, "asr.imbalance", 3.0)),
        ["uneven load"]
    );
    let tls = names(|summary| {
        set(summary, "asr.submit.tls.mean", 0.05);
        set(summary, "asr.submit.tls.count", 1900.0);
    });
    assert_eq!(tls, ["slow name or handshake"]);
    let differ = names(|summary| {
        let run = summary.runs[0].clone();
        for number in [2, 3] {
            summary.runs.push(Run {
                number,
                ..run.clone()
            });
        }
        let metric = summary.metrics.get_mut("asr.latency.p50").unwrap();
        let value = metric.runs[0];
        metric.runs.extend([0.14, 0.11].map(|seconds| MetricValue {
            value: Some(seconds),
            ..value
        }));
    });
    assert_eq!(differ, ["runs differ"]);
}

#[test]
fn resources_have_their_causes() {
    let leak = names(|summary| monitor(summary, "rss", Unit::Bytes, |at| 1e9 + 1e6 * at));
    assert_eq!(leak, ["leak"]);
    let settled =
        names(|summary| monitor(summary, "rss", Unit::Bytes, |at| 1e9 + 1e7 * at.min(20.0)));
    assert_eq!(settled, [""; 0]);
    assert_eq!(
        names(|summary| monitor(summary, "cpu", Unit::Ratio, |_| 0.99)),
        ["processor at its limit"]
    );
    assert_eq!(
        names(|summary| monitor(summary, "memory", Unit::Ratio, |_| 0.95)),
        ["memory"]
    );
    let restart = names(|summary| {
        monitor(summary, "restarts", Unit::Count, |at| {
            f64::from(u8::from(at > 50.0))
        });
    });
    assert_eq!(restart, ["restart"]);
}

#[test]
fn every_rule_has_a_name_of_its_own() {
    let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
}
