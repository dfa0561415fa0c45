//! Targets that do everything wrong: a clear message, the right exit code, nothing lost.

use std::net::TcpListener;

use super::{jobs, transcription, uploads};
use crate::support::perfgate::{Done, Perfgate, Tally};

/// An address at which nothing listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn run(plan: &str) -> Done {
    let done = Perfgate::new().plan(plan).run("run plan.toml");
    done.never_says("panicked");
    for file in ["verdict.json", "histograms", "samples.csv.gz"] {
        assert!(done.file(file).exists(), "{file}\n{}", done.all());
    }
    done
}

/// The groups of errors as class, count and message.
fn errors(done: &Done) -> Vec<(String, u64, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let summary = done.summary();
    let all = summary["runs"][0]["errors"].as_array().unwrap().iter();
    all.map(|error| {
        (
            text(&error["class"]),
            error["count"].as_u64().unwrap(),
            text(&error["message"]),
        )
    })
    .collect()
}

fn classes(done: &Done) -> Vec<(String, u64)> {
    errors(done)
        .into_iter()
        .map(|(class, count, _)| (class, count))
        .collect()
}

#[test]
fn a_target_that_is_not_there_is_waited_for_and_the_hint_is_said() {
    let url = nobody();
    let ready = "{ path = \"/health\", within = \"500ms\", every = \"100ms\", hint = \"start-the-service --now\" }";
    let plan = uploads(
        &format!("{{ url = {url:?}, ready = {ready} }}"),
        "vus = 1\niterations = 3",
    );
    let done = Perfgate::new().plan(&plan).run("run plan.toml");
    done.exits(5)
        .says(&format!("{url}/health was not ready within 500ms"))
        .says("start-the-service --now");
    assert_eq!(done.stdout, "", "there is no result");
}

#[test]
fn a_target_that_never_answers_is_no_result() {
    let done = run(&uploads(
        &format!("{:?}", nobody()),
        "vus = 2\niterations = 6",
    ));
    done.exits(5).says("connection refused");
    assert!(
        done.last_line().starts_with("NO ANSWER: "),
        "{}",
        done.all()
    );
    assert_eq!(done.counts(), Tally::all_failed(6));
    assert_eq!(classes(&done), [("connect".to_owned(), 6)]);
}

#[test]
fn half_of_the_connections_are_reset() {
    let done = run(&uploads(
        &transcription("faults = { reset_share = \"50%\" }"),
        "vus = 2\niterations = 20",
    ));
    done.exits(1).says("class reset");
    let counts = done.counts();
    assert_eq!((counts.started, counts.failed, counts.ok), (20, 10, 10));
    assert_eq!(classes(&done), [("reset".to_owned(), 10)]);
}

#[test]
fn whoever_only_resets_has_never_answered() {
    let done = run(&uploads(
        &transcription("faults = { reset_share = \"100%\" }"),
        "vus = 2\niterations = 6",
    ));
    done.exits(5);
    assert_eq!(done.counts(), Tally::all_failed(6));
}

#[test]
fn what_stalls_is_timed_out_and_ranks_as_slow() {
    let target = transcription("faults = { stall_share = \"50%\", stall = \"1h\" }")
        .replace("{ demo", "{ timeout = \"400ms\", demo");
    let plan = uploads(&target, "vus = 4\niterations = 8") + "latency.p95 = \"< 1h\"\n";
    let done = run(&plan);
    done.exits(1).says("class timeout").says("> ");
    let counts = done.counts();
    assert_eq!(
        (counts.started, counts.timed_out, counts.ok, counts.failed),
        (8, 4, 4, 0)
    );
    assert_eq!(classes(&done), [("timeout".to_owned(), 4)]);
    let verdict = done.json("verdict.json");
    let latency = verdict["thresholds"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["metric"] == "upload.latency.p95");
    assert_eq!(
        latency.unwrap()["mark"],
        "crossed",
        "a percentile among the given up crosses every upper bound"
    );
}

#[test]
fn a_status_to_everything_is_judged_and_its_message_kept() {
    for status in [405, 502, 503] {
        let body = "{\\\"detail\\\":\\\"Resource threshold exceeded (memory: 92%)\\\"}";
        let keys =
            format!("faults = {{ status = {status}, status_share = \"100%\", body = \"{body}\" }}");
        let done = run(&uploads(&transcription(&keys), "vus = 2\niterations = 10"));
        done.exits(1).says("class status");
        done.says(&format!(
            "[10x] HTTP {status}: Resource threshold exceeded (memory: 92%)"
        ));
        assert!(done.last_line().starts_with("FAIL: "), "{}", done.all());
        assert_eq!(done.counts(), Tally::all_failed(10));
        assert_eq!(classes(&done), [("status".to_owned(), 10)]);
    }
}

#[test]
fn bytes_that_are_not_http_are_an_error_of_the_protocol() {
    let done = run(&uploads(
        &transcription("faults = { garbage_share = \"100%\" }"),
        "vus = 2\niterations = 6",
    ));
    done.exits(1).says("class protocol");
    assert_eq!(done.counts(), Tally::all_failed(6));
}

#[test]
fn a_target_that_dies_in_mid_run_fails_it() {
    let done = run(&uploads(
        &transcription("faults = { die_after = 5 }"),
        "vus = 1\niterations = 20",
    ));
    done.exits(1).says("connection refused");
    let counts = done.counts();
    assert_eq!((counts.started, counts.ok, counts.failed), (20, 5, 15));
    assert_eq!(errors(&done).iter().map(|error| error.1).sum::<u64>(), 15);
    // One is cut off by the death, and the next may still be let in by the kernel before the port is closed.
    let refused = &classes(&done)[0];
    assert!(
        refused.0 == "connect" && refused.1 >= 12,
        "{:?}",
        classes(&done)
    );
}

#[test]
fn a_slow_body_is_waited_for_until_the_timeout() {
    let keys = "faults = { slow_body_share = \"100%\", slow_body = \"300ms\" }";
    let patient = run(&uploads(&transcription(keys), "vus = 3\niterations = 6"));
    patient.exits(0);
    assert_eq!(patient.counts(), Tally::all_ok(6));
    let target = transcription(keys)
        .replace("300ms", "1h")
        .replace("{ demo", "{ timeout = \"200ms\", demo");
    let hasty = run(&uploads(&target, "vus = 3\niterations = 6"));
    hasty.exits(1).says("class timeout");
    assert_eq!(hasty.counts().timed_out, 6);
}

#[test]
fn jobs_that_fail_are_failures_of_the_iteration() {
    let target = "{ demo = { service = \"jobs\", service_time = \"60ms\", faults = { job_fail_share = \"50%\" } } }";
    let done = run(&jobs(target, "vus = 2\niterations = 8"));
    done.exits(1).says("failed_whisper_error");
    let counts = done.counts();
    assert_eq!((counts.started, counts.ok, counts.failed), (8, 4, 4));
}
