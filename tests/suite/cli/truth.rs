//! What perfgate counts is what the target saw.

use super::{jobs, uploads};
use crate::support::demo_target::{DemoTarget, seen};
use crate::support::perfgate::{Perfgate, Tally};

#[test]
fn a_shared_number_of_iterations_is_sent_exactly() {
    let target = DemoTarget::start("transcription", "service_time=5ms");
    let plan = uploads(&format!("{:?}", target.url), "vus = 3\niterations = 40");
    let done = Perfgate::new().plan(&plan).run("run plan.toml");
    done.exits(0);
    assert_eq!(
        (done.counts(), done.requests()),
        (Tally::all_ok(40), Tally::all_ok(40))
    );
    let truth = target.truth();
    assert_eq!(
        truth["requests"],
        serde_json::json!({ "POST /v1/audio/transcriptions": { "200": 40 } })
    );
    assert!(truth["max_in_flight"].as_u64() <= Some(3), "{truth}");
    assert!(
        truth["connections"].as_u64() <= Some(3 + 1),
        "one a user, and the one that asks: {truth}"
    );
    assert_eq!(truth["audio_seconds"], 40.0);
}

#[test]
fn every_user_does_its_own_number_of_iterations() {
    let target = DemoTarget::start("transcription", "service_time=5ms slots=1");
    let plan = uploads(
        &format!("{:?}", target.url),
        "vus = 4\niterations_per_vu = 6",
    );
    let done = Perfgate::new().plan(&plan).run("run plan.toml");
    done.exits(0);
    assert_eq!(done.counts(), Tally::all_ok(24));
    assert_eq!(seen(&target.truth(), "POST /v1/audio/transcriptions"), 24);
}

#[test]
fn every_submit_and_every_poll_is_counted() {
    let target = DemoTarget::start("jobs", "service_time=180ms slots=2");
    let plan = jobs(&format!("{:?}", target.url), "vus = 3\niterations = 8");
    let done = Perfgate::new().plan(&plan).run("run plan.toml");
    done.exits(0);
    let truth = target.truth();
    assert_eq!(done.counts(), Tally::all_ok(8));
    assert_eq!(
        (&truth["jobs"]["submitted"], &truth["jobs"]["completed"]),
        (&8.into(), &8.into())
    );
    let polls = seen(&truth, "GET /jobs/{id}");
    assert_eq!(done.requests(), Tally::all_ok(8 + polls), "{truth}");
    assert!(truth["max_in_flight"].as_u64() <= Some(3), "{truth}");
    let steps = done.summary()["runs"][0]["loads"][0]["steps"].clone();
    assert_eq!(
        (&steps[0][0], &steps[0][1]["ok"]),
        (&"submit".into(), &8.into())
    );
    assert_eq!(
        (&steps[1][0], &steps[1][1]["ok"]),
        (&"job".into(), &8.into())
    );
}

#[test]
fn a_time_ends_a_closed_load_and_nothing_is_lost() {
    let target = DemoTarget::start("transcription", "service_time=30ms slots=2");
    let plan = uploads(
        &format!("{:?}", target.url),
        "vus = 5\nduration = \"1s\"\nwarm_up = \"300ms\"",
    );
    let done = Perfgate::new().plan(&plan).run("run plan.toml");
    done.exits(0);
    let (warm_up, measured) = (done.counts_of(0, "warm_up"), done.counts());
    assert!(
        warm_up.ok > 0 && measured.ok > 0,
        "{warm_up:?} {measured:?}"
    );
    assert_eq!(
        seen(&target.truth(), "POST /v1/audio/transcriptions"),
        warm_up.started + measured.started
    );
}
