//! Known answers, computed with scipy: `tests/vectors/gating.json` and `tests/vectors/gating_prior.json`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Judgement;
use super::comparison_set::compare;
use super::contrast::{Candidate, Contrast, PRIOR_WEIGHT, Prior};
use crate::gate::baseline::{Baseline, MetricPolicy, Recorded, RecordedValues, middle};
use crate::metric::Better;
use crate::stats::fisher;
use crate::summary::{ComparisonPolicy, Machine, Metric, MetricValue, Run, Summary};
use crate::units::Unit;

const SAMPLES: u64 = 100_000;

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn rows(case: &Value, key: &str) -> Vec<Vec<f64>> {
    let row = |row: &Value| {
        row.as_array()
            .unwrap()
            .iter()
            .map(|value| value.as_f64().unwrap())
            .collect()
    };
    case[key].as_array().unwrap().iter().map(row).collect()
}

fn near(found: f64, case: &Value, key: &str) {
    let known = case[key].as_f64().unwrap();
    assert!(
        (found - known).abs() <= 1e-9 * known.abs().max(1e-6),
        "{}: {key} is {found}, not {known}",
        case["name"]
    );
}

fn logs(rows: &[Vec<f64>]) -> Vec<f64> {
    rows.iter()
        .map(|row| middle(&row.iter().map(|value| value.ln()).collect::<Vec<_>>()).unwrap())
        .collect()
}

fn contrast(base: &[Vec<f64>], candidate: &[Vec<f64>], sign: f64, prior: Prior) -> Contrast {
    let candidates: Vec<_> = logs(candidate)
        .into_iter()
        .map(|value| Candidate { value, class: 0 })
        .collect();
    Contrast::of(&[logs(base)], &candidates, sign, prior).unwrap()
}

#[test]
fn without_a_prior() {
    let base: Vec<Vec<f64>> = rows(
        &read(include_str!("../../../tests/vectors/gating.json"))["variance_components"],
        "log_of",
    );
    for case in read(include_str!("../../../tests/vectors/gating.json"))["session_gate"]
        .as_array()
        .unwrap()
    {
        let found = contrast(
            &base,
            &rows(case, "candidate"),
            1.0,
            Prior {
                spread: 0.0,
                weight: 0.0,
            },
        );
        near(found.spread, case, "sd");
        near(found.change, case, "delta_log");
        near(found.change.exp(), case, "ratio");
        near(found.error, case, "se");
        near(found.df, case, "df");
        near(found.p, case, "p_worse");
        let (low, high) = found.interval();
        assert!((low.exp() - case["ratio_ci90"][0].as_f64().unwrap()).abs() < 1e-9);
        assert!((high.exp() - case["ratio_ci90"][1].as_f64().unwrap()).abs() < 1e-9);
    }
    for case in read(include_str!("../../../tests/vectors/gating.json"))["calibrate"]
        .as_array()
        .unwrap()
    {
        let found = contrast(
            &base,
            &base[..1],
            1.0,
            Prior {
                spread: 0.0,
                weight: 0.0,
            },
        );
        near(
            found
                .detectable(1.1f64.ln(), case["se"].as_f64().unwrap())
                .exp_m1(),
            case,
            "mde80_given_tol_0.10",
        );
    }
}

#[test]
fn with_a_prior() {
    for case in read(include_str!("../../../tests/vectors/gating_prior.json"))
        .as_array()
        .unwrap()
    {
        let sign = if case["better"] == "lower" { 1.0 } else { -1.0 };
        let prior = Prior {
            spread: case["s0"].as_f64().unwrap(),
            weight: PRIOR_WEIGHT,
        };
        let found = contrast(&rows(case, "base"), &rows(case, "cand"), sign, prior);
        near(found.spread, case, "s");
        near(found.shrunk, case, "s_eff");
        near(found.df, case, "df");
        near(found.change, case, "D");
        near(found.error, case, "SE");
        near(found.p, case, "p");
        near((sign * found.change).exp(), case, "ratio");
        let (low, high) = found.interval();
        let (low, high) = ((sign * low).exp(), (sign * high).exp());
        assert!(
            (low.min(high) - case["ci90"][0].as_f64().unwrap()).abs() < 1e-9,
            "{}",
            case["name"]
        );
        assert!(
            (low.max(high) - case["ci90"][1].as_f64().unwrap()).abs() < 1e-9,
            "{}",
            case["name"]
        );
    }
}

