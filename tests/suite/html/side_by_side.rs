//! Two sessions held against each other, and many side by side: text, Markdown and pages are kept.

use perfgate::gate::{Against, Overall, judge};
use perfgate::metric::{Address, Better};
use perfgate::report::terminal::{Detail, sheet};
use perfgate::report::{
    HtmlError, JudgedSession, SessionSeries, Sheet, diff_html, series_html, session_diff,
    sheet_markdown,
};
use perfgate::summary::{Metric, Summary};
use serde_json::json;

use super::scenes::{golden, hostile};
use crate::support::charted::{charted, charted_with};
use crate::support::golden::kept_current;
use crate::support::markup::{assert_well_formed, table};
use crate::support::session::{add_run, counts};

#[track_caller]
/// The page of two sessions.
fn compared(then: &Summary, now: &Summary) -> Result<String, HtmlError> {
    let verdict = judge(std::slice::from_ref(now), Against::Nothing);
    diff_html(then, now, &verdict)
}

fn kept(name: &str, own: &Sheet, page: &str) {
    golden(name, page);
    let text = sheet(own, Detail::Normal, false);
    assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
    kept_current(&format!("tests/golden/terminal/{name}.txt"), &text);
    let text = sheet_markdown(own);
    assert!(text.chars().count() <= 60_000);
    kept_current(&format!("tests/golden/markdown/{name}.md"), &text);
}

/// The session of one night, by users where there are any.
fn night(day: u64, pace: f64, users: u64) -> Summary {
    let mut summary = charted(pace);
    summary.session = format!("202611{day:02}T020000Z");
    summary.started = format!("2026-11-{day:02}T02:00:00Z");
    let higher = |(address, _): &(&Address, &mut Metric)| {
        [
            "rtfx",
            "throughput",
            "audio_throughput",
            "requests.throughput",
        ]
        .contains(&address.quantity())
    };
    summary
        .metrics
        .iter_mut()
        .filter(higher)
        .for_each(|(_, metric)| metric.better = Better::Higher);
    summary.plan.effective = json!({ "name": "transcription-nightly", "vars": { "users": users },
        "load": { "transcribe": { "vus": users, "duration": "2m" } } });
    summary
}

#[test]
fn two_sessions() {
    let (then, mut now) = (night(21, 1.0, 4), night(22, 1.27, 4));
    now.plan.effective["load"]["transcribe"]["duration"] = json!("3m");
    now.labels.insert("model".to_owned(), "large".to_owned());
    now.tool = "0.2.0".to_owned();
    add_run(&mut now, counts([360, 360, 0, 358, 2, 0, 0, 0]), 1.3);
    let page = compared(&then, &now).unwrap();
    let own = session_diff(&then, &now);
    kept("comparison", &own, &page);
    let changed = table(&page, "What changed besides the numbers");
    for row in [
        ["perfgate", "0.1.0", "0.2.0"],
        ["load.transcribe.duration", "2m", "3m"],
        ["label model", "tiny", "large"],
    ] {
        assert!(
            changed.contains(&row.map(str::to_owned).to_vec()),
            "{row:?} is not in {changed:?}"
        );
    }
    let metrics = table(&page, "Metrics, now over then");
    let p95 = metrics
        .iter()
        .find(|row| row[0] == "transcribe.latency.p95")
        .unwrap();
    assert_eq!(
        (p95[4].as_str(), p95[5].as_str()),
        ("15%", "worse"),
        "{p95:?}"
    );
}

#[test]
fn a_session_is_no_better_than_itself() {
    let own = session_diff(&night(21, 1.0, 4), &night(21, 1.0, 4));
    assert_eq!(own.shape, "✓");
    assert!(
        own.parts[0].rows.is_empty() && own.parts[1].rows.iter().all(|row| row.cells[3] == "0"),
        "{own:?}"
    );
}

/// A page of two sessions.
pub(super) fn diff_page() -> String {
    compared(&night(21, 1.0, 4), &night(22, 1.27, 4)).unwrap()
}

/// A page of several sessions.
pub(super) fn sessions_page() -> String {
    series_html(&all((16..22)
        .map(|day| night(day, 1.0 + 0.03 * (day - 16) as f64, 4))
        .collect()))
    .unwrap()
}

fn all(sessions: Vec<Summary>) -> SessionSeries {
    let judged = |summary: Summary| {
        let verdict = if summary.session.starts_with("20261119") {
            Overall::Fail
        } else {
            Overall::Pass
        };
        JudgedSession { summary, verdict }
    };
    SessionSeries::of(sessions.into_iter().map(judged).collect())
}

#[test]
fn nights_side_by_side() {
    let mut nights: Vec<Summary> = (16..22)
        .map(|day| night(day, 1.0 + 0.03 * (day - 16) as f64, 4))
        .collect();
    nights[3].tool = "0.0.9".to_owned();
    let own = all(nights);
    kept("sessions", &own.sheet, &series_html(&own).unwrap());
}

#[test]
fn plans_that_have_little_in_common_say_so_briefly() {
    let mut nights: Vec<Summary> = (16..19).map(|day| night(day, 1.0, 4)).collect();
    nights[0]
        .runs
        .iter_mut()
        .flat_map(|run| &mut run.loads)
        .for_each(|load| load.load = "another".to_owned());
    for value in 0..50 {
        nights[1].plan.effective["vars"][format!("v{value}")] = json!(value);
    }
    let page = series_html(&all(nights)).unwrap();
    let iterations: Vec<String> = table(&page, "Load transcribe")
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    assert_eq!(iterations, ["–", "360", "360"], "no data is no zero");
    let changed = table(&page, "What changed on the way");
    assert_eq!(changed.len(), 2 * 21, "{changed:?}");
    assert_eq!(changed[20][1], "and 30 more");
}

#[test]
fn users_side_by_side() {
    let own = all([(20, 12, 1.9), (18, 4, 1.0), (19, 8, 1.2), (21, 4, 1.06)]
        .map(|(day, users, pace)| night(day, pace, users))
        .into());
    let page = series_html(&own).unwrap();
    kept("sessions_by_users", &own.sheet, &page);
    let users: Vec<String> = table(&page, "Load transcribe")
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    assert_eq!(users, ["4", "4", "8", "12"]);
}

#[test]
fn what_others_wrote_stays_text_and_what_is_missing_is_no_fault() {
    let (nasty, none) = (hostile(), charted_with([0, 0, 0, 0, 0, 0, 0, 0], 1.0));
    for page in [
        compared(&nasty, &none),
        compared(&none, &nasty),
        compared(&Summary::empty("x"), &nasty),
    ] {
        let page = page.unwrap();
        assert_well_formed(&page);
        assert!(
            !page.contains("<script>alert") && !page.contains('\0') && !page.contains('\u{202e}')
        );
    }
    for sessions in [
        vec![nasty.clone(), none.clone(), nasty],
        vec![none, Summary::empty("x")],
        vec![Summary::empty("x")],
    ] {
        let own = all(sessions);
        assert_well_formed(&series_html(&own).unwrap());
        assert!(!sheet_markdown(&own.sheet).contains("<script"));
        assert!(!sheet(&own.sheet, Detail::Verbose, false).contains('\u{1b}'));
    }
}
