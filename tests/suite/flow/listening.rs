//! What a conversation is heard to say about its audio: staleness, units, and what the plan looks for in vain.

use perfgate::measure::{Quantile, RemarkKind};
use perfgate::protocol::Frame;
use perfgate::protocol::testing::{MockConversation, MockEvent};

use super::conversations::{READY, TALK, millis, speech};
use crate::support::flow_run::{FlowRun, Played};

const SECOND: u64 = 1_000_000_000;

/// A target that is ready at once and answers each chunk with what `says` has for it, 300 ms later; 2 s after the last it hangs up.
fn answering(says: impl Fn(u64) -> Option<String> + 'static, chunks: u64) -> MockConversation {
    let mut heard = 0;
    MockConversation::new(millis(50), move |frame, _| match frame {
        Frame::Text(_) => vec![MockEvent::text(0, READY)],
        Frame::Binary(bytes) if &bytes[..] == b"END" => vec![],
        Frame::Binary(_) => {
            heard += 1;
            let end = (heard == chunks).then_some(MockEvent::Close(millis(2_000), 1000));
            says(heard)
                .map(|text| MockEvent::text(300, &text))
                .into_iter()
                .chain(end)
                .collect()
        }
        Frame::Finish => vec![],
    })
}

/// One conversation over so many chunks of 100 ms, with `covers` as given.
fn played(
    covers: &str,
    chunks: u64,
    says: impl Fn(u64) -> Option<String> + Copy + 'static,
) -> Played {
    let plan = TALK
        .replace(
            "covers = \"$.segments[-1].end\"",
            &format!("covers = \"{covers}\""),
        )
        .replace("expect = { transcript = \"not empty\" }", "");
    FlowRun::new(&plan, "vus = 1\niterations = 1")
        .pool("speech", speech(chunks as f64 / 10.0, "a"))
        .play_talking(move |_, _| answering(says, chunks))
}

fn oddities(played: &Played) -> Vec<String> {
    played
        .result
        .stats
        .remarks
        .of(RemarkKind::Oddity)
        .iter()
        .map(|(_, remark)| remark.example.clone())
        .collect()
}

