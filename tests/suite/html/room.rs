//! How large pages become.

use perfgate::gate::baseline::{MetricPolicy, Recorded};
use perfgate::gate::{Against, judge};
use perfgate::metric::{Address, Better};
use perfgate::report::{View, markdown};
use perfgate::summary::{LoadDescription, Metric, MetricValue, Summary};
use perfgate::units::Unit;

use super::scenes::page;
use crate::support::charted::{charted, recorded, series};
use crate::support::markup::assert_well_formed;
use crate::support::session::{counts, error, threshold};

const KILO: usize = 1_000;

/// Ten minutes of a flow of three steps.
fn ten_minutes() -> Summary {
    let mut summary = charted(1.0);
    let load = &mut summary.runs[0].loads[0];
    load.window_s = (10.0, 600.0);
    load.series = series(600, 40, 1.0, 20);
    load.steps
        .push(("fetch".to_owned(), counts([360, 360, 0, 360, 0, 0, 0, 0])));
    let more: Vec<(Address, Metric)> = summary
        .metrics
        .iter()
        .filter_map(|(name, metric)| {
            Some((name.as_str().strip_prefix("transcribe.submit.")?, metric))
        })
        .map(|(name, metric)| (format!("transcribe.fetch.{name}").into(), metric.clone()))
        .collect();
    summary.metrics.extend(more);
    summary
}

#[test]
fn ten_minutes_of_three_steps_are_300_kilobytes_at_most() {
    let page = page(&ten_minutes(), Some(&recorded()));
    assert!(page.len() <= 300 * KILO, "{} bytes", page.len());
    assert!(page.matches("<path").count() + page.matches("<text").count() <= 5_000);
}

#[test]
fn the_longest_session_is_thinned() {
    let mut summary = ten_minutes();
    summary.runs[0].loads[0].series = series(86_400, 9, 1.0, 9);
    let page = page(&summary, None);
    assert!(page.len() <= 300 * KILO, "{} bytes", page.len());
    assert!(page.contains("a row stands for"));
}

#[test]
fn a_day_of_errors_of_every_kind_and_of_every_latency_is_thinned() {
    let mut summary = ten_minutes();
    let own = &mut summary.runs[0].loads[0].series;
    *own = series(86_400, 9, 1.0, 9);
    let seconds = own.second.len();
    for (at, kind) in [
        "status", "timeout", "connect", "dns", "tls", "reset", "protocol", "check",
    ]
    .iter()
    .enumerate()
    {
        own.errors.insert(
            (*kind).to_owned(),
            (0..seconds)
                .map(|second| ((second + at) % 5) as u64)
                .collect(),
        );
        own.not_ok.iter_mut().for_each(|count| *count += 2);
    }
    for (second, (p50, p99)) in own.p50_s.iter_mut().zip(&mut own.p99_s).enumerate() {
        *p50 = Some(0.001 * 1.3_f64.powi((second % 31) as i32));
        *p99 = Some(p50.unwrap() * 40.0);
    }
    let page = page(&summary, None);
    assert!(page.len() <= 500 * KILO, "{} bytes", page.len());
    assert!(
        page.contains("a bar stands for")
            && page.contains(">other<")
            && page.contains("Latency map")
    );
    assert_well_formed(&page);
}

#[test]
fn two_hundred_metrics_and_endless_texts_stay_below_a_megabyte() {
    let endless = "<&\"endless ".repeat(1_000);
    let (mut summary, mut baseline) = (ten_minutes(), recorded());
    for n in 0..200 {
        let name = format!("transcribe.{n}{endless}.p95");
        let runs = vec![MetricValue {
            value: Some(1.3),
            samples: 1_000,
            ..MetricValue::default()
        }];
        summary.metrics.insert(
            name.as_str().into(),
            Metric {
                unit: Unit::Seconds,
                better: Better::Lower,
                runs,
            },
        );
        baseline.metrics.insert(
            name.as_str().into(),
            MetricPolicy::within(Unit::Seconds, Better::Lower, Some("5%".to_owned())),
        );
        threshold(&mut summary, &name, "< 1s");
        summary.runs[0]
            .errors
            .push(error(1, "server", &format!("{}{endless}", "abc".repeat(n))));
        summary.warnings.push(endless.clone());
        summary.labels.insert(name.clone(), endless.clone());
    }
    for n in 0..60 {
        let name = format!("load{n}");
        summary.loads.push(LoadDescription {
            name: name.clone(),
            ..summary.loads[0].clone()
        });
        let own = perfgate::summary::LoadRun {
            load: name,
            ..summary.runs[0].loads[0].clone()
        };
        summary.runs[0].loads.push(own);
    }
    summary.plan.description = endless.clone();
    baseline.sessions.clear();
    let before = Summary {
        session: "before".to_owned(),
        ..summary.clone()
    };
    baseline
        .sessions
        .push(Recorded::of(&before, &baseline.metrics, &endless, None));
    baseline.derive();
    let page = page(&summary, Some(&baseline));
    assert!(page.len() <= 1_000 * KILO, "{} bytes", page.len());
    assert!(page.contains("left out to keep this page small"));
    assert_well_formed(&page);
    let verdict = judge(
        std::slice::from_ref(&summary),
        Against::Baseline("b.json", &baseline),
    );
    let text = markdown(&View::of(&summary, &verdict));
    assert!(
        text.chars().count() <= 60_000,
        "{} characters",
        text.chars().count()
    );
    assert!(text.contains("rows are left out here"));
}
