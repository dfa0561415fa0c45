//! Conversations over WebSockets and gRPC in virtual time: pacing, moments, delays, coverage, and every way to end.

use std::cell::RefCell;
use std::rc::Rc;

use perfgate::audio::{Clip, ClipKind, Pick, Pool, synthesize};
use perfgate::measure::{Quantile, RemarkKind};
use perfgate::metric::ErrorClass;
use perfgate::protocol::Frame;
use perfgate::protocol::testing::{MockConversation, MockEvent};
use perfgate::units::Duration;

use crate::support::flow_run::{FlowRun, Played};

pub(super) const TALK: &str = r#"
[[flow.main]]
name = "talk"
websocket = "/"
timeout = "5s"
reject = { "$.status" = "is WAIT" }
transcript = "segments $.segments"
expect = { transcript = "not empty" }
[flow.main.stream]
open = { json = { uid = "{{uuid}}", n = "{{iteration}}" } }
ready = { "$.message" = "is READY" }
audio = { from = "speech", chunk = "100ms" }
covers = "$.segments[-1].end"
linger = "500ms"
finish = { binary = "END" }
error = { "$.status" = "is ERROR" }
marks = { language = "first $.language" }
spans = { opening = "connected -> ready", speaking = "audio_start -> audio_end", rest = "audio_end -> finished" }
"#;

const ONE: &str = "vus = 1\niterations = 1";

pub(super) fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

pub(super) fn speech(seconds: f64, text: &str) -> Pool {
    let mut clip = Clip::new("a.wav", synthesize(ClipKind::Tone, seconds, 0, 0)).unwrap();
    clip.text = Some(text.to_owned());
    Pool::new(vec![clip.into()], Pick::RoundRobin, 0)
}

/// What is sent, when in milliseconds.
type Log = Rc<RefCell<Vec<(u64, Frame)>>>;