#[test]
fn verdicts_are_those_of_the_vectors() {
    for case in read(include_str!("../../../tests/vectors/gating_prior.json"))
        .as_array()
        .unwrap()
    {
        let name = case["name"].as_str().unwrap();
        let stat = ["p50", "p95", "p99"]
            .into_iter()
            .find(|stat| name.contains(stat));
        let (metric, unit, better) = match stat {
            Some(stat) => (format!("a.latency.{stat}"), Unit::Seconds, Better::Lower),
            None => ("a.throughput".to_owned(), Unit::PerSecond, Better::Higher),
        };
        let tolerance = format!("{}%", case["tol"].as_f64().unwrap() * 100.0);
        let mut baseline = Baseline::empty("plan");
        baseline
            .metrics
            .insert(metric.as_str().into(), compared(unit, better, &tolerance));
        baseline.sessions = rows(case, "base")
            .into_iter()
            .enumerate()
            .map(|(at, runs)| recorded(at, &metric, runs))
            .collect();
        let sessions: Vec<Summary> = rows(case, "cand")
            .into_iter()
            .enumerate()
            .map(|(at, runs)| session(at, &metric, unit, better, &runs))
            .collect();
        let found = compare(&baseline, &sessions, &sessions[0].comparison, &|_| None);
        let one = &found.comparisons[0];
        assert_eq!(
            one.judgement.word(),
            case["verdict"].as_str().unwrap(),
            "{name}: {}",
            one.sentence
        );
        // The prior of the vectors never counts less; `with_a_prior` has their numbers for more sessions.
        if baseline.sessions.len() <= 5 {
            near(one.p.unwrap(), case, "p");
        }
        near(one.change.unwrap() + 1.0, case, "ratio");
        near(
            one.limit.unwrap() / one.baseline.unwrap(),
            &serde_json::json!({ "name": name, "T": limit(case) }),
            "T",
        );
        assert!(one.sentence.contains("allowed"), "{}", one.sentence);
    }
}

fn limit(case: &Value) -> f64 {
    let bound = case["T"].as_f64().unwrap();
    if case["better"] == "lower" {
        bound.exp()
    } else {
        (-bound).exp()
    }
}

#[test]
fn classes_of_machines_are_pooled() {
    let classes = [
        vec![vec![900.0, 930.0, 915.0], vec![940.0, 905.0, 925.0]],
        vec![vec![1020.0, 1004.0, 1031.0]],
    ];
    let classes: Vec<Vec<f64>> = classes.iter().map(|class| logs(class)).collect();
    let values = logs(&[
        vec![1100.0, 1085.0, 1092.0],
        vec![1215.0, 1240.0, 1222.0],
        vec![1077.0, 1102.0, 1090.0],
    ]);
    let candidates: Vec<_> = values
        .into_iter()
        .zip([0, 1, 0])
        .map(|(value, class)| Candidate { value, class })
        .collect();
    let found = Contrast::of(
        &classes,
        &candidates,
        1.0,
        Prior {
            spread: 0.05,
            weight: PRIOR_WEIGHT,
        },
    )
    .unwrap();
    let close =
        |found: f64, known: f64| assert!((found - known).abs() < 1e-11, "{found} is not {known}");
    close(found.shrunk, 0.044_853_260_499_7);
    close(found.df, 5.0);
    close(found.change, 0.171_407_254_911);
    close(found.error, 0.040_945_237_588_9);
    close(found.p, 0.004_301_409_856_20);
    let (low, high) = found.interval();
    close(low.exp(), 1.092_972_031_93);
    close(high.exp(), 1.289_060_797_57);
}

