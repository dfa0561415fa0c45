//! Baselines: recorded, compared with, moved. One session is measured, the others are made of it by hand.

use std::fs;

use serde_json::{Value, json};

use crate::support::perfgate::Perfgate;

const PLAN: &str = r#"
[target]
demo = { service = "transcription", service_time = "5ms", slowdown = 1.0 }

[audio.clip]
synthesize = { seconds = 1 }

[[flow.ask]]
name = "post"
http.post = "/v1/audio/transcriptions"
http.multipart = { file = { audio = "clip" } }

[load.ask]
rate = "100/s"
duration = "2s"
max_vus = 100

[threshold]
error_rate = "< 5%"

[baseline]
file = "baseline.json"
tolerance = { latency.p50 = "50%", latency.p90 = "60%", error_rate = "1%" }

[session]
confirm_after = "0s"
"#;

/// A scene with one measured session, `night-0`. Whether the machine was too busy for it is no matter here.
fn measured(plan: &str) -> Perfgate {
    let scene = Perfgate::new().plan(plan);
    scene.run("run plan.toml").exits(6);
    let latest = fs::canonicalize(scene.at("results/plan/latest")).unwrap();
    fs::rename(latest, scene.at("night-0")).unwrap();
    edit(&scene, "night-0/summary.json", &|summary| {
        summary["runs"][0]["health"]["invalid"] = json!([]);
    });
    scene
}

/// The plan with users in place of a rate: they are never late, however busy the machine is.
fn closed() -> String {
    PLAN.replace(
        "rate = \"100/s\"\nduration = \"2s\"\nmax_vus = 100",
        "vus = 2\niterations = 200",
    )
}

/// Another session like the measured one, with every latency multiplied and so many of its 200 iterations failed.
fn night(scene: &Perfgate, name: &str, pace: f64, failed: f64) {
    fs::create_dir(scene.at(name)).unwrap();
    fs::copy(
        scene.at("night-0/samples.csv.gz"),
        scene.at(name).join("samples.csv.gz"),
    )
    .unwrap();
    edit(
        scene,
        &format!("night-0/summary.json>{name}/summary.json"),
        &|summary| {
            summary["session"] = json!(name);
            summary["started"] = json!(format!("2026-11-24T00:00:00Z {name}"));
            for (address, metric) in summary["metrics"].as_object_mut().unwrap() {
                for run in metric["runs"].as_array_mut().unwrap() {
                    match run["value"].as_f64() {
                        Some(value) if address.contains("latency") => {
                            run["value"] = json!(value * pace);
                        }
                        Some(_) if address == "ask.error_rate" => {
                            run["value"] = json!(failed / 200.0);
                        }
                        _ => {}
                    }
                }
            }
        },
    );
}

/// Edits a document; `a>b` reads one and writes the other.
fn edit(scene: &Perfgate, path: &str, change: &dyn Fn(&mut Value)) {
    let (from, to) = path.split_once('>').unwrap_or((path, path));
    let mut document: Value =
        serde_json::from_str(&fs::read_to_string(scene.at(from)).unwrap()).unwrap();
    change(&mut document);
    fs::write(scene.at(to), document.to_string()).unwrap();
}

fn recorded() -> Perfgate {
    let scene = measured(PLAN);
    record(&scene, "night-0");
    scene
}

/// Makes a session the baseline, whatever perfgate says of the machine.
fn record(scene: &Perfgate, session: &str) {
    scene
        .run(&format!(
            "update-baseline plan.toml --from {session} --reason first --force"
        ))
        .exits(0)
        .says("wrote");
}

#[test]
fn a_regression_is_suspected_and_then_confirmed() {
    let scene = recorded();
    for (name, pace) in [
        ("same", 1.0),
        ("slow-1", 2.0),
        ("slow-2", 2.1),
        ("slow-3", 1.9),
        ("fast", 0.3),
    ] {
        night(&scene, name, pace, 0.0);
    }
    scene
        .run("check same")
        .exits(0)
        .says("within their tolerances");
    scene
        .run("check slow-1")
        .exits(3)
        .says("UNDECIDED")
        .says("run 2 more sessions");
    scene
        .run("check slow-1 slow-2")
        .exits(3)
        .says("run 1 more session and");
    scene
        .run("check slow-1 slow-2 slow-3")
        .exits(1)
        .says("regressed")
        .says("3 sessions judged together");
    scene.run("check slow-1 same fast").exits(0);
    scene.run("check fast").exits(0).says("improved");
    // A session is never its own baseline.
    scene
        .run("check night-0")
        .exits(6)
        .says("none is compared with itself");
}

