//! Plans of several parts: their order, their rules, and what ends them early.

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

/// A flow that only asks whether the target is there, which nothing slows down.
const LOOK: &str = "[[flow.look]]\nhttp.get = \"/health\"\n[[flow.peek]]\nhttp.get = \"/health\"\n";

fn phases(target: &DemoTarget, phases: &str) -> Perfgate {
    Perfgate::new().plan(&format!("target = \"{}\"\n{LOOK}{phases}", target.url))
}

#[test]
fn phases_run_in_order_each_with_its_own_loads_and_rules() {
    let target = DemoTarget::start("transcription", "");
    let plan = phases(
        &target,
        r#"[threshold]
error_rate = "0%"
[warning]
ok = "> 1000"
[[phase]]
name = "smoke"
description = "is anybody there, in {{phase}}"
load.look = { vus = 1, iterations = 3 }
threshold = { ok = 3 }
[[phase]]
name = "both"
in_turn = true
rest = "10ms"
load.look = { vus = 2, iterations = 4 }
load.peek = { vus = 1, iterations = 2 }
threshold = { error_rate = "any", "look.ok" = "4", "throughput" = "> 0.1 * smoke.throughput" }
"#,
    );
    let done = plan.run("run plan.toml -v");
    done.exits(0)
        .says("phase smoke: is anybody there, in smoke")
        .says("phase both")
        .says("smoke/look.ok");
    done.says("phase smoke (1 of 2): look")
        .says("phase both (2 of 2): look, peek")
        .says("resting for 10ms");
    let summary = done.summary();
    let loads: Vec<_> = summary["runs"][0]["loads"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    let names: Vec<_> = loads
        .iter()
        .map(|load| {
            (
                load["phase"].as_str().unwrap(),
                load["load"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [("smoke", "look"), ("both", "look"), ("both", "peek")]
    );
    assert_eq!(summary["metrics"]["both/look.ok"]["runs"][0]["value"], 4.0);
    let end = |load: &serde_json::Value| {
        load["zero_s"].as_f64().unwrap() + load["window_s"][1].as_f64().unwrap()
    };
    assert!(
        loads
            .windows(2)
            .all(|two| end(two[0]) <= two[1]["zero_s"].as_f64().unwrap()),
        "one after the other"
    );
    let rules: Vec<_> = summary["thresholds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["metric"].as_str().unwrap())
        .collect();
    assert!(
        rules.contains(&"smoke/look.error_rate") && !rules.contains(&"both/look.error_rate"),
        "{rules:?}"
    );
    // Nothing reaches a thousand, and that is said without changing the exit code.
    let verdict = done.json("verdict.json");
    let sentence = verdict["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("all 8 thresholds hold, with 3 warnings; closest: `"),
        "{sentence}"
    );
    done.says("▲").says("WARN");
}

#[test]
fn no_phase_is_run_after_one_that_had_to_pass() {
    let target = DemoTarget::start("transcription", "");
    let plan = phases(
        &target,
        r#"[[phase]]
name = "smoke"
must_pass = true
load.look = { vus = 1, iterations = 3 }
threshold = { ok = 4 }
[[phase]]
name = "stress"
load.look = { vus = 2, iterations = 4 }
"#,
    );
    let done = plan.run("run plan.toml");
    done.exits(1)
        .says("phase `stress` was not run: `smoke` did not pass")
        .never_says("phase stress");
    let run = &done.summary()["runs"][0];
    assert_eq!(
        (
            run["loads"].as_array().unwrap().len(),
            &run["phases"][1]["skipped"]
        ),
        (1, &"`smoke` did not pass".into())
    );
    // The same plan goes on where the phase passes, and where only the other one is asked for.
    plan.run("run plan.toml --set phase.smoke.threshold.ok=3")
        .exits(0)
        .says("stress");
    plan.run("run plan.toml --only stress")
        .exits(0)
        .never_says("phase smoke");
}

#[test]
fn only_some_loads_and_phases_are_run_when_they_are_named() {
    let target = DemoTarget::start("transcription", "");
    let plan = phases(
        &target,
        r#"[[phase]]
name = "normal"
load.look = { vus = 1, iterations = 3 }
load.peek = { vus = 1, iterations = 3 }
[[phase]]
name = "recovery"
load.look = { vus = 1, iterations = 3 }
threshold = { latency.mean = "< 100 * normal.latency.mean" }
"#,
    );
    let whole = plan.run("run plan.toml").exits(0).summary();
    let part = plan
        .run("run plan.toml --only normal peek")
        .exits(0)
        .summary();
    assert_eq!(part["loads"].as_array().unwrap().len(), 1);
    assert_eq!(part["loads"][0]["name"], "peek");
    assert_ne!(whole["load_hash"], part["load_hash"], "it is other work");
    // A rule that compares with what is not run is left out.
    plan.run("run plan.toml --only recovery")
        .exits(0)
        .never_says("no metric");
    plan.run("run plan.toml --only recovry")
        .exits(2)
        .says("`recovery`")
        .says("nothing was sent");
}

#[test]
fn a_target_that_is_gone_before_a_later_phase_loses_nothing() {
    let target = DemoTarget::start("transcription", "");
    let plan = phases(
        &target,
        r#"[[phase]]
name = "first"
load.look = { vus = 1, iterations = 3 }
[[phase]]
name = "second"
target.ready = { path = "http://127.0.0.1:1/health", within = "100ms", every = "50ms", hint = "make up" }
load.look = { vus = 1, iterations = 3 }
"#,
    );
    let done = plan.run("run plan.toml");
    done.exits(5)
        .says("NOT READY")
        .says("hint: start it: make up")
        .says("phase `second` was not run");
    assert_eq!(
        done.summary()["metrics"]["first/look.ok"]["runs"][0]["value"],
        3.0
    );
}

#[test]
fn a_grpc_service_that_is_gone_before_a_later_phase_loses_nothing() {
    let target = DemoTarget::start("transcription", "");
    let plan = phases(
        &target,
        r#"[[flow.call]]
name = "ask"
grpc = { method = "voice.Gateway/Ask", message = {} }
[[phase]]
name = "first"
load.look = { vus = 1, iterations = 3 }
[[phase]]
name = "second"
target.url = "grpc://127.0.0.1:1"
load.call = { vus = 1, iterations = 3 }
"#,
    );
    let done = plan.run("run plan.toml");
    done.exits(6)
        .says("phase `second` was not run: the target cannot be asked for its services:");
    assert_eq!(
        done.summary()["metrics"]["first/look.ok"]["runs"][0]["value"],
        3.0
    );
}

#[test]
fn presets_set_variables_and_the_later_and_the_typed_win() {
    let target = DemoTarget::start("transcription", "");
    let plan = Perfgate::new().plan(&format!(
        r#"description = "{{{{n}}}} in {{{{preset}}}}"
target = "{}"
{LOOK}
[load.look]
vus = 1
iterations = "{{{{n}}}}"
[preset]
few = {{ a = 2 }}
more = {{ a = 3 }}
[labels]
size = "{{{{n}}}}"
[vars]
n = "{{{{a + 1}}}}"
a = 1
"#,
        target.url
    ));
    for (arguments, iterations, description) in [
        ("", 2, "2 in default"),
        ("--preset few", 3, "3 in few"),
        ("--preset few --preset more", 4, "4 in few+more"),
        ("--preset few --set a=6", 7, "7 in few"),
    ] {
        let summary = plan
            .run(&format!("run plan.toml {arguments}"))
            .exits(0)
            .summary();
        assert_eq!(
            summary["metrics"]["look.ok"]["runs"][0]["value"],
            f64::from(iterations),
            "{arguments}"
        );
        assert_eq!(
            (&summary["plan"]["description"], &summary["labels"]["size"]),
            (&description.into(), &iterations.to_string().into())
        );
    }
    plan.run("run plan.toml --preset fw")
        .exits(2)
        .says("no preset `fw`")
        .says("`few`");
    plan.run("run plan.toml --set a=x")
        .exits(2)
        .says("`n` cannot be computed: `a` is `x`, which is not a number")
        .never_says("null");
}

#[test]
fn ten_seconds_beyond_an_abort_rule_end_the_load_and_fail_the_run() {
    let target = DemoTarget::start(
        "transcription",
        "faults.status=500 faults.status_share=100% service_time=1ms",
    );
    let plan = Perfgate::new().plan(&format!(
        "target = \"{}\"\n[abort]\nerror_rate = \"< 50%\"\n[audio.s]\nsynthesize = {{ seconds = 0.1 }}\n[[flow.send]]\nhttp.post = \"/v1/audio/transcriptions\"\nhttp.multipart = {{ file = {{ audio = \"s\" }} }}\n[load.send]\nrate = \"5/s\"\nduration = \"10m\"\n",
        target.url
    ));
    let done = plan.run("run plan.toml");
    done.exits_unless_starved(1)
        .says("ended early after 10 s")
        .says("send.error_rate was 100 %");
    let run = &done.summary()["runs"][0];
    assert_eq!(run["aborted"][0]["metric"], "send.error_rate");
    let planned = run["loads"][0]["counts"]["measured"]["planned"]
        .as_u64()
        .unwrap();
    assert!(
        (50..100).contains(&planned),
        "only what was due before is planned: {planned}"
    );
}
