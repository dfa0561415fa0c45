//! Streams over HTTP: messages, gaps, marks and spans, exact in virtual time.

use perfgate::audio::{Clip, ClipKind, Pick, Pool, synthesize};
use perfgate::measure::{Quantile, RemarkKind};
use perfgate::metric::ErrorClass;
use perfgate::protocol::testing::MockReply;
use perfgate::units::Duration;

use crate::support::flow_run::{FlowRun, Played, after};

const CHAT: &str = r#"
[[flow.main]]
name = "answer"
http.post = "/chat"
timeout = "10s"
expect = { token = "present", messages = ">= 2" }
[flow.main.stream]
until = { body = "is [DONE]" }
error = { "$.error" = "present" }
[flow.main.stream.marks]
token = "first $.content not empty"
token_last = "last $.content not empty"
[flow.main.stream.spans]
generation = "token -> token_last"
wait = "start -> token"
whole = "connected -> end"
"#;

const ONE: &str = "vus = 1\niterations = 1";

fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

fn content(text: &str) -> String {
    format!(r#"{{"content": "{text}"}}"#)
}

/// A head after 100 ms, a role, three tokens, and the end.
fn answer() -> MockReply {
    after(100, 200, "")
        .message(millis(50), r#"{"role": "x"}"#)
        .message(millis(150), content("a"))
        .message(millis(30), content("b"))
        .message(millis(60), content("c"))
        .message(millis(10), "[DONE]")
        .ends_after(millis(5_000))
}

fn chat(answer: impl Fn(u64) -> MockReply + 'static) -> Played {
    FlowRun::new(CHAT, ONE).play(move |at, _| answer(at))
}

#[test]
fn messages_gaps_marks_and_spans_are_exact() {
    let played = chat(|_| answer());
    let of = |quantity: &str| played.mean(Some("answer"), quantity).unwrap();
    assert_eq!(
        (of("first_byte"), of("first_message"), of("receive")),
        (100.0, 150.0, 300.0)
    );
    assert_eq!(
        (of("latency"), of("messages") * 1e6),
        (400.0, 5.0),
        "the end is the message, not the server's"
    );
    let gaps = played.distribution(Some("answer"), "gap").unwrap();
    assert_eq!(
        (gaps.count(), gaps.mean(), gaps.min(), gaps.max()),
        (4, Some(62.5e6), Some(10_000_000), Some(150_000_000))
    );
    assert_eq!((of("token"), of("token_last")), (300.0, 390.0));
    assert_eq!(
        (of("generation"), of("wait"), of("whole")),
        (90.0, 300.0, 400.0)
    );
    assert_eq!(
        (played.counts().ok, played.result.stats.requests.ok),
        (1, 1)
    );
}

#[test]
fn in_an_open_load_the_first_step_counts_from_its_due_time() {
    let played =
        FlowRun::new(CHAT, "rate = '10/s'\nduration = '300ms'\nmax_vus = 3").play(|_, _| answer());
    assert_eq!(
        (played.counts().ok, played.mean(Some("answer"), "token")),
        (3, Some(300.0))
    );
}

#[test]
fn a_stream_can_go_wrong_in_its_own_ways() {
    let broken = || {
        after(100, 200, "")
            .message(millis(50), content("a"))
            .breaks_after(millis(20), ErrorClass::Reset)
    };
    let reported = || {
        after(100, 200, "")
            .message(millis(50), r#"{"error": {"message": "out of memory"}}"#)
            .message(millis(1), "[DONE]")
    };
    let ended = || after(100, 200, "").message(millis(50), content("a"));
    let silent = || {
        after(100, 200, "")
            .message(millis(50), "x")
            .message(millis(1), "[DONE]")
    };
    for (answer, class, message) in [
        (
            &broken as &dyn Fn() -> MockReply,
            ErrorClass::Reset,
            "scripted: reset",
        ),
        (
            &reported,
            ErrorClass::Server,
            "the stream reported: out of memory",
        ),
        (
            &ended,
            ErrorClass::Server,
            "the server ended the stream before `until` was met, after 1 messages",
        ),
        (
            &silent,
            ErrorClass::Check,
            "expected token to be present, found nothing",
        ),
        (
            &|| after(5, 503, r#"{"detail": "busy"}"#),
            ErrorClass::Status,
            "HTTP 503: busy",
        ),
    ] {
        let made = answer();
        let played = chat(move |_| made.clone());
        assert_eq!(
            (played.errors(class), played.messages()),
            (1, vec![message.to_owned()])
        );
        assert!(
            played.distribution(Some("answer"), "gap").is_none(),
            "a failed stream has no times among the good ones"
        );
    }
}

#[test]
fn a_stream_that_does_not_end_has_timed_out() {
    let played = chat(|_| {
        after(100, 200, "")
            .message(millis(50), content("a"))
            .ends_after(millis(60_000))
    });
    assert_eq!(
        (played.counts().timed_out, played.messages()),
        (1, vec!["the stream has not ended within 10s".to_owned()])
    );
    assert_eq!(
        played.p95(Some("answer"), "latency"),
        Quantile::Beyond(10_000_000_000)
    );
}

#[test]
fn without_until_the_server_ends_it_and_a_span_backwards_has_no_value() {
    let plan = r#"
        [[flow.main]]
        http.get = "/"
        capture = { id = "$.id" }
        [flow.main.stream]
        marks = { a = "first $.a", b = "first $.b", never = "first $.c" }
        spans = { ab = "a -> b", ba = "b -> a", none = "a -> never", all = "first_message -> last_message" }
        [[flow.main]]
        name = "next"
        http.get = "/{{id}}"
    "#
    .replacen("http.get", "name = \"events\"\nhttp.get", 1);
    let events = || {
        let events = after(10, 200, "")
            .message(millis(10), r#"{"a": 1}"#)
            .message(millis(10), r#"{"id": "x", "b": 1}"#);
        events
            .message(millis(10), r#"{"id": "y"}"#)
            .ends_after(millis(70))
    };
    let played = FlowRun::new(&plan, ONE).play(move |_, what| {
        if what == "GET /" {
            events()
        } else {
            after(1, 200, "")
        }
    });
    assert_eq!(
        played.paths(),
        ["GET /", "GET /x"],
        "what is captured comes from the first message that has it"
    );
    let of = |quantity: &str| played.mean(Some("events"), quantity);
    assert_eq!(
        (of("latency"), of("ab"), of("all")),
        (Some(110.0), Some(10.0), Some(20.0))
    );
    assert_eq!((of("ba"), of("never"), of("none")), (None, None, None));
    let odd = played.result.stats.remarks.of(RemarkKind::Oddity);
    let mut odd: Vec<&str> = odd
        .iter()
        .map(|(_, remark)| remark.example.as_str())
        .collect();
    odd.sort_unstable();
    let never = "no message of a stream has what the mark `never` looks for";
    assert_eq!(
        odd,
        [
            never,
            "the span `ba` ended before it began: it has no value"
        ]
    );
}

#[test]
fn pieces_of_a_transcript_are_joined_and_compared() {
    let plan = r#"
        [[flow.main]]
        name = "dictate"
        http.post = "/v1/audio/transcriptions"
        http.multipart = { file = { audio = "speech" } }
        stream = { events = "sse" }
        transcript = "join $.text"
        expect = { transcript = "contains two" }
    "#;
    let mut clip = Clip::new("a.wav", synthesize(ClipKind::Tone, 3.0, 0, 0)).unwrap();
    clip.text = Some("one two three".to_owned());
    let pool = Pool::new(vec![clip.into()], Pick::RoundRobin, 1);
    let played = FlowRun::new(plan, ONE).pool("speech", pool).play(|_, _| {
        let first = after(500, 200, "").message(millis(250), r#"{"text": "One two."}"#);
        first
            .message(millis(500), r#"{"text": "Tree!"}"#)
            .ends_after(millis(250))
    });
    assert_eq!((played.counts().ok, played.messages()), (1, vec![]));
    let words: Vec<_> = played
        .result
        .stats
        .words
        .values()
        .map(|words| (words.errors(), words.words))
        .collect();
    assert_eq!(words, [(1, 3)]);
    assert_eq!(
        played.mean(Some("dictate"), "rtfx").unwrap() * 1e6,
        2_000.0,
        "3 s of audio in 1.5 s"
    );
}

#[test]
fn a_refused_stream_may_be_tried_again() {
    let plan = "[[flow.main]]\nname = 's'\nhttp.get = '/'\nretry = { status = 503, after = '1s' }\nstream = {}\n";
    let played = FlowRun::new(plan, ONE).play(|at, _| match at {
        0 => after(10, 503, ""),
        _ => after(10, 200, "").message(millis(10), "a"),
    });
    assert_eq!(
        (
            played.counts().ok,
            played
                .result
                .stats
                .counters
                .get(perfgate::metric::MetricName::Retries)
        ),
        (1, 1)
    );
    assert_eq!(
        played.mean(Some("s"), "first_message"),
        Some(1_030.0),
        "it counts from the step's start"
    );
}
