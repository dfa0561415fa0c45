//! Whether the gate is right about a target that is known: unchanged, slower, with errors, gone.

use std::time::Duration;

use rustix::process::Signal;

use crate::support::demo_target::{DemoTarget, seen};
use crate::support::perfgate::{Done, Perfgate, until};

/// One night: three runs of a second and a half.
const PLAN: &str = r#"
target = { demo = { service = "transcription", slots = 8, service_time = "20ms", slowdown = "{{slowdown}}", faults = { reset_share = "{{errors}}" } } }
audio.clip.synthesize = { seconds = 1 }

[vars]
slowdown = 1
errors = "0%"

[[flow.ask]]
http.post = "/v1/audio/transcriptions"
http.multipart = { file = { audio = "clip" } }

[load.ask]
rate = "150/s"
duration = "1500ms"
warm_up = "300ms"
max_vus = 100

[threshold]
error_rate = "< 20%"

[baseline]
file = "baseline.json"

[session]
repeats = 3
confirm_after = "0s"
"#;

/// A folder with a baseline of five nights.
fn recorded() -> Perfgate {
    let scene = Perfgate::new().judges_generator().plan(PLAN);
    for _ in 0..5 {
        scene.run("run plan.toml --quiet --out recorded").exits(6);
    }
    // What this machine does besides is no matter of these tests.
    scene
        .shell("\"$0\" update-baseline plan.toml --from recorded/plan/2* --reason truth --force")
        .exits(0);
    scene
}

/// A night, confirmed where something is suspected; again where this machine was too busy for evidence.
fn night(scene: &Perfgate, set: &str) -> Done {
    let run = || scene.run(&format!("run plan.toml --confirm {set}"));
    (0..2)
        .map(|_| run())
        .find(|done| done.code != Some(4))
        .unwrap_or_else(run)
}

fn is_suspected(done: &Done) -> bool {
    done.stderr.contains("to confirm what is suspected")
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_nights_in_which_nothing_changes() {
    let scene = recorded();
    let nights: Vec<Done> = (0..20).map(|_| night(&scene, "")).collect();
    let suspected = nights.iter().filter(|done| is_suspected(done)).count();
    let red: Vec<_> = nights
        .iter()
        .filter(|done| done.code != Some(0))
        .map(Done::all)
        .collect();
    assert!(red.is_empty(), "{} of 20 confirmed: {}", red.len(), red[0]);
    assert!(suspected <= 1, "{suspected} of 20 suspected");
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_a_target_that_became_slower() {
    let scene = recorded();
    let nights: Vec<Done> = (0..10)
        .map(|_| night(&scene, "--set slowdown=1.3"))
        .collect();
    let codes: Vec<_> = nights.iter().map(|done| done.code.unwrap()).collect();
    assert!(!codes.contains(&0), "a pass: {codes:?}");
    assert!(
        codes.iter().filter(|code| **code == 1).count() >= 9,
        "{codes:?}"
    );
    nights[0].says("ask.latency.p50").says("regressed");
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_two_points_of_errors() {
    let scene = recorded();
    let done = night(&scene, "--set errors=2%");
    done.exits(1).says("`ask.error_rate` regressed");
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_a_target_that_is_killed() {
    let plan = |url: &str| {
        let start = PLAN.find("target = ").unwrap();
        let end = start + PLAN[start..].find('\n').unwrap();
        PLAN.replace(&PLAN[start..end], &format!("target = \"{url}\""))
            .replace("1500ms", "5s")
    };
    let target = DemoTarget::start("transcription", "service_time=20ms slots=8");
    let scene = Perfgate::new().judges_generator().plan(&plan(&target.url));
    drop(target);
    scene
        .run("run plan.toml --set session.repeats=1")
        .exits(5)
        .says("never answered");
    let target = DemoTarget::start("transcription", "service_time=20ms slots=8");
    let scene = Perfgate::new().judges_generator().plan(&plan(&target.url));
    let running = scene.start("run plan.toml --set session.repeats=1");
    until("a hundred requests", || {
        (seen(&target.truth(), "POST /v1/audio/transcriptions") >= 100).then_some(())
    });
    drop(target);
    let done = running.end();
    done.exits(1).says("ask.error_rate");
    let counts = done.counts();
    assert!(counts.ok >= 50 && counts.failed > counts.ok, "{counts:?}");
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_a_night_whose_generator_was_held() {
    let scene = recorded();
    let running = scene.start("run plan.toml --confirm");
    for _ in 0..8 {
        std::thread::sleep(Duration::from_millis(400));
        running.signal(Signal::STOP);
        std::thread::sleep(Duration::from_millis(300));
        running.signal(Signal::CONT);
    }
    running.end().exits(4).never_says("regressed");
}