#[test]
fn errors_are_counted_and_hide_latency() {
    let scene = recorded();
    night(&scene, "bad", 0.4, 9.0);
    night(&scene, "one", 1.0, 1.0);
    scene
        .run("check bad")
        .exits(3)
        .says("ask.error_rate")
        .says("errors have risen");
    scene.run("check one").exits(0);
}

#[test]
fn what_is_not_comparable_is_said_and_may_be_allowed() {
    let scene = recorded();
    night(&scene, "other", 1.0, 0.0);
    edit(&scene, "other/summary.json", &|summary| {
        summary["labels"] = json!({ "model": "large" });
    });
    scene
        .run("check other")
        .exits(6)
        .says("NOT COMPARABLE")
        .says("label model is `large`, in the baseline none");
    edit(&scene, "other/summary.json", &|summary| {
        summary["comparison"]["missing"] = json!("warn");
    });
    scene
        .run("check other")
        .exits(0)
        .says("nothing in the baseline is comparable");
    night(&scene, "machine", 1.0, 0.0);
    edit(&scene, "machine/summary.json", &|summary| {
        summary["target"]["cpu"] = json!("Abacus");
    });
    scene.run("check machine").exits(6).says("it ran on Abacus");
    night(&scene, "gone", 1.0, 0.0);
    edit(&scene, "gone/summary.json", &|summary| {
        summary["metrics"]
            .as_object_mut()
            .unwrap()
            .remove("ask.latency.p90");
    });
    scene.run("check gone").exits(6).says("has not measured it");
}

#[test]
fn a_baseline_that_contradicts_itself_is_refused_before_anything_is_sent() {
    let scene = recorded();
    let good = fs::read_to_string(scene.at("baseline.json")).unwrap();
    edit(&scene, "baseline.json", &|baseline| {
        let first = baseline["derived"]["ask.latency.p50"]
            .as_object_mut()
            .unwrap()
            .values_mut()
            .next()
            .unwrap();
        first["center"] = json!(0.5);
    });
    scene
        .run("run plan.toml")
        .exits(2)
        .says("derived: `ask.latency.p50` says 0.5");
    fs::write(scene.at("baseline.json"), &good).unwrap();
    edit(&scene, "baseline.json", &|baseline| {
        baseline["metrics"]["ask.error_rate"]["tolerance"] = json!("much");
    });
    scene
        .run("check night-0")
        .exits(2)
        .says("`much` is not a tolerance");
    fs::write(
        scene.at("baseline.json"),
        "{ \"schema\": \"perfgate.baseline/9\" }",
    )
    .unwrap();
    scene
        .run("run plan.toml")
        .exits(2)
        .says("use a newer perfgate");
}

