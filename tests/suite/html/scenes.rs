//! One golden page for each kind of session.

use perfgate::gate::baseline::Baseline;
use perfgate::gate::{Against, ExitCode, Overall, Verdict, judge};
use perfgate::report::{ReportInputs, View, annotations, html, json, junit, markdown};
use perfgate::summary::{ForeignTool, Interruption, MetricValue, Summary};

use crate::support::charted::{charted, charted_with, latencies, recorded};
use crate::support::golden::kept_current;
use crate::support::markup::{Piece, assert_well_formed, pieces};
use crate::support::page_outline::{besides, outline, without_ballast};
use crate::support::played::replay;
use crate::support::session::{add_run, counts, error, set, threshold};

/// Scenes of which the page itself is kept; of the others what it says that the page of a session that passes does not.
const WHOLE_PAGES: [&str; 2] = ["pass", "fail"];

/// The same session as Markdown, JUnit and annotations, which are kept too.
#[track_caller]
fn others(name: &str, summary: &Summary, baseline: Option<&Baseline>) {
    let against = baseline.map_or(Against::Nothing, |own| {
        Against::Baseline("baselines/transcription-nightly.json", own)
    });
    others_of(
        name,
        summary,
        &judge(std::slice::from_ref(summary), against),
    );
}

/// The same for a verdict.
#[track_caller]
fn others_of(name: &str, summary: &Summary, verdict: &Verdict) {
    let view = View::of(summary, verdict);
    let text = markdown(&view);
    // What stands four spaces in is code, in which nothing means anything.
    let prose = || text.lines().filter(|line| !line.starts_with("    "));
    assert!(
        text.chars().count() <= 60_000 && !text.contains('\0'),
        "{name}"
    );
    assert!(prose().all(|line| !line.contains("<script")), "{name}");
    assert!(
        text.lines().all(|line| !line.starts_with("::")),
        "{name}: Markdown that a log would obey"
    );
    kept_current(&format!("tests/golden/markdown/{name}.md"), &text);
    let tests = junit(summary, &view);
    let read = quick_junit::Report::deserialize_from_str(&tests)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(
        read.test_suites[0].test_cases.len(),
        view.thresholds.len() + view.comparisons.len() + 2,
        "{name}"
    );
    kept_current(&format!("tests/golden/junit/{name}.xml"), &tests);
    let lines = annotations(&view, &|_| {
        Some(("baselines/transcription-nightly.json".to_owned(), 7))
    });
    assert!(
        lines.len() <= 20
            && lines
                .iter()
                .all(|line| line.starts_with("::") && !line.contains('\n')),
        "{lines:?}"
    );
    assert_eq!(
        lines.iter().any(|line| line.starts_with("::error ")),
        view.verdict.exit_code != ExitCode::Success,
        "{name}: {lines:?}"
    );
    kept_current(
        &format!("tests/golden/annotations/{name}.txt"),
        &(lines.join("\n") + "\n"),
    );
}

/// The page of a session judged against a baseline.
pub(super) fn page(summary: &Summary, baseline: Option<&Baseline>) -> String {
    let against = baseline.map_or(Against::Nothing, |own| {
        Against::Baseline("baselines/transcription-nightly.json", own)
    });
    let latencies = latencies(summary);
    let beside = ReportInputs {
        baseline,
        latencies: latencies.as_ref(),
        ..ReportInputs::default()
    };
    html(
        summary,
        &judge(std::slice::from_ref(summary), against),
        &beside,
    )
    .unwrap()
}

#[track_caller]
pub(super) fn golden(name: &str, found: &str) {
    assert_well_formed(found);
    assert!(
        !found.contains("style=") && !found.contains("url(") && !found.contains("src="),
        "{name}"
    );
    for piece in pieces(found) {
        if let Piece::Open(name, attributes) = piece {
            assert!(
                name != "a" || attributes.starts_with("href=\"#"),
                "{name} {attributes}"
            );
            if let Some((place, _)) = attributes
                .strip_prefix("href=\"#")
                .and_then(|rest| rest.split_once('"'))
            {
                assert!(
                    found.contains(&format!("id=\"{place}\"")),
                    "nothing has the name {place}"
                );
            }
            assert!(
                name != "path" || attributes.contains("fill=\""),
                "{name} {attributes}"
            );
        }
    }
    if WHOLE_PAGES.contains(&name) {
        let file = format!("tests/golden/html/{name}.html");
        kept_current(&file, &without_ballast(found));
        return;
    }
    let usual = outline(&page(&passing(), Some(&recorded())));
    let said = besides(&outline(found), &usual);
    kept_current(&format!("tests/golden/html/{name}.txt"), &said);
}