/// A recogniser: ready after 200 ms, and one segment for each second of audio, 300 ms after the chunk that completed it. Segments that
/// `lost` names never come.
fn recogniser(log: &Log, lost: &'static [u64]) -> MockConversation {
    let (log, mut chunks) = (Rc::clone(log), 0);
    MockConversation::new(millis(50), move |frame, at| {
        log.borrow_mut()
            .push((at.as_nanos() / 1_000_000, frame.clone()));
        match frame {
            Frame::Text(_) => {
                vec![
                    MockEvent::text(150, r#"{"language": "en"}"#),
                    MockEvent::text(200, r#"{"message": "READY"}"#),
                ]
            }
            Frame::Binary(bytes) if &bytes[..] == b"END" => {
                vec![
                    MockEvent::text(100, &segments(chunks, lost)),
                    MockEvent::Close(millis(150), 1000),
                ]
            }
            Frame::Binary(_) => {
                chunks += 1;
                let whole = chunks % 10 == 0 && !lost.contains(&(chunks / 10));
                whole
                    .then(|| MockEvent::text(300, &segments(chunks, lost)))
                    .into_iter()
                    .collect()
            }
            Frame::Finish => Vec::new(),
        }
    })
}

/// The segments of the first so many chunks.
fn segments(chunks: u64, lost: &[u64]) -> String {
    let all = (1..=chunks / 10).filter(|second| !lost.contains(second));
    let all: Vec<String> = all
        .map(|second| {
            let start = second - 1;
            format!(r#"{{"start": "{start}.000", "end": "{second}.000", "text": " word{second}", "completed": true}}"#)
        })
        .collect();
    format!(r#"{{"segments": [{}]}}"#, all.join(", "))
}

fn talk(plan: &str, seconds: f64, dialogue: impl Fn() -> MockConversation + 'static) -> Played {
    FlowRun::new(plan, ONE)
        .pool("speech", speech(seconds, "word1 word2 word3"))
        .play_talking(move |_, _| dialogue())
}

#[test]
fn chunks_leave_by_the_clock_and_every_moment_is_exact() {
    let log = Log::default();
    let target = Rc::clone(&log);
    let played = talk(TALK, 3.0, move || recogniser(&target, &[]));
    assert_eq!((played.counts().ok, played.messages()), (1, vec![]));
    let chunks: Vec<u64> = log
        .borrow()
        .iter()
        .filter(|(_, frame)| matches!(frame, Frame::Binary(b) if b.len() == 3_200))
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(
        chunks,
        (0..30).map(|k| 250 + 100 * k).collect::<Vec<_>>(),
        "open at 50 ms, ready at 250 ms"
    );
    let of = |quantity: &str| played.mean(Some("talk"), quantity).unwrap();
    assert_eq!(
        (of("connect"), of("ready"), of("opening")),
        (50.0, 250.0, 200.0)
    );
    assert_eq!((of("speaking"), of("rest")), (2_900.0, 500.0));
    assert_eq!(
        of("first_message"),
        250.0 + 900.0 + 300.0,
        "greetings are no results"
    );
    let delay = played.distribution(Some("talk"), "delay").unwrap();
    assert_eq!(
        (delay.count(), delay.min(), delay.max()),
        (3, Some(300_000_000), Some(300_000_000))
    );
    assert_eq!(
        of("tail"),
        300.0,
        "the audio ended at 3150 ms; what answers END says nothing new"
    );
    assert_eq!(
        (of("messages") * 1e6, of("pace") * 1e6, of("coverage") * 1e6),
        (6.0, 1_000.0, 1_000_000.0)
    );
    assert_eq!(of("latency"), 3_650.0 + 150.0);
    // Between the last word at 3450 ms and END there was nothing to be heard.
    assert_eq!(
        played.mean(None, "rtfx").map(|factor| factor * 1e6),
        Some((3_000.0 / 3.6_f64).round())
    );
    assert_eq!(
        played.distribution(Some("talk"), "send_lag").unwrap().max(),
        Some(0)
    );
    assert_eq!(
        played.result.stats.words.values().next().unwrap().rate(),
        Some(0.0)
    );
    assert_eq!(of("language"), 200.0);
}

fn is_end(frame: &Frame) -> bool {
    matches!(frame, Frame::Binary(bytes) if &bytes[..] == b"END")
}

#[test]
fn lingering_ends_once_it_has_been_quiet_for_long_enough() {
    // The audio ends at 3150 ms and the last word comes at 3450 ms.
    for (linger, finished) in [
        ("linger = '20s'\nquiet = '2s'", 5_450),
        ("linger = '20s'\nquiet = '200ms'", 3_350),
        ("linger = '1s'\nquiet = '2s'", 4_150),
        ("linger = '0s'\nquiet = '2s'", 3_150),
    ] {
        let log = Log::default();
        let target = Rc::clone(&log);
        let played = talk(
            &TALK.replace("linger = \"500ms\"", linger),
            3.0,
            move || recogniser(&target, &[]),
        );
        assert_eq!(played.counts().ok, 1, "{linger}");
        let ends: Vec<u64> = log
            .borrow()
            .iter()
            .filter(|(_, frame)| is_end(frame))
            .map(|(at, _)| *at)
            .collect();
        assert_eq!(ends, [finished], "{linger}");
    }
}

#[test]
fn a_delay_reads_the_same_whatever_the_length_of_the_audio() {
    for seconds in [2.0, 5.0, 60.0, 600.0] {
        let played = talk(TALK, seconds, || recogniser(&Log::default(), &[]));
        let delay = played.distribution(Some("talk"), "delay").unwrap();
        assert_eq!(
            (delay.min(), delay.max()),
            (Some(300_000_000), Some(300_000_000)),
            "{seconds}"
        );
        assert_eq!(
            played.mean(Some("talk"), "pace").unwrap() * 1e6,
            1_000.0,
            "{seconds}"
        );
    }
}

#[test]
fn lost_segments_are_missing_from_the_coverage() {
    let played = talk(TALK, 25.0, || recogniser(&Log::default(), &[7, 19]));
    assert_eq!(
        played.mean(Some("talk"), "coverage").unwrap() * 1e6,
        920_000.0,
        "2 of 25 seconds"
    );
}

#[test]
fn audio_goes_at_any_pace_and_in_any_encoding() {
    for (audio, chunks, size, took) in [
        ("pace = 4.0", 30, 3_200, 725),
        ("encoding = 'f32le'", 30, 6_400, 2_900),
        ("encoding = 'u8', chunk = '250ms'", 12, 4_000, 2_750),
        ("pace = 0", 30, 3_200, 0),
    ] {
        let plan = TALK.replace("chunk = \"100ms\"", audio);
        let log = Log::default();
        let target = Rc::clone(&log);
        let played = talk(&plan, 3.0, move || recogniser(&target, &[]));
        let log = log.borrow();
        let sent: Vec<_> = log
            .iter()
            .filter(|(_, frame)| matches!(frame, Frame::Binary(b) if b.len() == size))
            .collect();
        assert_eq!(sent.len(), chunks, "{audio}");
        assert_eq!(sent[chunks - 1].0 - sent[0].0, took, "{audio}");
        assert_eq!(played.mean(Some("talk"), "rest"), Some(500.0), "{audio}");
    }
}

#[test]
fn audio_may_stand_in_a_message_as_base64() {
    let plan = r#"
        [[flow.main]]
        name = "talk"
        websocket = "/v1/realtime"
        [flow.main.stream]
        audio = { from = "speech", chunk = "500ms", json = { type = "append", id = "{{vu}}", audio = "{{chunk.base64}}" } }
        finish = { json = { type = "commit" } }
        until = { "$.type" = "is done" }
    "#;
    let log = Log::default();
    let target = Rc::clone(&log);
    let played = talk(plan, 1.0, move || {
        let log = Rc::clone(&target);
        MockConversation::new(millis(10), move |frame, at| {
            log.borrow_mut()
                .push((at.as_nanos() / 1_000_000, frame.clone()));
            let commit = matches!(frame, Frame::Text(text) if &text[..] == br#"{"type":"commit"}"#);
            commit
                .then(|| MockEvent::text(5, r#"{"type": "done"}"#))
                .into_iter()
                .collect()
        })
    });
    assert_eq!(played.counts().ok, 1, "{:?}", played.messages());
    let log = log.borrow();
    let Frame::Text(first) = &log[0].1 else {
        panic!("{:?}", log[0])
    };
    let json: serde_json::Value = serde_json::from_slice(first).unwrap();
    assert_eq!((&json["type"], &json["id"]), (&"append".into(), &1.into()));
    assert_eq!(
        json["audio"].as_str().map(str::len),
        Some(21_336),
        "16,000 bytes in base64"
    );
    assert_eq!(
        log.iter().map(|(at, _)| *at).collect::<Vec<_>>(),
        [10, 510, 510]
    );
}

/// How one conversation ends: the script, and what is said about it.
fn ends(plan: &str, dialogue: impl Fn() -> MockConversation + 'static) -> (Played, Vec<String>) {
    let played = talk(plan, 2.0, dialogue);
    let messages = played.messages();
    (played, messages)
}

fn open(first: &'static str, then: Vec<MockEvent>) -> impl Fn() -> MockConversation {
    move || {
        let said = then.clone();
        MockConversation::new(millis(50), move |frame, _| match frame {
            Frame::Text(_) if first.is_empty() => said.clone(),
            Frame::Text(_) => [vec![MockEvent::text(10, first)], said.clone()].concat(),
            _ => Vec::new(),
        })
    }
}

pub(super) const READY: &str = r#"{"message": "READY"}"#;

#[test]
fn every_way_to_end_has_its_own_words() {
    for (first, then, class, message) in [
        (
            r#"{"status": "ERROR", "message": "bad key"}"#,
            vec![],
            ErrorClass::Server,
            "the stream reported: bad key",
        ),
        (
            "",
            vec![MockEvent::Close(millis(20), 1000)],
            ErrorClass::Server,
            "the server closed the connection with code 1000 after 0.0 s of 2.0 s of audio",
        ),
        (
            READY,
            vec![MockEvent::Close(millis(520), 1011)],
            ErrorClass::Server,
            "the server closed the connection with code 1011 after 0.6 s of 2.0 s of audio",
        ),
        (
            READY,
            vec![MockEvent::Close(millis(520), 1006)],
            ErrorClass::Server,
            "the server dropped the connection without a close frame after 0.6 s of 2.0 s of audio",
        ),
        (
            READY,
            vec![MockEvent::Close(millis(4_000), 1006)],
            ErrorClass::Reset,
            "the server dropped the connection without a close frame",
        ),
        (
            READY,
            vec![MockEvent::Close(millis(4_000), 1013)],
            ErrorClass::Server,
            "the server closed the connection with code 1013",
        ),
        (
            READY,
            vec![MockEvent::Close(millis(4_000), 1000)],
            ErrorClass::Check,
            "expected transcript to be not empty, found nothing",
        ),
        (
            READY,
            vec![MockEvent::Break(millis(800), ErrorClass::Reset)],
            ErrorClass::Reset,
            "scripted: reset",
        ),
        (
            READY,
            vec![
                MockEvent::text(500, r#"{"status": "BUSY"}"#),
                MockEvent::Close(millis(520), 1000),
            ],
            ErrorClass::Server,
            "the server closed the connection with code 1000 after 0.6 s of 2.0 s of audio; its last message: {\"status\": \"BUSY\"}",
        ),
        (
            "",
            vec![],
            ErrorClass::Timeout,
            "the target was not ready within 5s",
        ),
        (
            r#"{"message": "REDY"}"#,
            vec![],
            ErrorClass::Timeout,
            "no message within 5s was the one that `ready` describes; the last of 1: {\"message\": \"REDY\"}",
        ),
        (
            READY,
            vec![],
            ErrorClass::Timeout,
            "the stream has not ended within 5s",
        ),
    ] {
        let (played, messages) = ends(TALK, open(first, then.clone()));
        assert_eq!(
            (played.errors(class), messages),
            (1, vec![message.to_owned()]),
            "{first} {then:?}"
        );
        assert!(played.distribution(Some("talk"), "delay").is_none());
    }
    let (played, messages) = ends(TALK, || MockConversation::answers(millis(20), 403));
    assert_eq!(
        (played.errors(ErrorClass::Status), messages),
        (1, vec!["handshake refused with HTTP 403".to_owned()])
    );
    let (played, _) = ends(TALK, || {
        MockConversation::refuses(millis(20), ErrorClass::Connect)
    });
    assert_eq!(played.errors(ErrorClass::Connect), 1);
}

#[test]
fn whoever_took_a_conversation_is_known_however_it_ends() {
    let plan = TALK.replace(
        "[flow.main.stream]",
        "capture = { instance = 'header x-instance' }\n[flow.main.stream]",
    );
    let spread = |dialogue: fn() -> MockConversation, load: &str| {
        let run = FlowRun::new(&plan, load)
            .pool("speech", speech(3.0, "a"))
            .drain(millis(500));
        let played = run.play_talking(move |_, _| dialogue().header("x-instance", "worker-1"));
        let parts = played.result.stats.split.parts();
        parts
            .map(|(value, part)| (value.to_owned(), part.counts.started, part.counts.ok))
            .collect::<Vec<_>>()
    };
    let load = "vus = 1\niterations = 1\nsplit_by = 'instance'";
    let own = |ok: u64| vec![("worker-1".to_owned(), 1, ok)];
    assert_eq!(spread(|| recogniser(&Log::default(), &[]), load), own(1));
    assert_eq!(
        spread(
            || open(
                READY,
                vec![MockEvent::Break(millis(900), ErrorClass::Reset)]
            )(),
            load
        ),
        own(0),
        "dropped"
    );
    assert_eq!(
        spread(|| open(r#"{"status": "WAIT"}"#, vec![])(), load),
        own(0),
        "refused"
    );
    assert_eq!(
        spread(
            || open(READY, vec![])(),
            "vus = 1\nduration = '1s'\nsplit_by = 'instance'"
        ),
        own(0),
        "cut off"
    );
}

#[test]
fn a_server_that_is_full_has_refused() {
    let (played, messages) = ends(TALK, open(r#"{"status": "WAIT", "message": 3.5}"#, vec![]));
    assert_eq!(
        (played.counts().rejected, played.counts().failed, messages),
        (1, 0, vec![]),
        "it need not hang up"
    );
    assert_eq!(
        played.result.stats.remarks.of(RemarkKind::Rejection).len(),
        1
    );
    let plan = TALK.replace(r#"{ "$.status" = "is WAIT" }"#, "{ status = 503 }");
    let (played, _) = ends(&plan, || MockConversation::answers(millis(20), 503));
    assert_eq!((played.counts().rejected, played.counts().failed), (1, 0));
}

#[test]
fn the_plan_may_want_a_close_code() {
    let plan = TALK.replace("{ transcript = \"not empty\" }", "{ close = 4001 }");
    for (code, ok) in [(4_001, 1), (1_000, 0)] {
        let (played, messages) = ends(
            &plan,
            open(READY, vec![MockEvent::Close(millis(4_000), code)]),
        );
        assert_eq!(played.counts().ok, ok, "{messages:?}");
    }
}

#[test]
fn a_dropped_stream_is_taken_up_again_where_it_stood() {
    let plan = TALK.replace("[flow.main.stream]", "[flow.main.stream]\nreconnect = 1");
    let calls = Rc::new(RefCell::new(0));
    let log = Log::default();
    let (count, target) = (Rc::clone(&calls), Rc::clone(&log));
    let played = talk(&plan, 3.0, move || {
        *count.borrow_mut() += 1;
        if *count.borrow() == 1 {
            return open(
                READY,
                vec![MockEvent::Break(millis(1_015), ErrorClass::Reset)],
            )();
        }
        recogniser(&target, &[])
    });
    assert_eq!(
        (played.counts().ok, *calls.borrow()),
        (1, 2),
        "{:?}",
        played.messages()
    );
    assert_eq!(
        played
            .result
            .stats
            .counters
            .get(perfgate::metric::MetricName::Reconnects),
        1
    );
    let sent = log
        .borrow()
        .iter()
        .filter(|(_, frame)| matches!(frame, Frame::Binary(b) if b.len() == 3_200))
        .count();
    assert_eq!(sent, 19, "eleven chunks went over the first connection");
    assert_eq!(
        played.mean(Some("talk"), "pace").unwrap() * 1e6,
        1_000.0,
        "time without a connection is not sent in"
    );
}

#[test]
fn a_target_that_floods_does_not_hold_up_the_audio() {
    let log = Log::default();
    let target = Rc::clone(&log);
    let played = talk(TALK, 2.0, move || {
        let mut inner = recogniser(&target, &[]);
        inner = inner.begins(
            (0..10_000)
                .map(|n| MockEvent::text(700 + n / 100, r#"{"noise": 1}"#))
                .collect(),
        );
        inner
    });
    assert_eq!(
        (
            played.counts().ok,
            played.mean(Some("talk"), "pace").map(|pace| pace * 1e6)
        ),
        (1, Some(1_000.0))
    );
    assert_eq!(
        played
            .mean(Some("talk"), "messages")
            .map(|count| count * 1e6),
        Some(10_005.0)
    );
}

#[test]
fn what_is_cut_off_ranks_beyond_every_finished_one() {
    let run = FlowRun::new(TALK, "vus = 1\nduration = '1s'")
        .pool("speech", speech(60.0, "a"))
        .drain(millis(500));
    let played = run.play_talking(|_, _| recogniser(&Log::default(), &[]));
    assert_eq!(played.counts().interrupted, 1);
    assert_eq!(
        played.p95(Some("talk"), "latency"),
        Quantile::Beyond(1_500_000_000)
    );
    let client = &played
        .samples
        .iter()
        .flat_map(|batch| &batch.clients)
        .next()
        .unwrap()
        .note;
    assert_eq!(
        (client.connect, client.ready),
        (Some(millis(50)), Some(millis(250))),
        "what was known by then stays"
    );
}

#[test]
fn names_pools_and_formats_are_checked_before_any_traffic() {
    let wrong = |plan: String, pool: Pool| FlowRun::new(&plan, ONE).pool("speech", pool).errors();
    let unknown = wrong(TALK.replace("{{uuid}}", "{{uid}}"), speech(1.0, ""));
    assert!(
        unknown[0].contains("nothing has the name `{{uid}}` here"),
        "{unknown:?}"
    );
    let pool = wrong(
        TALK.replace("from = \"speech\"", "from = \"speach\""),
        speech(1.0, ""),
    );
    assert!(
        pool[0].contains("no audio pool `speach`") && pool[0].contains("`speech`"),
        "{pool:?}"
    );
}
