//! The numbers of a page are the numbers of the documents, and no text becomes markup.

use perfgate::gate::{Against, judge};
use perfgate::report::{ReportInputs, View, html, json, markdown, terminal};
use perfgate::units::{Quantity, Unit};
use proptest::prelude::*;

use super::scenes::{hostile, page};
use crate::support::charted::{charted, charted_with, latencies, recorded};
use crate::support::markup::{assert_well_formed, skeleton, table};
use crate::support::session::{error, threshold};

/// A number of a page in its base unit.
fn read(text: &str, unit: Unit) -> f64 {
    let text = text.replace("us", "µs").replace('−', "-").replace('x', "");
    let text = text.trim().trim_start_matches('+');
    let (minutes, text) = text
        .strip_suffix(" min")
        .map_or((1.0, text), |number| (60.0, number));
    let text = if minutes > 1.0 {
        format!("{text} s")
    } else {
        text.to_owned()
    };
    let quantity: Quantity = text.parse().unwrap_or_else(|_| panic!("`{text}`"));
    assert!(quantity.unit.is_none_or(|own| own == unit), "{text}");
    quantity.value * minutes
}

#[track_caller]
fn close(text: &str, unit: Unit, wanted: f64) {
    let found = read(text, unit);
    assert!(
        (found - wanted).abs() <= wanted.abs() * 5.1e-3,
        "{text} is {found}, not {wanted}"
    );
}

#[test]
fn tables_have_the_numbers_of_the_verdict() {
    let (summary, baseline) = (
        charted_with([360, 360, 0, 353, 3, 0, 4, 0], 1.27),
        recorded(),
    );
    let verdict = judge(
        std::slice::from_ref(&summary),
        Against::Baseline("b.json", &baseline),
    );
    let page = html(
        &summary,
        &verdict,
        &ReportInputs {
            baseline: Some(&baseline),
            ..ReportInputs::default()
        },
    )
    .unwrap();
    let comparisons = table(&page, "Metrics against their baseline");
    assert_eq!(comparisons.len(), verdict.comparisons.len());
    for row in &comparisons {
        let one = verdict
            .comparisons
            .iter()
            .find(|one| one.metric == row[0].as_str())
            .unwrap();
        if let Some(wanted) = one.baseline {
            close(&row[1], one.unit, wanted);
        }
        match one.value {
            Some(wanted) => close(&row[2], one.unit, wanted),
            None => assert_eq!(row[2], "–"),
        }
        match one.change {
            Some(change) if one.relative => close(&row[3], Unit::Ratio, change),
            _ => assert!(row[3].ends_with("points") || row[3] == "–", "{row:?}"),
        }
        assert_eq!(row[5].contains('%'), one.unit != Unit::Ratio, "{row:?}");
        assert!(
            row[1] != row[2] || row[1] == "–",
            "they differ, and read so: {row:?}"
        );
    }
    let head = page
        .split("<caption>Metrics against their baseline")
        .nth(1)
        .unwrap()
        .split("</thead>")
        .next()
        .unwrap();
    for column in [
        "metric",
        "baseline",
        "now",
        "change",
        "90 % interval",
        "allowed",
        "verdict",
        "notes",
    ] {
        assert!(
            head.contains(&format!(">{column}</th>")),
            "no column {column}"
        );
    }
    let thresholds = table(&page, "Thresholds");
    assert_eq!(thresholds.len(), verdict.thresholds.len());
    for row in &thresholds {
        let one = verdict
            .thresholds
            .iter()
            .find(|one| one.metric == row[0].as_str())
            .unwrap();
        close(&row[1], one.unit, one.runs[0].value.unwrap());
        if let Some(limit) = one.limit {
            assert!(row[2].contains(&one.bound), "{row:?}: {limit}");
        }
    }
    // The verdict, how many, the worst with its numbers, and whether to trust it come before everything else.
    let text: String = crate::support::markup::pieces(&page)
        .into_iter()
        .skip_while(|piece| !matches!(piece, crate::support::markup::Piece::Open(name, _) if name == "body"))
        .filter_map(|piece| match piece {
            crate::support::markup::Piece::Text(text) => Some(text.trim().to_owned() + " "),
            _ => None,
        })
        .collect();
    let first: String = text.chars().take(1_500).collect();
    for wanted in [
        "FAIL",
        "6 of 12 checks fail: 2 of 6 thresholds are crossed, 4 of 6 metrics regressed (exit 1)",
        "transcribe.latency.p95",
        "< 2s",
        "generator healthy",
        "What now?",
    ] {
        assert!(first.contains(wanted), "{wanted} is not in {first}");
    }
}