#[track_caller]
fn judged(summary: &Summary, baseline: Option<&Baseline>, wanted: Overall) {
    let against = baseline.map_or(Against::Nothing, |own| Against::Baseline("b.json", own));
    assert_eq!(
        judge(std::slice::from_ref(summary), against).verdict,
        wanted
    );
}

fn value(value: f64) -> MetricValue {
    MetricValue {
        value: Some(value),
        samples: 1_200,
        ..MetricValue::default()
    }
}

fn passing() -> Summary {
    let mut summary = charted(1.01);
    for stat in ["p99", "p95", "p90", "p50"] {
        for run in &mut summary
            .metrics
            .get_mut(&format!("transcribe.latency.{stat}"))
            .unwrap()
            .runs
        {
            run.samples = 1_200;
        }
    }
    summary
}

#[test]
fn a_session_that_passes() {
    let summary = passing();
    judged(&summary, Some(&recorded()), Overall::Pass);
    golden("pass", &page(&summary, Some(&recorded())));
    others("pass", &summary, Some(&recorded()));
}

#[test]
fn a_session_that_fails() {
    let mut summary = charted_with([360, 360, 0, 353, 3, 0, 4, 0], 1.27);
    threshold(
        &mut summary,
        "transcribe.job.total.mean",
        "< 1.2 * transcribe.latency.p50",
    );
    threshold(&mut summary, "transcribe.rtfx.p50", "> 8");
    summary.runs[0].errors = vec![
        error(4, "timeout", "no reply within 30s"),
        error(
            3,
            "status",
            "HTTP 503: Resource threshold exceeded (memory: 92%)",
        ),
    ];
    summary
        .labels
        .insert("version".to_owned(), "1.9.0".to_owned());
    summary.comparison.r#match = ["load_hash", "label.model", "cpu", "cpus"]
        .map(str::to_owned)
        .to_vec();
    judged(&summary, Some(&recorded()), Overall::Fail);
    golden("fail", &page(&summary, Some(&recorded())));
    others("fail", &summary, Some(&recorded()));
}

#[test]
fn a_warning() {
    let mut summary = charted(1.0);
    set(&mut summary, "transcribe.latency.p50", 0, value(1.13));
    let page = page(&summary, Some(&recorded()));
    judged(&summary, Some(&recorded()), Overall::Pass);
    assert!(page.contains("▲ WARN"));
    golden("warn", &page);
    others("warn", &summary, Some(&recorded()));
}

#[test]
fn a_regression_to_be_confirmed() {
    let mut summary = charted(1.25);
    summary.comparison.confirm = 2;
    summary.thresholds.clear();
    judged(&summary, Some(&recorded()), Overall::Undecided);
    golden("suspect", &page(&summary, Some(&recorded())));
    others("suspect", &summary, Some(&recorded()));
}

#[test]
fn a_generator_that_is_not_to_be_believed() {
    let mut summary = charted(1.0);
    summary.runs[0].health.lag_p99_s = Some(0.31);
    summary.runs[0].health.invalid.push(
        "iterations of `transcribe` started late: lag p99 310 ms where 52.8 ms is allowed (10 ms or 5 % of the median latency): the generator was starved"
            .to_owned(),
    );
    golden("invalid", &page(&summary, Some(&recorded())));
    others("invalid", &summary, Some(&recorded()));
}

#[test]
fn nothing_comparable() {
    let mut summary = charted(1.0);
    summary
        .labels
        .insert("model".to_owned(), "large".to_owned());
    summary.comparison.wanted = true;
    judged(&summary, Some(&recorded()), Overall::Mismatch);
    let page = page(&summary, Some(&recorded()));
    assert!(page.contains("label model") && !page.contains("recorded p50"));
    golden("mismatch", &page);
    others("mismatch", &summary, Some(&recorded()));
}

#[test]
fn no_baseline_yet() {
    let mut summary = charted(1.0);
    summary.comparison.wanted = true;
    let verdict = judge(
        std::slice::from_ref(&summary),
        Against::Absent("baselines/transcription-nightly.json"),
    );
    assert_eq!(verdict.verdict, Overall::NoBaseline);
    golden(
        "no_baseline",
        &html(&summary, &verdict, &ReportInputs::default()).unwrap(),
    );
    others_of("no_baseline", &summary, &verdict);
}

