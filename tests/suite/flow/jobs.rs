//! Whole jobs: login, chunks and polls as one flow, and what a job can say and refuse.

use perfgate::measure::{Quantile, RemarkKind};
use perfgate::metric::ErrorClass;
use perfgate::protocol::testing::MockReply;
use perfgate::units::Duration;

use crate::support::flow_run::{FlowRun, after};

/// As the chunked uploads of `plans/` do it.
const UPLOAD: &str = r#"
[headers]
authorization = "Bearer {{token}}"

[[flow.main]]
name = "login"
once = "per-vu"
http.post = "/login"
http.json = { user = "u{{vu}}" }
capture = { token = "$.token" }

[[flow.main]]
name = "initialize"
http.post = "/uploads"
capture = { session = "$.session", chunks = "$.chunks" }

[[flow.main]]
name = "chunk"
repeat = { times = "{{chunks}}", as = "n" }
http.put = "/uploads/{{session}}/{{n}}"

[[flow.main]]
name = "finalize"
http.post = "/uploads/{{session}}/finalize"
capture = { job = "$.job" }

[[flow.main]]
name = "job"
http.get = "/jobs/{{job}}"
poll = { every = "100ms", since = "initialize" }
"#;

fn uploads(at: u64, what: &str) -> MockReply {
    match () {
        () if what == "POST /login" => after(50, 200, r#"{"token": "t"}"#),
        () if what == "POST /uploads" => after(10, 200, r#"{"session": "s", "chunks": 4}"#),
        () if what.starts_with("PUT") => after(5, 200, ""),
        () if what.ends_with("finalize") => after(20, 200, r#"{"job": "j"}"#),
        // Jobs take until the next full second.
        () if at % 1000 < 300 => after(10, 200, r#"{"status": "completed"}"#),
        () => after(10, 200, r#"{"status": "processing"}"#),
    }
}

#[test]
fn an_upload_from_login_to_transcript_is_one_flow_with_exact_counts() {
    let played = FlowRun::new(UPLOAD, "vus = 2\niterations = 6").play(uploads);
    assert_eq!((played.counts().planned, played.counts().ok), (6, 6));
    let steps = played.steps();
    assert_eq!(
        steps[..4],
        [
            ("login", 2, 2),
            ("initialize", 6, 6),
            ("chunk", 24, 24),
            ("finalize", 6, 6)
        ]
    );
    assert_eq!(steps[4], ("job", 6, 6));
    let first: Vec<&str> = played
        .paths()
        .into_iter()
        .filter(|what| what.starts_with("PUT"))
        .take(8)
        .collect();
    let each = [0, 0, 1, 1, 2, 2, 3, 3].map(|n| format!("PUT /uploads/s/{n}"));
    assert_eq!(first, each, "two users side by side, each counting from 0");
    let started = |what: &str| {
        played
            .requests
            .iter()
            .find(|(_, own)| own == what)
            .unwrap()
            .0
    };
    assert_eq!(
        (started("POST /login"), started("POST /uploads")),
        (0, 50),
        "the login is before time zero"
    );
    assert_eq!(played.result.zero.as_nanos(), 50_000_000);
    // 10 ms to accept, 4 × 5 ms of chunks, 20 ms to finalize, and polls until one begins at 1,000 ms or later.
    assert_eq!(
        played.result.stats.requests.started,
        6 + 24 + 6 + poll_count(&played)
    );
    assert_eq!(played.mean(Some("login"), "latency"), Some(50.0));
    let sent = &played.sent;
    let bare = sent
        .iter()
        .filter(|request| request.headers.get("authorization").is_none());
    assert_eq!(bare.count(), 2, "only the logins have no token yet");
    let (setups, took) = played.result.stats.setups;
    assert_eq!(
        (setups.started, setups.ok, took),
        (2, 2, Duration::from_millis(100))
    );
}

fn poll_count(played: &crate::support::flow_run::Played) -> u64 {
    played.polls().len() as u64
}

#[test]
fn the_account_of_a_job_begins_where_since_says() {
    let played = FlowRun::new(UPLOAD, "vus = 1\niterations = 1").play(uploads);
    // Initialized at 50, accepted at 60, finalized at 100; polls begin at 100 and find it done at once.
    let of = |quantity: &str| played.mean(Some("job"), quantity).unwrap();
    assert_eq!(
        (of("accept"), of("slack"), of("total"), of("latency")),
        (10.0, 40.0, 60.0, 10.0)
    );
    assert_eq!(
        played.mean(None, "latency"),
        Some(60.0),
        "the login is no part of it"
    );
}

#[test]
fn polls_wait_as_long_as_each_reply_asks() {
    let plan = "[[flow.main]]\nhttp.get = '/job'\ntimeout = '5s'\npoll = { every = 'retry-after', running = 'processing' }\n";
    let played = FlowRun::new(plan, "vus = 1\niterations = 1").play(|at, _| {
        let state = if at < 20_000 {
            "processing"
        } else {
            "completed"
        };
        let answer = after(100, 200, &format!(r#"{{"status":"{state}"}}"#));
        match at {
            0 => answer.header("retry-after", "2"),
            2_100 => answer.header("retry-after", "soon"),
            3_200 => answer.header("retry-after", "900"),
            8_300 => answer.header("retry-after", "0"),
            _ => answer.header("retry-after", "3"),
        }
    });
    // 2 s after the first reply; 1 s where it makes no sense; never longer than the timeout; at once where it asks so.
    assert_eq!(played.polls()[..6], [0, 2_100, 3_200, 8_300, 8_400, 11_500]);
    assert_eq!(played.counts().ok, 1);
}

#[test]
fn a_refusal_that_the_plan_expects_is_no_error() {
    let plan = r#"
        [[flow.main]]
        name = "submit"
        http.post = "/jobs"
        reject = { status = 503, "header retry-after" = "present" }
        [[flow.main]]
        name = "after"
        http.get = "/x"
    "#;
    let played = FlowRun::new(plan, "vus = 1\niterations = 4").play(|at, what| match at {
        _ if what.starts_with("GET") => after(1, 200, ""),
        0 => after(10, 200, ""),
        11 => after(5, 503, r#"{"detail": "busy, 3 in queue"}"#).header("retry-after", "7"),
        16 => after(5, 503, r#"{"detail": "broken"}"#),
        _ => after(5, 503, r#"{"detail": "busy, 4 in queue"}"#).header("retry-after", "7"),
    });
    let counts = played.counts();
    assert_eq!((counts.ok, counts.rejected, counts.failed), (1, 2, 1));
    assert_eq!(counts.rejection_rate(), Some(0.5));
    assert_eq!(
        (played.errors(ErrorClass::Status), played.messages()),
        (1, vec!["HTTP 503: broken".to_owned()])
    );
    let refused: Vec<_> = played.result.stats.remarks.of(RemarkKind::Rejection);
    assert_eq!(
        (refused.len(), refused[0].1.count),
        (1, 2),
        "numbers are folded as in errors"
    );
    assert_eq!(
        refused[0].1.example,
        "HTTP 503: busy, 3 in queue (Retry-After: 7)"
    );
    assert_eq!(
        played.steps(),
        [("submit", 4, 1), ("after", 1, 1)],
        "a refusal ends the iteration"
    );
    assert_eq!(
        played.distribution(None, "latency").unwrap().count(),
        1,
        "it has no latency among the good ones"
    );
}

#[test]
fn a_job_that_is_refused_while_it_is_polled_is_rejected() {
    let plan = "[[flow.main]]\nhttp.get = '/job'\npoll = { every = '100ms', tolerate = 9 }\nreject = { status = 429 }\n";
    let played = FlowRun::new(plan, "vus = 1\niterations = 1").play(|at, _| match at {
        0 => after(10, 200, r#"{"status": "queued"}"#),
        _ => after(10, 429, ""),
    });
    assert_eq!((played.counts().rejected, played.polls().len()), (1, 2));
    assert_eq!(
        (
            played.result.stats.requests.ok,
            played.result.stats.requests.rejected
        ),
        (1, 1)
    );
}

#[test]
fn what_is_cut_off_in_a_later_try_is_counted_once() {
    let plan =
        "[[flow.main]]\nhttp.get = '/'\nretry = { status = 503, at_most = 5, after = '100ms' }\n";
    let load = "rate = '1/s'\nduration = '1s'";
    let played = FlowRun::new(plan, load)
        .drain(Duration::from_millis(50))
        .play(|at, _| match at {
            0 => after(900, 503, ""),
            _ => after(5_000, 200, ""),
        });
    let stats = &played.result.stats;
    assert_eq!(played.steps(), [("request", 1, 0)]);
    assert_eq!(
        (
            stats.requests.started,
            stats.requests.failed,
            stats.requests.interrupted
        ),
        (2, 1, 1)
    );
    assert_eq!(
        played.p95(Some("request"), "latency"),
        Quantile::Beyond(1_050_000_000)
    );
}