#[test]
fn rates_times_and_the_real_time_factor_are_in_every_report() {
    let summary = charted_with([360, 360, 0, 353, 3, 0, 4, 0], 1.0);
    let verdict = judge(std::slice::from_ref(&summary), Against::Nothing);
    let view = View::of(&summary, &verdict);
    let flat = json(&summary, &verdict, None);
    let reports = [
        html(&summary, &verdict, &ReportInputs::default()).unwrap(),
        markdown(&view),
        terminal::render(&view, terminal::Detail::Normal, false),
    ];
    // Throughput, audio, the real-time factor, the shares that ended well and not, and the times of iterations.
    for wanted in [
        "2.94/s", "14.7x", "rtfx", "353", "98.1 %", "412 ms", "1.63 s", "1.69 s",
    ] {
        for report in &reports {
            assert!(report.contains(wanted), "{wanted} is not in {report}");
        }
    }
    assert!(reports[0].contains("Higher is better") && reports[0].contains("Lower is better"));
    let number = |of: &serde_json::Value| of.as_f64().unwrap();
    assert!((number(&flat["summary"]["success_rate"]) - 353.0 / 360.0).abs() < 1e-9);
    assert!((number(&flat["summary"]["error_rate"]) - 7.0 / 360.0).abs() < 1e-9);
    assert_eq!(flat["latency"]["e2e"]["count"], 353);
    assert_eq!(
        (
            &flat["summary"]["timeout_requests"],
            &flat["summary"]["failed_requests"]
        ),
        (&4.into(), &3.into())
    );
    for stat in [
        "min", "max", "mean", "median", "p90", "p95", "p99", "stddev",
    ] {
        assert!(number(&flat["latency"]["e2e"][stat]) > 0.0, "{stat}");
    }
}

#[test]
fn seconds_histograms_and_statistics_are_of_the_same_iterations() {
    for measured in [
        [360, 360, 0, 353, 3, 0, 4, 0],
        [91, 91, 0, 86, 0, 0, 0, 5],
        [70, 70, 0, 65, 2, 2, 1, 0],
    ] {
        let summary = charted_with(measured, 1.27);
        let series = &summary.runs[0].loads[0].series;
        let [_, started, _, ok, ..] = measured;
        let sum = |column: &[u64]| column.iter().sum::<u64>();
        let warm_up = 30;
        assert_eq!(
            (sum(&series.started), sum(&series.ok), sum(&series.not_ok)),
            (started + warm_up, ok + warm_up, started - ok)
        );
        assert_eq!(
            series.errors.values().map(|kind| sum(kind)).sum::<u64>(),
            started - ok
        );
        let latencies = latencies(&summary).unwrap();
        let own = latencies.of(&summary, &summary.loads[0]).unwrap();
        assert_eq!(own.measured.len(), ok);
        for (share, stat) in [(0.5, "p50"), (0.95, "p95"), (1.0, "max")] {
            let told = summary.metrics[&format!("transcribe.latency.{stat}")].runs[0]
                .value
                .unwrap();
            let found = own.measured.value_at_quantile(share) as f64 / 1e9;
            assert!(
                (found / told - 1.0).abs() < 2e-3,
                "{measured:?} {stat}: {found} and {told}"
            );
        }
    }
}

#[test]
fn the_same_documents_give_the_same_page() {
    let (summary, baseline) = (charted(1.27), recorded());
    assert_eq!(
        page(&summary, Some(&baseline)),
        page(&summary.clone(), Some(&baseline.clone()))
    );
    assert_eq!(page(&hostile(), None), page(&hostile(), None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_becomes_markup(text in "[<>&\"'/=!a-z{}%#\\-\\[\\] ]{1,40}") {
        let with = |text: &str| {
            let text = format!("x{text}y");
            let mut summary = charted_with([360, 360, 0, 358, 2, 0, 0, 0], 1.0);
            summary.plan.name.clone_from(&text);
            summary.plan.description.clone_from(&text);
            summary.session.clone_from(&text);
            summary.labels.insert(text.clone(), text.clone());
            summary.loads[0].plan.clone_from(&text);
            summary.warnings.push(text.clone());
            summary.runs[0].errors.push(error(2, &text, &text));
            threshold(&mut summary, &text, "< 1s");
            page(&summary, Some(&recorded()))
        };
        let found = with(&text);
        assert_well_formed(&found);
        prop_assert_eq!(skeleton(&found), skeleton(&with("")));
    }
}
