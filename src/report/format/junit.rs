//! The verdict as JUnit XML, in the dialect of Jenkins that GitLab reads too: each threshold and each metric is a test.

use std::time::Duration;

use jiff::Timestamp;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::gate::{ExitCode, Mark};
use crate::report::text::head;
use crate::report::view::{PointOutcome, SweepRow, SweepView, View};
use crate::summary::Summary;

/// The session as one suite: the verdict, the generator, every threshold, every compared metric. What cannot be judged is an
/// error, what warns passes and says so. The same documents make the same text.
#[must_use]
pub fn junit(summary: &Summary, view: &View) -> String {
    let mut suite = TestSuite::new(view.plan.as_str());
    suite.set_time(seconds(summary));
    if let Ok(started) = summary.started.parse::<Timestamp>() {
        suite.extra.insert(
            "timestamp".into(),
            started
                .strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
                .to_string()
                .into(),
        );
    }
    let nothing = String::new();
    let properties = [
        ("session", &view.session),
        ("target", &view.target),
        ("labels", &view.labels),
        ("compared with", &view.baseline),
        (
            "conversations",
            view.conversations
                .as_ref()
                .map_or(&nothing, |all| &all.line),
        ),
    ];
    for (name, value) in properties {
        if !value.is_empty() {
            suite.add_property(Property::new(name, value.as_str()));
        }
    }
    let verdict = &view.verdict;
    let status = match verdict.exit_code {
        ExitCode::Success => TestCaseStatus::success(),
        ExitCode::Failed => broken(NonSuccessKind::Failure, verdict.word, &verdict.sentence),
        _ => broken(NonSuccessKind::Error, verdict.word, &verdict.sentence),
    };
    suite.add_test_case(case(&view.plan, "verdict", status, &view.causes));
    let healthy = match view.validity.reasons.as_slice() {
        [] => TestCaseStatus::success(),
        reasons => broken(NonSuccessKind::Error, "NOT USABLE", &reasons.join("; ")),
    };
    suite.add_test_case(case(&view.plan, "generator", healthy, &view.validity.notes));
    for (sweep, row) in view
        .sweeps
        .iter()
        .flat_map(|sweep| sweep.rows.iter().map(move |row| (sweep, row)))
    {
        suite.add_test_case(point(&view.plan, sweep, row));
    }
    for threshold in &view.thresholds {
        let said = format!(
            "{} {} is {}",
            threshold.metric, threshold.bound, threshold.value
        );
        let status = match (threshold.mark, threshold.word) {
            (Mark::Crossed, "FAIL") => broken(NonSuccessKind::Failure, threshold.word, &said),
            (Mark::Missing, "NOT JUDGED") => broken(
                NonSuccessKind::Error,
                threshold.word,
                &format!("{said}: there is no data"),
            ),
            (Mark::NotJudged, _) => broken(
                NonSuccessKind::Error,
                threshold.word,
                &format!("{said}: the generator itself was late"),
            ),
            (Mark::Suspect, _) => broken(
                NonSuccessKind::Error,
                threshold.word,
                &format!("{said}: more sessions have to confirm it"),
            ),
            _ => TestCaseStatus::success(),
        };
        let (class, metric) = split(&view.plan, &threshold.metric);
        let mut notes = if threshold.word == "WARN" {
            vec![format!("WARN: {said}")]
        } else {
            threshold.notes.clone()
        };
        if !threshold.runs.is_empty() {
            notes.push(format!("runs: {}", threshold.runs));
        }
        suite.add_test_case(case(
            &class,
            &format!("{metric} {}", threshold.bound),
            status,
            &notes,
        ));
    }
    for comparison in &view.comparisons {
        let status = match comparison.word {
            "FAIL" => broken(
                NonSuccessKind::Failure,
                comparison.word,
                &comparison.sentence,
            ),
            "UNDECIDED" => broken(NonSuccessKind::Error, comparison.word, &comparison.sentence),
            "NOT JUDGED" => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(comparison.sentence.as_str());
                status
            }
            _ => TestCaseStatus::success(),
        };
        let (class, metric) = split(&view.plan, &comparison.metric);
        // What fails says so already.
        let notes = if matches!(comparison.word, "PASS" | "WARN") {
            vec![comparison.sentence.clone()]
        } else {
            Vec::new()
        };
        suite.add_test_case(case(
            &class,
            &format!("{metric} against the baseline"),
            status,
            &notes,
        ));
    }
    let mut report = Report::new("perfgate");
    report.add_test_suite(suite);
    report.to_string().unwrap_or_default()
}

/// A point of a sweep. One that the plan does not accept fails nothing, and one that was not measured is skipped.
fn point(plan: &str, sweep: &SweepView, row: &SweepRow) -> TestCase {
    let skipped = |why: &str| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(why);
        status
    };
    let status = match &row.outcome {
        PointOutcome::Accepted | PointOutcome::Refused(_) => TestCaseStatus::success(),
        PointOutcome::Invalid => broken(
            NonSuccessKind::Error,
            "NOT USABLE",
            "the generator did not keep up",
        ),
        PointOutcome::Unmeasured(why) => skipped(why),
    };
    let heads = sweep.columns.iter().map(|name| head(name));
    let figures = heads.zip(&row.cells).filter(|(name, _)| !name.is_empty());
    let figures: Vec<String> = figures
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let mut notes = vec![figures.join(", ")];
    notes.extend(row.cells.last().filter(|text| !text.is_empty()).cloned());
    let class = format!("{plan}.{}", sweep.load);
    case(&class, &format!("point {}", row.cells[0]), status, &notes)
}

fn seconds(summary: &Summary) -> Duration {
    Duration::try_from_secs_f64(summary.runs.iter().map(|run| run.wall_s).sum()).unwrap_or_default()
}

fn case(class: &str, name: &str, status: TestCaseStatus, notes: &[String]) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    if !notes.is_empty() {
        case.set_system_out(notes.join("\n"));
    }
    case
}

fn broken(kind: NonSuccessKind, word: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(word).set_message(message);
    status
}

/// `plan.load` and the metric: a class and a name that stay the same from night to night.
fn split(plan: &str, metric: &str) -> (String, String) {
    match metric.split_once('.') {
        Some((load, rest)) => (format!("{plan}.{load}"), rest.to_owned()),
        None => (plan.to_owned(), metric.to_owned()),
    }
}
