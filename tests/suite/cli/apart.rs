//! What a report tells apart: splits, refusals that are expected, and payloads that are all the same.

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

fn plan(url: &str, more: &str) -> String {
    format!(
        r#"target = "{url}"
[audio.short]
synthesize = {{ seconds = 0.5 }}
{more}
[[flow.send]]
http.post = "/v1/audio/transcriptions"
http.multipart = {{ file = {{ audio = "short" }} }}
reject = {{ status = 503, body = "matches (?i)memory" }}
[load.send]
vus = 2
iterations = 30
split_by = "short.length"
"#
    )
}

#[test]
fn a_load_is_shown_apart_by_its_split() {
    let target = DemoTarget::start("transcription", "service_time=2ms");
    let done = Perfgate::new()
        .plan(&plan(&target.url, "unique = true"))
        .run("run plan.toml");
    done.exits(0).says("apart").says("short");
    let split = &done.summary()["runs"][0]["loads"][0]["splits"][0];
    assert_eq!(
        (&split["value"], &split["counts"]["ok"]),
        (&"short".into(), &30.into())
    );
}

#[test]
fn refusals_that_are_expected_are_no_errors_and_say_why() {
    let target = DemoTarget::start(
        "transcription",
        "service_time=2ms memory=91% memory_each=1%",
    );
    let done = Perfgate::new()
        .plan(&plan(&target.url, "unique = true"))
        .run("run plan.toml");
    // Nothing ended well, so nothing was measured; but nothing failed either.
    done.exits(6)
        .says("refused 30x: HTTP 503: Resource threshold exceeded (memory: 9");
    let counts = done.counts();
    assert_eq!((counts.rejected, counts.failed), (30, 0));
    assert_eq!(
        done.summary()["metrics"]["send.rejection_rate"]["runs"][0]["value"],
        1.0
    );
}

#[test]
fn payloads_that_are_all_the_same_are_warned_of() {
    let target = DemoTarget::start("transcription", "service_time=2ms cache=true");
    let done = Perfgate::new()
        .plan(&plan(&target.url, ""))
        .run("run plan.toml");
    done.exits(0)
        .says("`send` sends the one clip of `short` again and again")
        .says("unique = true");
    assert_eq!(
        target.truth()["cache_hits"],
        29,
        "and it was answered from memory"
    );
    let other = Perfgate::new()
        .plan(&plan(&target.url, "unique = true"))
        .run("run plan.toml");
    other.exits(0).never_says("again and again");
    assert_eq!(target.truth()["cache_hits"], 29, "what is unique is not");
}

#[test]
fn a_pool_in_which_there_is_nothing_to_hear_is_warned_of() {
    for (kind, silent) in [("silence", true), ("speech", false)] {
        let plan = plan("http://127.0.0.1:1", "").replace(
            "seconds = 0.5",
            &format!("seconds = 0.5, kind = \"{kind}\""),
        );
        let done = Perfgate::new().plan(&plan).run("validate plan.toml");
        let said = done
            .exits(0)
            .stderr
            .contains("`send` sends nothing but silence: there is no sound in `short`");
        assert_eq!(said, silent, "{}", done.all());
    }
}
