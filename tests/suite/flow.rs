//! Flows in virtual time, against a target that answers by a script: poll times, budgets and the account of a job, exact.

use perfgate::measure::Quantile;
use perfgate::metric::{ErrorClass, LoadId, MetricLevel};
use perfgate::protocol::testing::MockReply;
use perfgate::units::Duration;

use crate::support::flow_run::{FlowRun, Played, after};

mod conversations;
mod data;
mod diagnostics;
mod jobs;
mod listening;
mod setup;
mod steps;
mod streams;

/// A submit step and a poll of what it made.
const JOB: &str = r#"
[[step]]
name = "submit"
http.post = "/jobs"
capture = { id = "$.id" }

[[step]]
name = "job"
http.get = "/jobs/{{id}}"
expect = { "$.transcript" = "not empty" }
timeout = "400ms"
"#;

/// Runs one load over the steps; `answer` is asked with the time in milliseconds and `METHOD path`.
fn play(
    steps: &str,
    load: &str,
    drain: Duration,
    answer: impl Fn(u64, &str) -> MockReply + 'static,
) -> Played {
    FlowRun::new(&steps.replace("[[step]]", "[[flow.main]]"), load)
        .drain(drain)
        .play(answer)
}

/// A target that accepts in 20 ms, and whose job goes through states by the time since the run began.
fn job(states: &'static [(u64, &'static str)]) -> impl Fn(u64, &str) -> MockReply {
    move |at, what| {
        if what.starts_with("POST") {
            return after(20, 200, r#"{"id":"j1"}"#);
        }
        let state = states
            .iter()
            .rev()
            .find(|(from, _)| *from <= at)
            .map_or("queued", |(_, state)| state);
        after(
            10,
            200,
            &format!(r#"{{"status":"{state}","transcript":"hello"}}"#),
        )
    }
}

fn steps(poll: &str) -> String {
    format!("{JOB}poll = {poll}\n")
}

const ONE: &str = "vus = 1\niterations = 1";
const LONG: Duration = Duration::from_secs(3600);

#[test]
fn polls_keep_to_the_clock_and_the_account_of_a_job_adds_up() {
    let steps = steps("{ every = '100ms', running = 'processing' }");
    let played = play(
        &steps,
        ONE,
        LONG,
        job(&[(150, "processing"), (380, "COMPLETED")]),
    );
    assert_eq!(
        played.polls(),
        [20, 120, 220, 320, 420],
        "each poll is due at k times the interval after the first"
    );
    let of = |quantity: &str| played.mean(Some("job"), quantity).unwrap();
    assert_eq!(
        (of("accept"), of("queue"), of("processing"), of("slack")),
        (20.0, 200.0, 100.0, 100.0)
    );
    assert_eq!((of("total"), of("polls") * 1e6), (430.0, 5.0));
    assert_eq!(
        of("accept") + of("queue") + of("processing") + of("slack") + 10.0,
        of("total")
    );
    assert_eq!(
        of("in.processing"),
        200.0,
        "from the first poll that saw it to the one that no longer did"
    );
    assert_eq!(played.mean(Some("job"), "latency"), Some(410.0));
    assert_eq!(played.mean(None, "latency"), Some(430.0));
    assert_eq!(played.result.stats.requests.ok, 6);
}

#[test]
fn without_running_states_queue_and_processing_are_one() {
    let played = play(
        &steps("{ every = '100ms' }"),
        ONE,
        LONG,
        job(&[(150, "processing"), (380, "completed")]),
    );
    assert_eq!(played.mean(Some("job"), "wait"), Some(300.0));
    assert!(played.mean(Some("job"), "queue").is_none());
}

#[test]
fn a_job_that_is_done_at_the_first_poll_waited_for_nothing() {
    let played = play(
        &steps("{ every = '100ms', running = 'processing', delay = '50ms' }"),
        ONE,
        LONG,
        job(&[(0, "completed")]),
    );
    assert_eq!(played.polls(), [70]);
    let of = |quantity: &str| played.mean(Some("job"), quantity).unwrap();
    assert_eq!(
        (of("queue"), of("processing"), of("slack"), of("total")),
        (0.0, 0.0, 50.0, 80.0)
    );
}

#[test]
fn a_poll_that_takes_longer_than_the_interval_skips_what_was_due() {
    let slow = |at: u64, what: &str| match () {
        () if what.starts_with("POST") => after(20, 200, r#"{"id":"j1"}"#),
        () if at < 100 => after(250, 200, r#"{"status":"processing"}"#),
        () => after(10, 200, r#"{"status":"completed","transcript":"x"}"#),
    };
    let played = play(
        &steps("{ every = '100ms', running = 'processing' }"),
        ONE,
        LONG,
        slow,
    );
    assert_eq!(
        played.polls(),
        [20, 320],
        "what was due at 120 and 220 is skipped, the grid stays"
    );
    let of = |quantity: &str| played.mean(Some("job"), quantity).unwrap();
    assert_eq!(
        (of("slack"), of("processing"), of("polls") * 1e6),
        (100.0, 200.0, 2.0),
        "the overrun is the target's"
    );
}

#[test]
fn waits_grow_by_their_factor() {
    let played = play(
        &steps("{ every = '100ms', backoff = 2 }"),
        ONE,
        LONG,
        job(&[(700, "completed")]),
    );
    assert_eq!(played.polls(), [20, 120, 320, 720]);
}

#[test]
fn polls_without_an_end_fail_as_such_and_rank_above_every_finished_job() {
    let steps = steps("{ every = '100ms', at_most = 3, running = 'processing' }");
    let played = play(&steps, ONE, LONG, job(&[(0, "processing")]));
    assert_eq!(played.polls(), [20, 120, 220]);
    assert_eq!(
        (
            played.errors(ErrorClass::Poll),
            played.result.stats.measured_part().counts.failed
        ),
        (1, 1)
    );
    assert_eq!(played.messages(), ["not done after 3 polls"]);
    assert_eq!(played.p95(None, "latency"), Quantile::Beyond(230_000_000));
    assert_eq!(
        played.p95(Some("job"), "total"),
        Quantile::Beyond(230_000_000)
    );
}

#[test]
fn success_after_the_deadline_is_a_timeout() {
    let steps = steps("{ every = '100ms', within = '305ms', running = 'processing' }");
    let played = play(
        &steps,
        ONE,
        LONG,
        job(&[(0, "processing"), (315, "completed")]),
    );
    assert_eq!(
        played.polls(),
        [20, 120, 220, 320],
        "the poll at 320 succeeds at 330, and the deadline was 325"
    );
    assert_eq!(played.result.stats.measured_part().counts.timed_out, 1);
    assert_eq!(played.messages(), ["not done within 305ms"]);
}

#[test]
fn a_failed_state_ends_the_job_at_once_whatever_its_case() {
    let played = play(
        &steps("{ every = '100ms' }"),
        ONE,
        LONG,
        job(&[(100, "FAILED_launch_error")]),
    );
    assert_eq!(played.polls(), [20, 120]);
    assert_eq!(played.errors(ErrorClass::Server), 1);
    assert_eq!(played.messages(), ["the job ended as FAILED_launch_error"]);
}

#[test]
fn states_that_the_plan_does_not_know_are_listed() {
    let steps = steps("{ every = '100ms', running = ['processing', 'enriching'] }");
    let played = play(
        &steps,
        ONE,
        LONG,
        job(&[(100, "warming"), (200, "processing"), (300, "completed")]),
    );
    let strange: Vec<_> = played
        .result
        .stats
        .unknown_states
        .iter()
        .map(|(_, state, n)| (state, n))
        .collect();
    assert_eq!(strange, [("warming", 1)], "`queued` is known by itself");
}

#[test]
fn polls_that_go_wrong_are_forgiven_so_many_times_in_a_row() {
    let flaky = |at: u64, what: &str| match at {
        _ if what.starts_with("POST") => after(20, 200, r#"{"id":"j1"}"#),
        120 => after(5, 503, r#"{"detail":"busy"}"#),
        220 => MockReply::fails(Duration::from_millis(5), ErrorClass::Reset),
        420 => after(10, 200, r#"{"status":"completed","transcript":"x"}"#),
        _ => after(10, 200, r#"{"status":"processing"}"#),
    };
    let tolerant = play(
        &steps("{ every = '100ms', tolerate = 2 }"),
        ONE,
        LONG,
        flaky,
    );
    assert_eq!(
        (
            tolerant.result.stats.measured_part().counts.ok,
            tolerant.polls().len()
        ),
        (1, 5)
    );
    assert_eq!(
        (
            tolerant.result.stats.requests.ok,
            tolerant.result.stats.requests.failed
        ),
        (4, 2)
    );
    let strict = play(
        &steps("{ every = '100ms', tolerate = 1 }"),
        ONE,
        LONG,
        flaky,
    );
    assert_eq!(
        (strict.errors(ErrorClass::Reset), strict.polls().len()),
        (1, 3)
    );
    let none = play(&steps("{ every = '100ms' }"), ONE, LONG, flaky);
    assert_eq!(
        (none.errors(ErrorClass::Status), none.polls().len()),
        (1, 2)
    );
    assert_eq!(none.messages(), ["HTTP 503: busy"]);
}

#[test]
fn what_a_job_must_be_is_checked_on_its_last_reply() {
    let empty = |_: u64, what: &str| match () {
        () if what.starts_with("POST") => after(20, 200, r#"{"id":"j1"}"#),
        () => after(10, 200, r#"{"status":"completed","transcript":""}"#),
    };
    let played = play(&steps("{ every = '100ms' }"), ONE, LONG, empty);
    assert_eq!(played.errors(ErrorClass::Check), 1);
    assert!(
        played.messages()[0].contains("not empty"),
        "{:?}",
        played.messages()
    );
}

#[test]
fn a_step_has_its_time_and_no_more() {
    let steps = "[[step]]\nhttp.get = '/'\ntimeout = '250ms'\n";
    let played = play(steps, "vus = 2\niterations = 4", LONG, |_, _| {
        after(300, 200, "")
    });
    let counts = played.result.stats.measured_part().counts;
    assert_eq!(
        (counts.timed_out, played.errors(ErrorClass::Timeout)),
        (4, 4)
    );
    assert_eq!(played.p95(None, "latency"), Quantile::Beyond(250_000_000));
    assert_eq!(played.messages(), ["no answer within 250ms"]);
    assert_eq!(played.polls(), [0, 0, 250, 250]);
}

#[test]
fn classes_of_errors_come_from_the_transport() {
    let steps = "[[step]]\nhttp.get = '/'\n";
    for class in [
        ErrorClass::Connect,
        ErrorClass::Dns,
        ErrorClass::Reset,
        ErrorClass::Protocol,
    ] {
        let played = play(steps, ONE, LONG, move |_, _| {
            MockReply::fails(Duration::from_millis(1), class)
        });
        assert_eq!(played.errors(class), 1, "{class:?}");
        assert!(
            played.mean(None, "latency").is_none(),
            "a failure has no latency of its own among the good ones"
        );
        assert!(
            (played.result.stats.failed_latency.mean().unwrap() - 1e6).abs() < 1.0,
            "it stands apart"
        );
    }
}

#[test]
fn a_capture_that_finds_nothing_fails_and_the_next_step_is_not_run() {
    let played = play(&steps("{ every = '100ms' }"), ONE, LONG, |_, _| {
        after(5, 200, "{}")
    });
    assert_eq!(
        (played.errors(ErrorClass::Check), played.requests.len()),
        (1, 1)
    );
    assert_eq!(played.messages(), ["nothing to capture as `id` at $.id"]);
}

#[test]
fn what_is_cut_off_is_counted_in_its_step_too() {
    let load = "rate = '1/s'\nduration = '1s'";
    let steps = steps("{ every = '100ms', running = 'processing' }");
    let played = play(
        &steps,
        load,
        Duration::from_millis(500),
        job(&[(0, "processing")]),
    );
    let stats = &played.result.stats;
    assert_eq!(stats.measured_part().counts.interrupted, 1);
    let job = stats.steps.last().unwrap();
    assert_eq!((job.started, job.interrupted), (1, 1));
    assert_eq!(
        played.p95(Some("job"), "total"),
        Quantile::Beyond(1_500_000_000)
    );
    assert_eq!(played.messages().len(), 1);
}

#[test]
fn the_request_of_a_step_has_what_was_captured_before() {
    let played = play(
        &steps("{ every = '100ms' }"),
        ONE,
        LONG,
        job(&[(0, "completed")]),
    );
    let paths: Vec<_> = played
        .requests
        .iter()
        .map(|(_, what)| what.as_str())
        .collect();
    assert_eq!(paths, ["POST /jobs", "GET /jobs/j1"]);
    assert_eq!(
        played
            .catalog
            .step(played.catalog.load(LoadId(0)).steps[1])
            .level,
        MetricLevel::Poll
    );
}

#[test]
fn a_token_for_every_request_may_be_captured_by_the_first() {
    let login = "[[flow.main]]\nname = 'login'\nhttp.post = '/login'\ncapture = { token = '$.token' }\n\
                 [[flow.main]]\nname = 'work'\nhttp.get = '/work'\n";
    for (secret, fine) in [("{{token}}", true), ("{{tokn}}", false)] {
        let plan = format!("auth = {{ bearer = '{secret}' }}\n{login}");
        assert_eq!(FlowRun::new(&plan, ONE).compile().is_ok(), fine, "{secret}");
    }
}
