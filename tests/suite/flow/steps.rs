//! Pauses, flows within flows, repetitions and tries, exact in virtual time.

use perfgate::audio::{Clip, ClipKind, Pick, Pool, synthesize};
use perfgate::measure::{Quantile, RemarkKind};
use perfgate::metric::ErrorClass;
use perfgate::protocol::testing::MockReply;
use perfgate::units::Duration;

use crate::support::flow_run::{FlowRun, Played, after};

const ONE: &str = "vus = 1\niterations = 1";

fn ok(_: u64, _: &str) -> MockReply {
    after(10, 200, "{}")
}

#[test]
fn a_pause_is_outside_latency_and_inside_duration() {
    let plan = "
        [[flow.main]]
        name = 'a'
        http.get = '/a'
        [[flow.main]]
        pause = '250ms'
        [[flow.main]]
        name = 'b'
        http.get = '/b'
    ";
    let played = FlowRun::new(plan, "vus = 1\niterations = 3").play(ok);
    assert_eq!(played.polls(), [0, 260, 270, 530, 540, 800]);
    assert_eq!(
        (played.mean(None, "latency"), played.mean(None, "service")),
        (Some(20.0), Some(20.0))
    );
    assert_eq!(played.mean(None, "duration"), Some(270.0));
}

#[test]
fn pauses_are_drawn_anew_and_are_the_same_on_any_number_of_workers() {
    let plan =
        "[[flow.main]]\npause = '1s .. 3s'\n[[flow.main]]\nname = 'a'\nhttp.get = '/{{vu}}'\n";
    let of = |workers: u64| {
        let played = FlowRun::new(plan, "vus = 4\niterations_per_vu = 3")
            .workers(workers)
            .play(ok);
        let mut starts = played.requests;
        starts.sort();
        starts
    };
    let (one, two) = (of(1), of(2));
    assert_eq!(one, two);
    let first: Vec<u64> = one.iter().take(4).map(|(at, _)| *at).collect();
    assert!(
        first.iter().all(|at| (1_000..3_000).contains(at)),
        "{first:?}"
    );
    assert!(
        first.windows(2).all(|two| two[0] != two[1]),
        "users do not pause alike: {first:?}"
    );
}

#[test]
fn a_load_that_ends_in_a_pause_says_so() {
    let plan = "[[flow.main]]\nname = 'a'\nhttp.get = '/'\n[[flow.main]]\npause = '10s'\n";
    let load = "rate = '1/s'\nduration = '1s'";
    let played = FlowRun::new(plan, load)
        .drain(Duration::from_millis(500))
        .play(ok);
    assert_eq!(
        (played.counts().interrupted, played.messages().len()),
        (1, 1)
    );
    assert_eq!(
        played.messages(),
        ["cut off in a pause at the end of the load"]
    );
    assert_eq!(
        played.p95(None, "latency"),
        Quantile::Beyond(10_000_000),
        "the pause is no latency"
    );
}

#[test]
fn a_flow_within_a_flow_is_run_in_its_place_and_repeated_as_a_group() {
    let plan = "
        [[flow.main]]
        name = 'begin'
        http.get = '/begin'
        [[flow.main]]
        flow = 'pair'
        repeat = { times = 2, as = 'k' }
        [[flow.main]]
        name = 'end'
        http.get = '/end'
        [[flow.pair]]
        name = 'one'
        repeat = { times = 3, as = 'n' }
        http.get = '/{{k}}/one/{{n}}'
        [[flow.pair]]
        name = 'two'
        http.get = '/{{k}}/two'
    ";
    let played = FlowRun::new(plan, ONE).play(ok);
    let paths: Vec<_> = played.paths().into_iter().map(|what| &what[4..]).collect();
    let expected = [
        "/begin", "/0/one/0", "/0/one/1", "/0/one/2", "/0/two", "/1/one/0", "/1/one/1", "/1/one/2",
        "/1/two", "/end",
    ];
    assert_eq!(paths, expected);
    assert_eq!(
        played.steps(),
        [("begin", 1, 1), ("one", 6, 6), ("two", 2, 2), ("end", 1, 1)]
    );
    assert_eq!(
        (
            played.mean(Some("one"), "latency"),
            played.mean(None, "latency")
        ),
        (Some(10.0), Some(100.0))
    );
}

