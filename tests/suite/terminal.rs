//! What a person reads at the end of a run, as files to be read by eye. `UPDATE_GOLDEN=1` writes them anew.

use std::path::Path;

use perfgate::gate::{Against, judge};
use perfgate::metric::Address;
use perfgate::report::View;
use perfgate::report::terminal::{Detail, render};
use perfgate::summary::{Interruption, LoadDescription, MetricValue, StrangeState, Summary};

use crate::support::session::{add_run, counts, error, nightly, set, threshold};

fn text(summary: &Summary, detail: Detail, colour: bool) -> String {
    render(
        &View::of(
            summary,
            &judge(std::slice::from_ref(summary), Against::Nothing),
        ),
        detail,
        colour,
    )
}

fn golden(name: &str, summary: &Summary, detail: Detail) {
    golden_text(name, &text(summary, detail, false));
}

fn golden_text(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/terminal")
        .join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(&path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap();
    assert_eq!(found, wanted, "{name}: UPDATE_GOLDEN=1 writes it anew");
    // Only the verdict is one line whatever it says: it is what scripts look for.
    let widest = if name.ends_with("verbose") { 120 } else { 80 };
    for line in found.lines().rev().skip(1) {
        assert!(
            line.chars().count() <= widest && line.trim_end() == line,
            "{name}: {line:?}"
        );
    }
}

/// The nightly session with other counts than its own.
fn with(measured: [u64; 8]) -> Summary {
    let mut summary = nightly();
    summary.runs.clear();
    summary.metrics.clear();
    add_run(&mut summary, counts(measured), 1.0);
    summary
}

fn value(value: f64, beyond: bool) -> MetricValue {
    MetricValue {
        value: Some(value),
        beyond,
        samples: 357,
        ..MetricValue::default()
    }
}

#[test]
fn a_session_that_passes() {
    golden("pass", &nightly(), Detail::Normal);
    golden("pass_quiet", &nightly(), Detail::Quiet);
    golden("pass_verbose", &nightly(), Detail::Verbose);
}

#[test]
fn a_session_that_fails() {
    let mut summary = with([360, 360, 0, 353, 3, 0, 4, 0]);
    set(
        &mut summary,
        "transcribe.latency.p95",
        0,
        value(2.31, false),
    );
    set(&mut summary, "transcribe.latency.p99", 0, value(40.0, true));
    threshold(
        &mut summary,
        "transcribe.job.total.mean",
        "< 1.2 * transcribe.latency.p50",
    );
    threshold(&mut summary, "transcribe.rtfx.p50", "> 8");
    threshold(&mut summary, "transcribe.job.polls.max", "2 .. 12");
    summary.runs[0].errors = vec![
        error(4, "timeout", "no reply within 30s"),
        error(
            2,
            "status",
            "HTTP 503: Resource threshold exceeded (memory: 92%)",
        ),
        error(
            1,
            "check",
            "expected `$.state` to be one of \"queued\", \"running\", \"done\"; found \"lost\" in an answer of 214 bytes",
        ),
    ];
    summary.runs[0].loads[0].strange_states = vec![StrangeState {
        step: "job".to_owned(),
        state: "paused".to_owned(),
        count: 3,
    }];
    golden("fail", &summary, Detail::Normal);
    golden("fail_verbose", &summary, Detail::Verbose);
}

#[test]
fn a_generator_that_is_not_to_be_believed() {
    let mut summary = nightly();
    let health = &mut summary.runs[0].health;
    health.lag_p99_s = Some(0.31);
    health.busiest = 0.98;
    health.workers = 2;
    health.invalid.push(
        "iterations of `transcribe` started late: lag p99 310 ms where 52.8 ms is allowed (10 ms or 5 % of the median latency): the generator was starved"
            .to_owned(),
    );
    health
        .notes
        .push("this machine was busy: tasks waited for a processor in 41 % of the time".to_owned());
    golden("invalid", &summary, Detail::Normal);
}

#[test]
fn a_metric_without_data() {
    let mut summary = nightly();
    threshold(&mut summary, "transcribe.job.wait.p95", "< 1s");
    golden("missing", &summary, Detail::Normal);
}

#[test]
fn a_session_cut_short() {
    let mut summary = with([91, 91, 0, 86, 0, 0, 0, 5]);
    summary.runs[0].wall_s = 44.8;
    summary.runs[0].loads[0].window_s = (10.0, 40.3);
    summary.interrupted = Some(Interruption::Sigint);
    golden("interrupted", &summary, Detail::Normal);
}

#[test]
fn nothing_and_next_to_nothing_was_measured() {
    let mut none = with([0, 0, 0, 0, 0, 0, 0, 0]);
    let load = &mut none.runs[0].loads[0];
    load.window_s = (0.0, 0.0);
    load.counts.clear();
    load.warm_up_mean_s = None;
    none.runs[0].errors.push(error(
        1,
        "connect",
        "cannot connect to 127.0.0.1:8080: connection refused",
    ));
    golden("zero_samples", &none, Detail::Normal);

    let mut single = with([1, 1, 0, 1, 0, 0, 0, 0]);
    single.runs[0].loads[0].by_count = true;
    single.runs[0].wall_s = 1.6;
    single.thresholds.truncate(1);
    golden("one_sample", &single, Detail::Normal);
    single.thresholds.clear();
    golden("no_thresholds", &single, Detail::Normal);
    golden("no_runs", &Summary::empty("nothing-at-all"), Detail::Normal);
}

#[test]
fn several_runs() {
    let mut summary = nightly();
    add_run(&mut summary, counts([360, 360, 0, 358, 2, 0, 0, 0]), 1.3);
    add_run(&mut summary, counts([360, 360, 0, 360, 0, 0, 0, 0]), 1.04);
    summary.runs[0].errors.push(error(
        1,
        "status",
        "HTTP 503: Resource threshold exceeded (memory: 91%)",
    ));
    summary.runs[1].errors.push(error(
        2,
        "status",
        "HTTP 503: Resource threshold exceeded (memory: 92%)",
    ));
    golden("three_runs", &summary, Detail::Normal);
    for pace in [1.01, 0.98, 1.1] {
        add_run(&mut summary, counts([360, 360, 0, 360, 0, 0, 0, 0]), pace);
    }
    golden("six_runs", &summary, Detail::Normal);
}

#[test]
fn a_target_too_slow_for_the_load() {
    let mut summary = with([360, 287, 73, 285, 0, 2, 0, 0]);
    summary.runs[0].loads[0].rejected_mean_s = Some(0.012);
    golden("drops", &summary, Detail::Normal);
}

#[test]
fn two_loads_side_by_side() {
    let mut summary = nightly();
    let mut speak = summary.runs[0].loads[0].clone();
    speak.load = "speak".to_owned();
    speak.steps = vec![("request".to_owned(), counts([240, 240, 0, 240, 0, 0, 0, 0]))];
    speak.counts.insert(
        "measured".to_owned(),
        counts([240, 240, 0, 240, 0, 0, 0, 0]),
    );
    summary.runs[0].loads.push(speak);
    summary.loads.push(LoadDescription {
        phase: None,
        name: "speak".to_owned(),
        executor: "constant-vus".to_owned(),
        plan: "4 users for 2m".to_owned(),
        open: false,
        users: Some(4),
        canary: false,
        split: None,
    });
    let more: Vec<_> = summary
        .metrics
        .iter()
        .filter_map(|(address, metric)| {
            let name = address.as_str().strip_prefix("transcribe.")?;
            let name = name
                .strip_prefix("submit.")
                .map_or_else(|| name.to_owned(), |rest| format!("request.{rest}"));
            (!name.starts_with("job."))
                .then(|| (Address::from(format!("speak.{name}")), metric.clone()))
        })
        .collect();
    summary.metrics.extend(more);
    summary.runs[0]
        .errors
        .push(error(1, "status", "HTTP 503: busy"));
    summary
        .warnings
        .push("a percentile of 240 samples is little to go by".to_owned());
    golden("two_loads", &summary, Detail::Normal);
}

#[test]
fn what_others_wrote_cannot_move_the_cursor() {
    let mut summary = nightly();
    summary.plan.description = "bell\u{7} and a second\nline".to_owned();
    summary.runs[0].errors = vec![
        error(
            3,
            "status",
            "HTTP 500: \u{1b}[2J\u{1b}[1;31mPASS: all thresholds hold (exit 0)\r\nPASS\u{9b}0m",
        ),
        error(1, "server", &"unbroken".repeat(25)),
    ];
    summary.runs[0].loads[0].strange_states = vec![StrangeState {
        step: "job".to_owned(),
        state: "\u{202e}enod\u{0}".to_owned(),
        count: 1,
    }];
    summary
        .warnings
        .push("tab\tand \u{1b}]0;title\u{7}".to_owned());
    let plain = text(&summary, Detail::Verbose, false);
    assert!(
        !plain.chars().any(|c| c.is_control() && c != '\n'),
        "{plain:?}"
    );
    golden_text("hostile", &text(&summary, Detail::Normal, false));
}

#[test]
fn a_value_never_reads_like_the_limit_it_misses() {
    let mut summary = nightly();
    set(
        &mut summary,
        "transcribe.latency.p95",
        0,
        value(2.000_04, false),
    );
    set(&mut summary, "transcribe.latency.p99", 0, value(3.0, false));
    set(
        &mut summary,
        "transcribe.error_rate",
        0,
        value(0.009_999, false),
    );
    set(
        &mut summary,
        "transcribe.job.queue.p95",
        0,
        value(0.4999, false),
    );
    threshold(&mut summary, "transcribe.latency.p90", "1s .. 1.56s");
    set(
        &mut summary,
        "transcribe.latency.p90",
        0,
        value(1.5601, false),
    );
    golden("equal_looking", &summary, Detail::Normal);
}

#[test]
fn colours_repeat_what_the_words_say() {
    let mut summary = nightly();
    set(
        &mut summary,
        "transcribe.latency.p95",
        0,
        value(2.31, false),
    );
    let plain = text(&summary, Detail::Normal, false);
    let coloured = text(&summary, Detail::Normal, true);
    assert!(
        coloured.contains("\u{1b}[31m") || coloured.contains("\u{1b}[1m\u{1b}[31m"),
        "{coloured:?}"
    );
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}