#[test]
fn a_service_that_stands_still_makes_all_the_audio_stale_that_waited() {
    let played = played("$.end", 100, |chunk| {
        let silent = (21..100).contains(&chunk);
        (!silent).then(|| format!(r#"{{"end": {}}}"#, chunk as f64 / 10.0))
    });
    let delay = played.distribution(Some("talk"), "delay").unwrap();
    assert_eq!(
        (delay.count(), delay.max()),
        (21, Some(300_000_000)),
        "no message was late"
    );
    let stale = played.distribution(Some("talk"), "staleness").unwrap();
    assert_eq!(stale.count(), 100, "every chunk has waited");
    let of = |n: u64| Some(n * SECOND / 1_000);
    assert_eq!(
        (stale.min(), stale.max()),
        (of(300), of(300 + 7_900)),
        "the first that got no answer waited for the last"
    );
    assert!(
        (stale.mean().unwrap() / 1e6 - (21.0 * 300.0 + 79.0 * (300.0 + 4_000.0)) / 100.0).abs()
            < 30.0
    );
    // Over time: from the moment it stood still, a slope that falls to the answer.
    let medians: Vec<f64> = played
        .result
        .waits
        .all()
        .map(|one| (one.quantiles_s[0] * 10.0).round() / 10.0)
        .collect();
    assert_eq!(medians, [0.3, 0.3, 7.7, 6.7, 5.7, 4.7, 3.7, 2.7, 1.7, 0.7]);
}

#[test]
fn a_service_that_stands_still_for_ever_is_worse_than_every_answer() {
    let plan = TALK.replace("covers = \"$.segments[-1].end\"", "covers = \"$.end\"");
    let run = FlowRun::new(&plan, "vus = 1\niterations = 1").pool("speech", speech(2.0, "a"));
    let played = run.play_talking(|_, _| {
        // Of twenty chunks it answers five, and never hangs up.
        answering(
            |chunk| (chunk <= 5).then(|| format!(r#"{{"end": {}}}"#, chunk as f64 / 10.0)),
            100,
        )
    });
    assert_eq!(played.counts().timed_out, 1);
    let stale = played.distribution(Some("talk"), "staleness").unwrap();
    assert_eq!(
        (stale.count(), stale.quantile(0.25, false)),
        (5, Some(Quantile::Exactly(300_000_000)))
    );
    assert!(
        matches!(stale.quantile(0.5, false), Some(Quantile::Beyond(_))),
        "{:?}",
        stale.quantile(0.5, false)
    );
}

#[test]
fn times_are_counted_in_the_unit_that_the_plan_says() {
    let in_ms = |chunk: u64| {
        chunk
            .is_multiple_of(10)
            .then(|| format!(r#"{{"end": {}}}"#, chunk * 100))
    };
    let right = played("$.end in ms", 30, in_ms);
    assert_eq!(right.mean(Some("talk"), "delay"), Some(300.0));
    assert_eq!(
        right
            .mean(Some("talk"), "coverage")
            .map(|share| (share * 1e6).round()),
        Some(1_000_000.0)
    );
    let wrong = played("$.end", 30, in_ms);
    assert!(
        wrong.distribution(Some("talk"), "delay").is_none(),
        "what cannot be is not measured"
    );
    assert!(wrong.distribution(Some("talk"), "coverage").is_none());
    let odd = oddities(&wrong).concat();
    assert!(
        odd.contains("a result reaches 1000.0 s when 1.2 s of audio had been sent"),
        "{odd}"
    );
    assert!(odd.contains("`covers = \"$.end in ms\"`"), "{odd}");
}

#[test]
fn what_the_plan_looks_for_in_vain_is_said() {
    let silent = played("$.until", 10, |_| Some(r#"{"end": 1}"#.to_owned()));
    let odd = oddities(&silent);
    assert!(
        odd.iter()
            .any(|odd| odd.contains("no message of a conversation has `$.until`")),
        "{odd:?}"
    );
    assert!(
        odd.iter()
            .any(|odd| odd.contains("`transcript` finds nothing")),
        "{odd:?}"
    );
    assert_eq!(
        silent.mean(Some("talk"), "coverage"),
        None,
        "no data is never zero"
    );
    let mark = "no message of a stream has what the mark `language` looks for";
    assert!(odd.iter().any(|odd| odd == mark), "{odd:?}");
    let text = played("$.end", 10, |chunk| {
        Some(if chunk > 4 {
            "hm".to_owned()
        } else {
            r#"{"end": 0.1}"#.to_owned()
        })
    });
    let odd = oddities(&text);
    assert!(
        odd.iter()
            .any(|odd| odd.contains("6 of 11 messages of a conversation are not JSON")),
        "{odd:?}"
    );
}

#[test]
fn warnings_among_the_messages_are_noted_and_end_nothing() {
    let plan = TALK
        .replace(
            "covers = \"$.segments[-1].end\"",
            "warning = { \"$.status\" = \"is WARNING\" }",
        )
        .replace("expect = { transcript = \"not empty\" }", "");
    let run = FlowRun::new(&plan, "vus = 1\niterations = 2").pool("speech", speech(0.3, "a"));
    let played = run.play_talking(|_, _| {
        let slow = |chunk: u64| {
            (chunk == 1)
                .then(|| r#"{"status": "WARNING", "message": "falls back to small"}"#.to_owned())
        };
        answering(slow, 3)
    });
    assert_eq!(played.counts().ok, 2);
    let remarks = played.result.stats.remarks.of(RemarkKind::Oddity);
    let of = |text: &str| {
        remarks
            .iter()
            .find(|(_, remark)| remark.example == text)
            .map(|(_, remark)| remark.count)
    };
    assert_eq!(of("the stream warned: falls back to small"), Some(2));
}

#[test]
fn users_that_were_turned_away_wait_before_they_come_again() {
    let counts = |load: &str, class: Option<perfgate::metric::ErrorClass>| {
        let plan = TALK.replace(r#"{ "$.status" = "is WAIT" }"#, "{ status = 503 }");
        let run = FlowRun::new(&plan, load).pool("speech", speech(1.0, "a"));
        let played = run.play_talking(move |_, _| match class {
            None => MockConversation::answers(millis(20), 503),
            Some(class) => MockConversation::refuses(millis(20), class),
        });
        (
            played.counts().started,
            played.result.stats.immediate_retries,
        )
    };
    use perfgate::metric::ErrorClass::{Connect, Reset, Status};
    let load = "vus = 2\nduration = '10s'\nconnect_over = '0s'";
    assert_eq!(counts(load, None), (1_000, 1_000), "each 20 ms");
    let patient = format!("{load}\nbackoff = '980ms'");
    assert_eq!(counts(&patient, None), (20, 0));
    assert_eq!(counts(&patient, Some(Status)), (20, 0));
    assert_eq!(counts(&patient, Some(Connect)), (20, 0));
    assert_eq!(counts(&patient, Some(Reset)), (20, 0));
    assert_eq!(
        counts(&format!("{load}\nthink = '480ms'"), None),
        (40, 0),
        "without a word of its own as after any other"
    );
}