#[test]
fn a_session_cut_short() {
    let mut summary = charted_with([91, 91, 0, 86, 0, 0, 0, 5], 1.0);
    summary.runs[0].wall_s = 44.8;
    summary.runs[0].loads[0].window_s = (10.0, 40.3);
    let rate = 86.0 / 30.3;
    set(&mut summary, "transcribe.throughput", 0, value(rate));
    set(
        &mut summary,
        "transcribe.audio_throughput",
        0,
        value(5.0 * rate),
    );
    replay(&mut summary);
    summary.interrupted = Some(Interruption::Sigint);
    golden("interrupted", &page(&summary, None));
    others("interrupted", &summary, None);
}

#[test]
fn nothing_and_next_to_nothing_was_measured() {
    let mut none = charted_with([0, 0, 0, 0, 0, 0, 0, 0], 1.0);
    let load = &mut none.runs[0].loads[0];
    load.window_s = (0.0, 0.0);
    load.counts.clear();
    load.warm_up_mean_s = None;
    load.series = perfgate::summary::Series::default();
    none.runs[0].errors.push(error(
        1,
        "connect",
        "cannot connect to 127.0.0.1:8080: connection refused",
    ));
    golden("zero_samples", &page(&none, None));
    others("zero_samples", &none, None);

    let mut single = charted_with([1, 1, 0, 1, 0, 0, 0, 0], 1.0);
    let load = &mut single.runs[0].loads[0];
    load.by_count = true;
    load.window_s = (0.0, 1.3);
    load.counts.remove("warm_up");
    load.warm_up_mean_s = None;
    single.runs[0].wall_s = 1.6;
    replay(&mut single);
    single.thresholds.truncate(1);
    golden("one_sample", &page(&single, None));
    others("one_sample", &single, None);
    golden("no_runs", &page(&Summary::empty("nothing-at-all"), None));
    others("no_runs", &Summary::empty("nothing-at-all"), None);
}

#[test]
fn several_runs() {
    let mut summary = charted(1.0);
    add_run(&mut summary, counts([360, 360, 0, 358, 2, 0, 0, 0]), 1.3);
    let page = page(&summary, Some(&recorded()));
    assert!(page.contains("In run 1 of 2: "));
    assert_well_formed(&page);
    // How far the runs lie apart is in what programs read too.
    let verdict = judge(std::slice::from_ref(&summary), Against::Nothing);
    let tests = junit(&summary, &View::of(&summary, &verdict));
    assert!(tests.contains("runs: 1.63 s, 2.13 s"), "{tests}");
    let flat = json(&summary, &verdict, None);
    let between = flat["latency"]["e2e"]["between_runs"]["p95"]
        .as_array()
        .unwrap();
    assert!(between[0].as_f64() < between[1].as_f64(), "{between:?}");
    assert!(flat["conversations"].is_null());
}

#[test]
fn what_k6_measured() {
    let mut summary = charted(1.0);
    summary.origin = Some(ForeignTool {
        tool: "k6".to_owned(),
        wall_s: Some(42.0),
        measured: true,
        notes: vec!["k6 counts a request that failed in its latency".to_owned()],
    });
    summary.plan.file.clear();
    summary.runs.clear();
    summary.loads.clear();
    let page = page(&summary, None);
    assert!(page.contains("As k6 measures it under this name.") && !page.contains("perfgate run"));
    golden("k6", &page);
    others("k6", &summary, None);
}

/// What nobody should have to show, all at once.
pub(super) fn hostile() -> Summary {
    let nasty = "<script>alert(1)</script> \"'`& | ]]> \0 \u{202e}enod ::error file=x::{{ page }} <!-- --> \u{1b}[2J";
    let mut summary = charted_with([360, 360, 0, 353, 3, 0, 4, 0], 1.3);
    summary.plan.name = format!("nightly {nasty}");
    summary.plan.description = nasty.to_owned();
    summary.plan.file = format!("plans/{nasty}.toml");
    summary.session = nasty.to_owned();
    summary.labels.insert(nasty.to_owned(), nasty.to_owned());
    summary.presets.push(nasty.to_owned());
    summary.warnings.push(nasty.to_owned());
    summary.generator.cpu = nasty.to_owned();
    summary.loads[0].plan = nasty.to_owned();
    summary.runs[0].errors = vec![
        error(3, nasty, nasty),
        error(1, "server", &"unbroken".repeat(1_280)),
    ];
    summary.thresholds[0].file = nasty.to_owned();
    threshold(&mut summary, nasty, "< 1s");
    summary
}

#[test]
fn what_others_wrote_stays_text() {
    let page = page(&hostile(), Some(&recorded()));
    assert!(!page.contains("<script>alert") && !page.contains('\0') && !page.contains('\u{202e}'));
    golden("hostile", &page);
    others("hostile", &hostile(), Some(&recorded()));
}