#[test]
fn times_may_be_captured_none_at_all_or_nonsense() {
    let plan = "
        [[flow.main]]
        name = 'init'
        http.get = '/init'
        capture = { chunks = '$.chunks' }
        [[flow.main]]
        name = 'chunk'
        repeat = { times = '{{chunks}}', as = 'n' }
        http.put = '/{{n}}'
        [[flow.main]]
        name = 'end'
        http.get = '/end'
    ";
    for (chunks, steps, message) in [
        (
            "2",
            vec![("init", 1, 1), ("chunk", 2, 2), ("end", 1, 1)],
            None,
        ),
        (
            "0",
            vec![("init", 1, 1), ("chunk", 0, 0), ("end", 1, 1)],
            None,
        ),
        (
            r#""many""#,
            vec![("init", 1, 1), ("chunk", 0, 0), ("end", 0, 0)],
            Some(r#"`repeat.times` is "many", which is not a whole number"#),
        ),
    ] {
        let body = format!("{{\"chunks\": {chunks}}}");
        let played = FlowRun::new(plan, ONE).play(move |_, _| after(1, 200, &body));
        assert_eq!(played.steps(), steps, "{chunks}");
        assert_eq!(
            played.messages().first().map(String::as_str),
            message,
            "{chunks}"
        );
        assert_eq!(
            played.errors(ErrorClass::Check),
            u64::from(message.is_some())
        );
    }
}

#[test]
fn a_poll_in_a_repeated_group_counts_from_the_step_of_its_own_turn() {
    let plan = "
        [[flow.main]]
        flow = 'job'
        repeat = { times = 3 }
        [[flow.job]]
        name = 'submit'
        http.post = '/jobs'
        [[flow.job]]
        name = 'wait'
        http.get = '/job'
        poll = { every = '100ms' }
    ";
    let played = FlowRun::new(plan, ONE).play(|_, what| match what {
        "POST /jobs" => after(20, 200, ""),
        _ => after(10, 200, r#"{"status": "completed"}"#),
    });
    let total = played.distribution(Some("wait"), "total").unwrap();
    assert_eq!(
        (total.count(), total.min(), total.max()),
        (3, Some(30_000_000), Some(30_000_000))
    );
    assert_eq!(played.mean(Some("wait"), "accept"), Some(20.0));
}

fn flaky(retry: &str, answer: impl Fn(u64, &str) -> MockReply + 'static) -> Played {
    FlowRun::new(
        &format!("[[flow.main]]\nhttp.get = '/'\ntimeout = '1s'\nretry = {retry}\n"),
        ONE,
    )
    .play(answer)
}

#[test]
fn tries_are_counted_and_all_in_the_latency() {
    let played = flaky(
        "{ status = [502, 503], errors = 'reset', at_most = 3, after = '100ms' }",
        |at, _| match at {
            0 => after(20, 503, ""),
            120 => MockReply::fails(Duration::from_millis(5), ErrorClass::Reset),
            _ => after(10, 200, ""),
        },
    );
    assert_eq!(played.polls(), [0, 120, 225]);
    let stats = &played.result.stats;
    assert_eq!(
        (
            stats.counters.get(perfgate::metric::MetricName::Retries),
            played.counts().ok
        ),
        (2, 1)
    );
    assert_eq!(
        (
            stats.requests.started,
            stats.requests.ok,
            stats.requests.failed
        ),
        (3, 1, 2)
    );
    assert_eq!(played.steps(), [("request", 1, 1)]);
    assert_eq!(
        (
            played.mean(Some("request"), "latency"),
            played.mean(None, "latency")
        ),
        (Some(235.0), Some(235.0))
    );
    assert_eq!(played.mean(None, "requests.latency"), Some(10.0));
    assert!(played.messages().is_empty(), "{:?}", played.messages());
}

#[test]
fn retry_after_is_honoured_to_the_millisecond() {
    let played = flaky(
        "{ status = 503, at_most = 5, after = 'retry-after' }",
        |at, _| match at {
            0 => after(20, 503, "").header("retry-after", "0"),
            20 => after(20, 503, ""),
            1_040 => after(20, 503, "").header("retry-after", "30"),
            _ => after(10, 200, ""),
        },
    );
    assert_eq!(
        played.polls(),
        [0, 20, 1_040, 2_060],
        "at once; 1 s where nothing is said; the timeout at most"
    );
    assert_eq!(played.mean(None, "latency"), Some(2_070.0));
}

#[test]
fn tries_come_to_an_end_and_other_errors_are_not_tried_again() {
    let played = flaky("{ status = 503, at_most = 2, after = '10ms' }", |_, _| {
        after(10, 503, "busy")
    });
    assert_eq!(
        (
            played.polls().len(),
            played
                .result
                .stats
                .counters
                .get(perfgate::metric::MetricName::Retries)
        ),
        (3, 2)
    );
    assert_eq!(
        (played.errors(ErrorClass::Status), played.messages()),
        (1, vec!["HTTP 503: busy".to_owned()])
    );
    let played = flaky("{ status = 503, at_most = 2 }", |_, _| after(10, 500, ""));
    assert_eq!(
        (played.polls().len(), played.errors(ErrorClass::Status)),
        (1, 1)
    );
    let played = flaky(
        "{ errors = ['timeout', 'check'], after = '10ms' }",
        |_, _| after(5_000, 200, ""),
    );
    assert_eq!(
        (played.polls(), played.counts().timed_out),
        (vec![0, 1_010], 1)
    );
    assert_eq!(played.p95(None, "latency"), Quantile::Beyond(2_010_000_000));
}

fn clip(name: &str, seconds: f64, text: Option<&str>) -> std::sync::Arc<Clip> {
    let mut clip = Clip::new(name, synthesize(ClipKind::Tone, seconds, 0, 0)).unwrap();
    clip.text = text.map(str::to_owned);
    clip.into()
}

#[test]
fn transcripts_are_compared_with_what_was_said() {
    let plan = r#"
        [[flow.main]]
        name = "submit"
        http.post = "/jobs"
        http.audio = "speech"
        [[flow.main]]
        name = "job"
        http.get = "/job"
        poll = { every = "1s" }
        transcript = "$.text"
        expect = { transcript = "not empty" }
    "#;
    let clips = vec![
        clip("a.wav", 1.0, Some("one two three four")),
        clip("b.wav", 1.0, None),
        clip("c.wav", 1.0, Some("x y")),
    ];
    let pool = Pool::new(clips, Pick::RoundRobin, 1);
    let answers = |at: u64, what: &str| match at {
        _ if what.starts_with("POST") => after(10, 200, ""),
        ..20 => after(
            10,
            200,
            r#"{"status": "completed", "text": "One, two free."}"#,
        ),
        20..40 => after(10, 200, r#"{"status": "completed", "text": "anything"}"#),
        _ => after(10, 200, r#"{"status": "completed", "text": ""}"#),
    };
    let played = FlowRun::new(plan, "vus = 1\niterations = 3")
        .pool("speech", pool)
        .play(answers);
    let words: Vec<_> = played.result.stats.words.values().collect();
    // "free" for "three" and no "four"; a clip without a text and an iteration that failed do not count.
    assert_eq!(words.len(), 1);
    assert_eq!(
        (
            words[0].substitutions,
            words[0].deletions,
            words[0].words,
            words[0].texts
        ),
        (1, 1, 4, 1)
    );
    assert_eq!(played.errors(ErrorClass::Check), 1);
    assert!(
        played.messages()[0].contains("expected transcript to be not empty"),
        "{:?}",
        played.messages()
    );
}

#[test]
fn the_seconds_of_audio_may_be_the_replys_and_are_never_nothing() {
    let plan = "[[flow.main]]\nname = 'speak'\nhttp.post = '/tts'\naudio_seconds = 'reply'\n";
    let wav = synthesize(ClipKind::Speech, 2.0, 0, 0);
    let played = FlowRun::new(plan, "vus = 1\niterations = 2").play(move |at, _| match at {
        0 => MockReply::new(Duration::from_millis(500), 200, wav.clone()),
        _ => after(500, 200, "{}"),
    });
    let rtfx = played.distribution(Some("speak"), "rtfx").unwrap();
    assert_eq!(
        (rtfx.count(), rtfx.min()),
        (1, Some(4_000)),
        "2 s in 0.5 s, once"
    );
    assert_eq!(played.distribution(None, "rtfx").unwrap().count(), 1);
    let odd = played.result.stats.remarks.of(RemarkKind::Oddity);
    assert_eq!((odd.len(), odd[0].1.count), (1, 1));
    assert!(odd[0].1.example.contains("not a WAV"), "{odd:?}");
}

#[test]
fn no_two_unique_payloads_are_equal() {
    let plan = "[[flow.main]]\nname = 'a'\nhttp.post = '/a'\nhttp.audio = 'speech'\n[[flow.main]]\nname = 'b'\nhttp.post = '/b'\nhttp.json = { audio = '{{speech.base64}}' }\n";
    let pool = Pool::new(vec![clip("a.wav", 0.1, None)], Pick::RoundRobin, 1).unique();
    let run = FlowRun::new(plan, "vus = 3\niterations = 50").pool("speech", pool);
    let played = run.play(ok);
    let bodies = |path: &str| -> std::collections::BTreeSet<Vec<u8>> {
        let own = played
            .sent
            .iter()
            .filter(|request| request.target.as_str() == path);
        own.map(|request| request.payload.parts().concat())
            .collect()
    };
    assert_eq!((bodies("/a").len(), bodies("/b").len()), (50, 50));
    let lengths: std::collections::BTreeSet<usize> = bodies("/a").iter().map(Vec::len).collect();
    assert_eq!(lengths.len(), 1, "the length stays");
    assert_eq!(
        played.mean(Some("a"), "rtfx").unwrap() * 1e6,
        10_000.0,
        "0.1 s in 10 ms"
    );
    let (flow, _, _) = run.compile().unwrap();
    assert_ne!(
        format!("{:?}", flow.for_run(1)),
        format!("{:?}", flow.for_run(2)),
        "and runs differ"
    );
}

#[test]
fn what_is_expected_knows_the_names_of_the_iteration() {
    let plan = "
        [[flow.main]]
        name = 'a'
        http.get = '/a'
        capture = { id = '$.id' }
        [[flow.main]]
        name = 'b'
        http.get = '/b'
        expect = { '$.own' = 'is {{id}}', '$.all[?@.id == {{id}}].vu' = '{{vu}}' }
        reject = { '$.refused' = 'is not {{id}}' }
        capture = { n = \"$.all[?@.id == '{{id}}'].n\" }
        [[flow.main]]
        name = 'c'
        http.get = '/c/{{n}}'
        expect = { status = '{{n}}' }
    ";
    let own = r#"{"own": "x-1", "refused": "x-1", "all": [{"id": "x-1", "n": 201, "vu": 1}, {"id": "y", "n": 9}]}"#;
    for (b, last, counts) in [
        (own.to_owned(), 201, (1, 0, 0)),
        (
            own.replace("\"own\": \"x-1\"", "\"own\": \"x-2\""),
            201,
            (0, 1, 0),
        ),
        (
            own.replace("\"refused\": \"x-1\"", "\"refused\": \"\""),
            201,
            (0, 0, 1),
        ),
        (own.to_owned(), 200, (0, 1, 0)),
    ] {
        let played = FlowRun::new(plan, ONE).play(move |_, what| match what {
            "GET /a" => after(10, 200, r#"{"id": "x-1"}"#),
            "GET /b" => after(10, 200, &b),
            "GET /c/201" => after(10, last, "{}"),
            other => panic!("{other}"),
        });
        let found = played.counts();
        assert_eq!(
            (found.ok, found.failed, found.rejected),
            counts,
            "{:?}",
            played.messages()
        );
    }
}
