//! Histories and drift. One session is measured, the nights after it are made of it by hand.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::support::perfgate::Perfgate;

const PLAN: &str = r#"
[target]
demo = { service = "transcription", service_time = "5ms" }

[audio.clip]
synthesize = { seconds = 1 }

[[flow.ask]]
name = "post"
http.post = "/v1/audio/transcriptions"
http.multipart = { file = { audio = "clip" } }

[load.ask]
vus = 2
iterations = 200

[threshold]
error_rate = "< 5%"

[baseline]
file = "baseline.json"
tolerance = { latency.p50 = "50%", latency.p90 = "60%", error_rate = "1%" }
"#;

fn read(scene: &Perfgate, path: &str) -> String {
    fs::read_to_string(scene.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The lines of a history.
fn history(scene: &Perfgate, path: &str) -> Vec<Value> {
    read(scene, path)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A scene with one measured session, `first`, which is the baseline and the only line of `history/plan.jsonl`.
fn recorded() -> Perfgate {
    let scene = Perfgate::new().plan(PLAN);
    scene
        .run("run plan.toml --history history/plan.jsonl")
        .exits(6)
        .says("NO BASELINE");
    let latest = fs::canonicalize(scene.at("results/plan/latest")).unwrap();
    fs::rename(latest, scene.at("first")).unwrap();
    fs::remove_file(scene.at("results/plan/latest")).unwrap();
    // What the machine does besides is no matter of this test.
    scene
        .run("update-baseline plan.toml --from first --reason first --force")
        .exits(0);
    scene
}

/// The name of a session that began in this night.
fn name(night: usize) -> String {
    format!("209911{night:02}T020000Z")
}

/// Sessions of these nights below `results/plan`, like the measured one with every latency multiplied.
fn nights(scene: &Perfgate, nights: std::ops::RangeInclusive<usize>, pace: f64) {
    for night in nights {
        session(scene, night, &|summary| {
            for (_, metric) in summary["metrics"]
                .as_object_mut()
                .unwrap()
                .iter_mut()
                .filter(|m| m.0.contains("latency"))
            {
                for run in metric["runs"].as_array_mut().unwrap() {
                    let value = run["value"].as_f64();
                    run["value"] = value.map_or(Value::Null, |value| json!(value * pace));
                }
            }
        });
    }
}

/// A session of a night, like the measured one after a change.
fn session(scene: &Perfgate, night: usize, change: &dyn Fn(&mut Value)) {
    let folder = format!("results/plan/{}", name(night));
    fs::create_dir(scene.at(&folder)).unwrap();
    let mut summary: Value = serde_json::from_str(&read(scene, "first/summary.json")).unwrap();
    summary["session"] = json!(name(night));
    summary["started"] = json!(format!("2099-11-{night:02}T02:00:00Z"));
    change(&mut summary);
    fs::write(scene.at(&folder).join("summary.json"), summary.to_string()).unwrap();
}

#[test]
fn sessions_of_folders_and_histories_are_one_table() {
    let scene = recorded();
    nights(&scene, 1..=4, 1.0);
    nights(&scene, 5..=10, 1.3);
    symlink(name(10), scene.at("results/plan/latest")).unwrap();
    let done = scene.run("trend");
    done.exits(0)
        .says("plan   10 sessions   20991101T020000Z to 20991110T020000Z")
        .says("2 metrics drift from baseline.json");
    let words = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "drift: `ask.latency.p50` is 30 % above its baseline over the last 6 sessions, since 20991105T020000Z; each alone is within its tolerance",
        "▁▁▁▁▇▇▇▇▇▇",
        "ask.error_rate 10 0 % 0 % 0 % +0 points +0 points 1 –",
    ] {
        assert!(words.contains(said), "no `{said}` in\n{}", done.all());
    }
    assert!(done.stderr.is_empty(), "{}", done.all());
    // A history that is rebuilt says the same, by itself and beside the folders that it was made of.
    scene
        .run("trend results/plan --write history/rebuilt.jsonl")
        .exits(0)
        .says("wrote history/rebuilt.jsonl (sessions: 10)");
    assert_eq!(history(&scene, "history/rebuilt.jsonl").len(), 10);
    for paths in [
        "history/rebuilt.jsonl",
        "history/rebuilt.jsonl results",
        "results/plan/latest results/plan",
    ] {
        assert_eq!(
            scene.run(&format!("trend {paths}")).exits(0).stdout,
            done.stdout,
            "{paths}"
        );
    }
    let one = scene.run("trend --metric ask.latency.p50 --metric error_rate");
    one.exits(0)
        .says("1 metric drifts")
        .says("ask.error_rate")
        .never_says("p90");
    scene
        .run("trend --metric latncy.p50")
        .exits(2)
        .says("a similar one is `latency.p50`");
    scene
        .run("trend -q")
        .exits(0)
        .says("plan: ▲ 2 metrics drift")
        .never_says("sessions");
    // Sessions that are nowhere else are not lost by accident.
    scene
        .run("trend results --write history/plan.jsonl")
        .exits(2)
        .says("has sessions that are not among these (1)");
    scene
        .run("trend results history/plan.jsonl --write history/plan.jsonl")
        .exits(0)
        .says("(sessions: 11)");
    fs::remove_file(scene.at("baseline.json")).unwrap();
    scene
        .run("trend")
        .exits(0)
        .says("there is no baseline")
        .never_says("allowed")
        .never_says("baseline.json");
    scene
        .run("trend --baseline gone.json")
        .exits(2)
        .says("gone.json");
}

#[test]
fn what_is_no_evidence_is_counted_and_left_out() {
    let scene = recorded();
    nights(&scene, 1..=3, 1.0);
    session(&scene, 4, &|summary| {
        summary["interrupted"] = json!("SIGINT");
    });
    session(&scene, 5, &|summary| {
        summary["load_hash"] = json!("sha256:other");
    });
    session(&scene, 6, &|summary| {
        summary["target"]["cpu"] = json!("Abacus");
    });
    nights(&scene, 7..=7, 1.0);
    let done = scene.run("trend results");
    done.exits(0)
        .says("plan   4 sessions")
        .says("no metric drifts from baseline.json");
    done.says("left out: 1 of other work, 1 on other machines, 1 interrupted, invalid or run");
    session(&scene, 8, &|summary| {
        summary["labels"] = json!({ "model": "large" });
    });
    scene
        .run("trend results")
        .exits(0)
        .says("plan   1 session ")
        .says("nothing in baseline.json is comparable");
}

#[test]
fn judged_sessions_enter_the_history_once_and_drift_is_said_without_failing() {
    let scene = recorded();
    let first = &history(&scene, "history/plan.jsonl")[0];
    assert_eq!(
        (&first["schema"], &first["verdict"], &first["exit_code"]),
        (
            &json!("perfgate.history/1"),
            &json!("no_baseline"),
            &json!(6)
        )
    );
    assert_eq!(
        first["metrics"]
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["ask.error_rate", "ask.latency.p50", "ask.latency.p90"]
    );
    nights(&scene, 1..=6, 1.3);
    let check = |night: usize| {
        scene.run(&format!(
            "check results/plan/{} --history history/plan.jsonl",
            name(night)
        ))
    };
    for night in 1..=3 {
        check(night).exits(0).never_says("drift:");
    }
    for night in 4..=6 {
        check(night)
            .exits(0)
            .says("note: drift: `ask.latency.p50` is 30 % above")
            .says("since 20991101T020000Z");
    }
    // What came later is no matter of an earlier night.
    check(2).exits(0).never_says("drift:");
    assert_eq!(history(&scene, "history/plan.jsonl").len(), 7);
    // A line that was cut off is said, and nothing is lost by it.
    let whole = read(&scene, "history/plan.jsonl");
    fs::write(scene.at("history/plan.jsonl"), &whole[..whole.len() - 40]).unwrap();
    check(6).exits(0).says("line 7 is cut off").says("drift:");
    assert_eq!(read(&scene, "history/plan.jsonl").lines().count(), 8);
    scene
        .run("trend history/plan.jsonl")
        .exits(0)
        .says("line 7 is cut off")
        .says("7 sessions");
}

#[test]
fn a_history_that_cannot_be_used_is_said_before_anything_is_sent() {
    let scene = Perfgate::new()
        .plan(PLAN)
        .file("bad.jsonl", "{\"schema\": \"perfgate.history/9\"}\n")
        .file("file", "");
    assert!(
        scene
            .run("run plan.toml --history bad.jsonl")
            .exits(2)
            .says("line 1 has version 9")
            .stored_nothing()
    );
    assert!(
        scene
            .run("run plan.toml --history file/h.jsonl")
            .exits(2)
            .says("file/h.jsonl")
            .stored_nothing()
    );
    scene
        .run("trend bad.jsonl")
        .exits(2)
        .says("`bad.jsonl` line 1 has version 9");
    scene.run("trend gone.jsonl").exits(2).says("gone.jsonl");
    scene
        .run("trend plan.toml")
        .exits(2)
        .says("is a plan, not a session");
    scene
        .run("trend")
        .exits(2)
        .says("there is no session below `results`");
    assert_eq!(
        read(&scene, "bad.jsonl"),
        "{\"schema\": \"perfgate.history/9\"}\n"
    );
}
