//! The plans in `plans/`, run as the README says.

use std::fs;
use std::path::Path;

use perfgate::plan::{Options, load};
use serde_json::Value;

use crate::support::demo_target::{DemoTarget, seen};
use crate::support::perfgate::{Done, Perfgate, calmly};

#[test]
fn the_quickstart_passes_and_leaves_its_files() {
    let scene = Perfgate::new().shipped();
    let (done, ()) = calmly(|| {
        (
            scene.run("run plans/quickstart.toml --set load.transcribe.duration=1s"),
            (),
        )
    });
    done.exits(0);
    assert!(done.last_line().starts_with("PASS: "), "{}", done.all());
    for file in [
        "summary.json",
        "verdict.json",
        "histograms",
        "samples.csv.gz",
    ] {
        assert!(
            fs::metadata(done.file(file)).is_ok_and(|file| file.len() > 0),
            "{file}"
        );
    }
    let counts = done.counts();
    assert!(counts.ok > 0 && counts.ok == counts.planned, "{counts:?}");
    let link = fs::read_link(scene.at("results/quickstart/latest")).expect("a link");
    assert_eq!(
        link.to_str(),
        done.summary()["session"].as_str(),
        "it points to the session beside it"
    );
    assert_eq!(done.json("verdict.json")["verdict"], "pass");
}

fn effective(done: &Done) -> Value {
    done.summary()["plan"]["effective"].clone()
}

#[test]
fn each_of_the_eight_variables_has_its_effect() {
    let target = DemoTarget::start("jobs", "service_time=600ms slots=16");
    let scene = Perfgate::new().shipped();
    let scene = scene
        .env("BASE_URL", &target.url)
        .env("ARRIVAL_RATE", "4")
        .env("DURATION", "2s");
    let scene = scene
        .env("PRE_ALLOCATED_VUS", "2")
        .env("MAX_VUS", "9")
        .env("WHISPER_MODEL", "base");
    let scene = scene.env("POLL_INTERVAL", "0.2").env("MAX_POLLS", "30");
    let set = "--set load.transcribe.warm_up=1s --set session.repeats=1";
    let done = scene.run(&format!("run plans/transcription-nightly.toml {set}"));
    done.exits_unless_starved(0);
    assert_eq!(
        (done.counts_of(0, "warm_up").ok, done.counts().ok),
        (4, 8),
        "4/s for 1 s, then for 2 s"
    );
    let plan = effective(&done);
    let load = &plan["load"]["transcribe"];
    assert_eq!(
        (&plan["vars"]["base_url"], &plan["target"]["url"]),
        (&target.url.as_str().into(), &target.url.as_str().into())
    );
    assert_eq!(
        (&load["rate"], &load["duration"]),
        (&"4/s".into(), &"2s".into())
    );
    assert_eq!(
        (&load["pre_allocated_vus"], &load["max_vus"]),
        (&2.into(), &9.into())
    );
    let [submit, job] = [0, 1].map(|step| plan["flow"]["transcribe"][step].clone());
    assert_eq!(submit["http"]["multipart"]["model"], "base");
    assert_eq!(
        (&job["poll"]["every"], &job["poll"]["at_most"]),
        (&"0.2s".into(), &30.into())
    );
    assert_eq!(
        done.summary()["plan"]["description"],
        "4/s jobs against the asynchronous transcription API"
    );
    assert_eq!(
        done.summary()["loads"][0]["executor"],
        "constant-arrival-rate"
    );
    let truth = target.truth();
    assert_eq!(
        (seen(&truth, "POST /jobs/"), &truth["jobs"]["completed"]),
        (12, &12.into()),
        "{truth}"
    );
    let polls = done.requests().started - done.counts().started;
    let most = 8 * 30;
    assert!(
        polls > 8 && polls < most && seen(&truth, "GET /jobs/{id}") > polls,
        "polls every 200 ms: {polls}"
    );
}

