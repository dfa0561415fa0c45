//! What a page says of the sessions before.

use perfgate::gate::{Against, ExitCode, Overall, judge};
use perfgate::history::HistoryEntry;
use perfgate::report::{ReportInputs, html};
use perfgate::summary::Summary;

use super::scenes::golden;
use crate::support::charted::{charted, recorded};
use crate::support::markup::{assert_well_formed, table};

fn night(day: u64, pace: f64) -> Summary {
    let mut summary = charted(pace);
    summary.session = format!("202611{day:02}T020000Z");
    summary.started = format!("2026-11-{day:02}T02:00:00Z");
    summary
}

#[test]
fn the_nights_before_are_drawn_beside_what_was_normal() {
    let baseline = recorded();
    let mut past: Vec<HistoryEntry> = (9..23)
        .map(|day| {
            HistoryEntry::of(
                &night(day, 1.0 + 0.004 * (day - 9) as f64),
                Overall::Pass,
                ExitCode::Success,
                Some(&baseline),
            )
        })
        .collect();
    // One that is no evidence, and one that did other work.
    past[2].verdict = Overall::Invalid;
    past[3].load_hash = "another".to_owned();
    let summary = night(22, 1.052);
    let verdict = judge(
        std::slice::from_ref(&summary),
        Against::Baseline("b.json", &baseline),
    );
    let beside = ReportInputs {
        baseline: Some(&baseline),
        past: &past,
        ..ReportInputs::default()
    };
    let page = html(&summary, &verdict, &beside).unwrap();
    golden("history", &page);
    let nights = table(&page, "The sessions one by one");
    assert_eq!(
        (nights.len(), nights[0][0].as_str(), nights[11][0].as_str()),
        (12, "20261109T020000Z", "20261122T020000Z")
    );
    let trends = table(&page, "Metrics over these sessions");
    let p50 = trends
        .iter()
        .find(|row| row[0] == "transcribe.latency.p50")
        .unwrap();
    assert_eq!(p50[1], "12");
    assert!(
        page.contains("left out: 1 of other work, 1 interrupted"),
        "what is left out is said"
    );
}

#[test]
fn the_first_session_has_none_before_it() {
    let summary = night(22, 1.0);
    let verdict = judge(std::slice::from_ref(&summary), Against::Nothing);
    let past = [HistoryEntry::of(
        &summary,
        Overall::Pass,
        ExitCode::Success,
        None,
    )];
    let page = html(
        &summary,
        &verdict,
        &ReportInputs {
            past: &past,
            ..ReportInputs::default()
        },
    )
    .unwrap();
    assert_well_formed(&page);
    assert!(!page.contains("The sessions before"));
}