#[test]
fn errors_are_counted() {
    for (before, now, known) in [
        ((5, 1080), (13, 1080), 0.047_437_421_468_8),
        ((5, 1080), (44, 3240), 0.008_247_955_762_43),
        ((2, 1080), (22, 3240), 0.039_409_626_046_6),
        ((27, 5400), (40, 3240), 0.000_177_098_608_344),
        ((0, 1080), (6, 1080), 0.015_516_593_757_829),
        ((0, 180), (3, 180), 0.123_955_431_752),
    ] {
        let found = fisher::greater(before, now).unwrap();
        assert!(
            (found - known).abs() < 1e-12_f64.max(known * 1e-10),
            "{found} is not {known}"
        );
    }
}

fn compared(unit: Unit, better: Better, tolerance: &str) -> MetricPolicy {
    MetricPolicy::within(unit, better, Some(tolerance.to_owned()))
}

fn recorded(at: usize, metric: &str, runs: Vec<f64>) -> Recorded {
    Recorded {
        session: format!("recorded-{at}"),
        started: String::new(),
        tool: String::new(),
        commit: None,
        reason: String::new(),
        forced: Vec::new(),
        set_aside: None,
        load_hash: String::new(),
        labels: BTreeMap::new(),
        target: None,
        generator: Machine::default(),
        canary: BTreeMap::new(),
        metrics: BTreeMap::from([(
            metric.into(),
            RecordedValues {
                samples: vec![SAMPLES; runs.len()],
                runs,
            },
        )]),
        curves: BTreeMap::new(),
    }
}

fn session(at: usize, metric: &str, unit: Unit, better: Better, runs: &[f64]) -> Summary {
    let value = |value: &f64| MetricValue {
        value: Some(*value),
        samples: SAMPLES,
        ..MetricValue::default()
    };
    let mut summary = Summary {
        session: format!("candidate-{at}"),
        comparison: ComparisonPolicy {
            confirm: 2,
            r#match: vec!["load_hash".to_owned()],
            ..ComparisonPolicy::default()
        },
        runs: (1..=runs.len() as u64).map(Run::empty).collect(),
        ..Summary::empty("plan")
    };
    summary.metrics.insert(
        metric.into(),
        Metric {
            unit,
            better,
            runs: runs.iter().map(value).collect(),
        },
    );
    summary
}

#[test]
fn a_rise_of_errors_hides_latency_and_chance_does_not() {
    let rates = |part: f64, samples: u64| RecordedValues {
        runs: vec![part],
        samples: vec![samples],
    };
    let mut baseline = Baseline::empty("plan");
    baseline.metrics.insert(
        "a.error_rate".into(),
        compared(Unit::Ratio, Better::Lower, "0.5%"),
    );
    baseline.metrics.insert(
        "a.latency.p50".into(),
        compared(Unit::Seconds, Better::Lower, "10%"),
    );
    let mut one = recorded(0, "a.latency.p50", vec![1.0]);
    one.metrics
        .insert("a.error_rate".into(), rates(5.0 / 1080.0, 1080));
    baseline.sessions = vec![one];
    for (errors, of, latency, expected) in [
        (6.0, 1080, 1.01, [Judgement::Pass, Judgement::Pass]),
        // A rise within the tolerance.
        (10.0, 1080, 1.01, [Judgement::Pass, Judgement::Pass]),
        (44.0, 1080, 0.5, [Judgement::Suspect, Judgement::Masked]),
        (44.0, 1080, 1.5, [Judgement::Suspect, Judgement::Suspect]),
        // One error of a tiny run.
        (1.0, 60, 1.01, [Judgement::Pass, Judgement::Pass]),
    ] {
        let mut summary = session(0, "a.latency.p50", Unit::Seconds, Better::Lower, &[latency]);
        let value = MetricValue {
            value: Some(errors / f64::from(of)),
            samples: of as u64,
            ..MetricValue::default()
        };
        let metric = Metric {
            unit: Unit::Ratio,
            better: Better::Lower,
            runs: vec![value],
        };
        summary.metrics.insert("a.error_rate".into(), metric);
        let found = compare(&baseline, &[summary.clone()], &summary.comparison, &|_| {
            None
        });
        let judged: Vec<_> = found.comparisons.iter().map(|one| one.judgement).collect();
        assert_eq!(
            judged, expected,
            "{errors} of {of}, {latency}: {:?}",
            found.comparisons
        );
    }
}