#[test]
fn few_polls_and_few_users_are_limits_that_bite() {
    let target = DemoTarget::start("jobs", "service_time=10m");
    let scene = Perfgate::new()
        .shipped()
        .env("BASE_URL", &target.url)
        .env("ARRIVAL_RATE", "5");
    let scene = scene
        .env("DURATION", "2s")
        .env("PRE_ALLOCATED_VUS", "1")
        .env("MAX_VUS", "2")
        .env("POLL_INTERVAL", "0.3")
        .env("MAX_POLLS", "3");
    let set = "--set load.transcribe.warm_up=0s --set session.repeats=1";
    let done = scene.run(&format!("run plans/transcription-nightly.toml {set}"));
    done.exits_unless_starved(1);
    let (counts, truth) = (done.counts(), target.truth());
    assert_eq!(counts.planned, 10);
    assert!(
        counts.dropped > 0 && counts.failed == counts.started,
        "{counts:?}"
    );
    assert_eq!(seen(&truth, "POST /jobs/"), counts.started);
    assert_eq!(
        seen(&truth, "GET /jobs/{id}"),
        3 * counts.started,
        "so many polls and not one more"
    );
    assert!(truth["max_in_flight"].as_u64() <= Some(2), "{truth}");
    assert_eq!(done.summary()["runs"][0]["errors"][0]["class"], "poll");
}

#[test]
fn the_closed_plan_takes_everything_else_from_the_nightly_one() {
    let target = DemoTarget::start("jobs", "service_time=200ms slots=6");
    let scene = Perfgate::new()
        .shipped()
        .env("BASE_URL", &target.url)
        .env("DURATION", "1s")
        .env("POLL_INTERVAL", "0.1");
    let done = scene.run("run plans/transcription-closed.toml --set session.repeats=1");
    done.exits(0);
    let (counts, truth) = (done.counts(), target.truth());
    assert!(counts.ok >= 6, "{counts:?}");
    assert_eq!(
        (counts.planned, seen(&truth, "POST /jobs/")),
        (counts.ok, counts.ok)
    );
    assert_eq!(
        seen(&truth, "GET /jobs/{id}"),
        done.requests().started - counts.started
    );
    assert!(truth["max_in_flight"].as_u64() <= Some(6), "{truth}");
    let summary = done.summary();
    assert_eq!(
        (
            &summary["loads"][0]["executor"],
            &summary["loads"][0]["users"]
        ),
        (&"constant-vus".into(), &6.into())
    );
    assert_eq!(summary["plan"]["name"], "transcription-closed");
    assert_eq!(
        summary["thresholds"].as_array().map(Vec::len),
        Some(7),
        "those of the other plan"
    );
}

#[test]
fn unset_variables_have_the_values_of_the_guide() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/transcription-nightly.toml");
    let nothing = |_: &str| None;
    let plan = load(
        &file,
        &Options {
            environment: &nothing,
            presets: &[],
            set: &[],
            only: &[],
            seed: None,
            load: perfgate::plan::LoadOptions::default(),
            aim: None,
        },
    )
    .plan
    .expect("it is valid");
    let variables = &plan.effective["vars"];
    for (name, value) in [
        ("base_url", "http://localhost:8001"),
        ("rate", "3/s"),
        ("duration", "2m"),
        ("pre_allocated_vus", "4"),
        ("max_vus", "12"),
        ("model", "tiny"),
        ("poll_interval", "1s"),
        ("max_polls", "40"),
    ] {
        let own = &variables[name];
        let text = own.as_str().map_or_else(|| own.to_string(), str::to_owned);
        assert_eq!(text, value, "{name}");
    }
    let done = Perfgate::new()
        .shipped()
        .run("validate plans/transcription-nightly.toml");
    done.exits(0)
        .says("constant-arrival-rate: 3/s, for 2m")
        .says("12 in flight");
}