#[test]
fn a_baseline_moves_by_name_and_with_a_reason() {
    let scene = recorded();
    night(&scene, "next", 1.02, 0.0);
    night(&scene, "broken", 1.0, 0.0);
    edit(&scene, "broken/summary.json", &|summary| {
        summary["interrupted"] = json!("SIGINT");
    });
    scene
        .run("update-baseline plan.toml --from broken --reason x")
        .exits(4)
        .says("its verdict is INTERRUPTED");
    night(&scene, "fine", 1.0, 0.0);
    let both = scene.run("update-baseline plan.toml --from broken fine --reason x --dry-run");
    both.exits(4).says("its verdict is INTERRUPTED");
    let recorded = |line: &str| line.starts_with("ask.latency.p50") && line.ends_with(" 2");
    assert!(
        both.stdout.lines().any(recorded),
        "the sound one is recorded: {}",
        both.stdout
    );
    scene
        .run("update-baseline plan.toml --from next")
        .exits(2)
        .says("--reason");
    night(&scene, "other", 1.0, 0.0);
    edit(&scene, "other/summary.json", &|summary| {
        summary["load_hash"] = json!("sha256:0");
        summary["given"] = json!(["--set", "load.ask.rate=9/s"]);
    });
    scene
        .run("update-baseline plan.toml --from other --reason x")
        .exits(4)
        .says("it was run with `--set load.ask.rate=9/s`, which this command must say too");
    scene.run("update-baseline plan.toml --from next --force --reason second --tolerance latency.p50=40%").exits(0);
    let baseline: Value =
        serde_json::from_str(&fs::read_to_string(scene.at("baseline.json")).unwrap()).unwrap();
    assert_eq!(baseline["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(baseline["metrics"]["ask.latency.p50"]["tolerance"], "40%");
    assert_eq!(
        baseline["metrics"]["ask.latency.p90"]["tolerance"], "60%",
        "only by name"
    );
    assert!(
        baseline["changes"][1]["what"]
            .as_str()
            .unwrap()
            .contains("tolerance of ask.latency.p50 set to 40%")
    );
    scene
        .run("update-baseline plan.toml --from next --replace --force --dry-run --reason x")
        .exits(0)
        .says("nothing was written");
    scene
        .run("update-baseline plan.toml --from next --replace --force --reason third")
        .exits(0);
    let baseline: Value =
        serde_json::from_str(&fs::read_to_string(scene.at("baseline.json")).unwrap()).unwrap();
    assert_eq!(baseline["sessions"].as_array().unwrap().len(), 1);
    scene
        .run("update-baseline plan.toml --tolerance error_rate=10s --reason x")
        .exits(2)
        .says("cannot be a drift");
    scene
        .run("update-baseline plan.toml --init")
        .exits(2)
        .says("is there already");
}

#[test]
fn a_suspicion_is_confirmed_by_the_run_itself() {
    let scene = measured(&closed());
    // What is measured anew is slower than this on any machine.
    night(&scene, "fast", 0.3, 0.0);
    record(&scene, "fast");
    let done = scene.run("run plan.toml --confirm --set target.demo.slowdown=4");
    done.exits(1)
        .says("to confirm what is suspected")
        .says("3 sessions judged together")
        .says("regressed");
    assert_eq!(
        fs::read_dir(scene.at("results/plan")).unwrap().count(),
        4,
        "three sessions and the link"
    );
    let verdict = fs::read_to_string(scene.at("results/plan/latest/verdict.json")).unwrap();
    let verdict: Value = serde_json::from_str(&verdict).unwrap();
    assert_eq!(verdict["sessions"].as_array().unwrap().len(), 3);
}

#[test]
fn tolerances_alone_can_be_written_first() {
    let scene = Perfgate::new().plan(PLAN);
    scene.run("update-baseline plan.toml --init").exits(0);
    let baseline: Value =
        serde_json::from_str(&fs::read_to_string(scene.at("baseline.json")).unwrap()).unwrap();
    assert_eq!(baseline["sessions"], json!([]));
    assert_eq!(baseline["metrics"].as_object().unwrap().len(), 3);
}

#[test]
fn drops_that_the_plan_allows_rank_as_slow_losses_and_hide_no_median() {
    let scene = recorded();
    night(&scene, "dropped", 1.0, 0.0);
    edit(&scene, "dropped/summary.json", &|summary| {
        let counts = &mut summary["runs"][0]["loads"][0]["counts"]["measured"];
        *counts = json!({
            "planned": 202, "started": 200, "dropped": 2, "ok": 200, "failed": 0, "rejected": 0, "timed_out": 0, "interrupted": 0
        });
        for threshold in summary["thresholds"].as_array_mut().unwrap() {
            if threshold["metric"] == "ask.drop_rate" {
                threshold["bound"] = json!("<= 5%");
            }
        }
    });
    scene.run("check dropped").exits(0).never_says("NOT JUDGED");
}

#[test]
fn another_version_confirms_nothing() {
    let scene = recorded();
    for (name, version) in [("slow-1", "2.0"), ("slow-2", "2.0"), ("slow-3", "2.1")] {
        night(&scene, name, 2.0, 0.0);
        edit(&scene, &format!("{name}/summary.json"), &|summary| {
            summary["labels"] = json!({ "version": version });
            summary["comparison"]["match"] = json!(["load_hash", "cpu", "cpus"]);
        });
    }
    let done = scene.run("check slow-1 slow-2 slow-3");
    done.exits(3)
        .says("session slow-3 is not judged with the first one")
        .says("run 1 more session and");
}

#[test]
fn a_warning_is_said_and_fails_nothing_and_the_first_session_may_decide() {
    let scene = recorded();
    night(&scene, "slow", 2.0, 0.0);
    edit(&scene, "slow/summary.json", &|summary| {
        summary["comparison"]["confirm"] = json!(0);
    });
    scene.run("check slow").exits(1).says("regressed");
    edit(&scene, "baseline.json", &|baseline| {
        for metric in ["ask.latency.p50", "ask.latency.p90"] {
            baseline["metrics"][metric]["severity"] = json!("warn");
        }
    });
    scene
        .run("check slow")
        .exits(0)
        .says("WARN")
        .says("severity warn");
}

#[test]
fn every_comparison_says_what_it_could_have_seen() {
    let scene = recorded();
    night(&scene, "same", 1.0, 0.0);
    scene.run("check same --verbose").exits(0);
    scene.run("run plan.toml --sessions 2 --quiet");
    let verdict = fs::read_to_string(scene.at("results/plan/latest/verdict.json")).unwrap();
    let verdict: Value = serde_json::from_str(&verdict).unwrap();
    for comparison in verdict["comparisons"].as_array().unwrap() {
        let sentence = comparison["sentence"].as_str().unwrap();
        for part in [
            "of 1 session",
            "90 % interval",
            "is allowed",
            "would be seen in 8 of 10 cases",
            "Provisional",
        ] {
            assert!(sentence.contains(part), "{part} is not in: {sentence}");
        }
    }
}

#[test]
fn several_sessions_are_made_before_there_is_a_baseline() {
    let scene = Perfgate::new().plan(&closed());
    scene
        .run("run plan.toml --sessions 2")
        .exits(6)
        .says("NO BASELINE")
        .says("update-baseline plan.toml");
    assert_eq!(
        fs::read_dir(scene.at("results/plan")).unwrap().count(),
        3,
        "two sessions and the link"
    );
}

#[test]
fn a_tolerance_that_can_never_be_judged_is_warned_of_and_is_no_pass() {
    let plan = closed().replace(
        "latency.p50 = \"50%\", latency.p90 = \"60%\", error_rate = \"1%\"",
        "latency.p99 = \"60%\"",
    );
    let scene = Perfgate::new().plan(&plan);
    scene
        .run("validate plan.toml")
        .exits(0)
        .says("`latency.p99` of the 200 iterations")
        .says("baseline: baseline.json, which");
    scene.run("run plan.toml").exits(6);
    scene
        .shell("\"$0\" update-baseline plan.toml --from results/plan/latest --reason x --force")
        .exits(0);
    scene.run("run plan.toml").exits(6).says("1000 are needed");
}

#[test]
fn fixed_bounds_know_which_direction_is_good() {
    let scene = measured(PLAN);
    for (metric, value, tolerance, code, says) in [
        ("ask.throughput", 200.0, 0.9, 1, ">= 180/s"),
        ("ask.throughput", 50.0, 0.9, 0, ">= 45/s"),
        ("rtfx_p50", 1.0, 0.9, 0, ">= 0.9"),
        (
            "transcription_success_rate",
            1.0,
            1.5,
            2,
            "a share is at most 1",
        ),
        ("ask.latency.p50", 0.1, -1.0, 2, "below zero"),
    ] {
        let file = json!({ "metrics": { metric: value }, "tolerances": { metric: tolerance } });
        fs::write(scene.at("bounds.json"), file.to_string()).unwrap();
        scene
            .run("check night-0 --baseline bounds.json")
            .exits(code)
            .says(says);
    }
    fs::write(
        scene.at("bounds.json"),
        "{ \"metrics\": {}, \"tolerances\": {} }",
    )
    .unwrap();
    scene
        .run("check night-0 --baseline bounds.json")
        .exits(2)
        .says("nothing would be judged");
}

#[test]
fn what_was_edited_by_hand_is_computed_anew_on_request() {
    let scene = recorded();
    edit(&scene, "baseline.json", &|baseline| {
        baseline["metrics"]
            .as_object_mut()
            .unwrap()
            .remove("ask.latency.p90");
    });
    night(&scene, "same", 1.0, 0.0);
    scene.run("check same").exits(0);
    edit(&scene, "baseline.json", &|baseline| {
        baseline["sessions"][0]["metrics"]["ask.latency.p50"]["runs"] = json!([0.5]);
    });
    scene.run("check same").exits(2).says("--derive");
    scene
        .run("update-baseline plan.toml --derive --reason merged")
        .exits(0);
    scene.run("check same").exits(0).says("improved");
}

#[test]
fn a_session_is_recorded_once_and_a_reason_is_given() {
    let scene = recorded();
    let before = fs::read_to_string(scene.at("baseline.json")).unwrap();
    let again = scene.run("update-baseline plan.toml --from night-0 --reason again");
    again
        .exits(0)
        .says("session")
        .says("is recorded already")
        .says("nothing was written");
    assert_eq!(
        fs::read_to_string(scene.at("baseline.json")).unwrap(),
        before
    );
    scene
        .shell("\"$0\" update-baseline plan.toml --from night-0 --replace --reason ' '")
        .exits(2)
        .says("--reason");
    scene
        .run("check results")
        .exits(2)
        .says("it has no summary.json");
}
