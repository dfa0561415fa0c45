//! `perfgate compare`: one plan, two targets.

use std::fs;

use serde_json::Value;

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

const PLAN: &str = r#"
target = { demo = "transcription", timeout = "2s" }
audio.clip.synthesize = { seconds = 1 }

[[flow.ask]]
http.post = "/v1/audio/transcriptions"
http.multipart = { file = { audio = "clip" } }

[load.ask]
vus = 2
iterations = 20

[threshold]
error_rate = "< 1%"

[baseline]
tolerance = { latency.p50 = "20%", error_rate = "1%" }
"#;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[test]
fn two_targets_are_run_in_turn_and_judged_in_pairs() {
    let base = DemoTarget::start("transcription", "slots=2 service_time=10ms");
    // So much slower that a busy machine, which slows both, decides nothing.
    let head = DemoTarget::start("transcription", "slots=2 service_time=10ms slowdown=15");
    let scene = Perfgate::new().plan(PLAN);
    let command =
        |base: &str, head: &str| format!("compare plan.toml --base {base} --head {head} --pairs 3");
    let done = scene.run(&command(&base.url, &head.url));
    done.exits(1)
        .says("pair 2 of 3: base")
        .says("regressed")
        .says("of the base in 3 pairs");
    assert!(
        done.all()
            .contains(&format!("{} in 3 pairs of runs", base.url))
    );
    let order: Vec<_> = done
        .all()
        .lines()
        .filter_map(|line| line.split(" of 3: ").nth(1).map(str::to_owned))
        .collect();
    assert_eq!(order, ["base", "head", "head", "base", "base", "head"]);
    let folder = fs::read_dir(scene.at("results/plan"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let read = |file: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(folder.join(file)).unwrap()).unwrap()
    };
    let (verdict, base_side) = (read("verdict.json"), read("base/summary.json"));
    assert_eq!(
        (verdict["exit_code"].as_u64(), base_side["side"].as_str()),
        (Some(1), Some("base"))
    );
    assert_eq!(base_side["runs"].as_array().unwrap().len(), 3);
    let one = &verdict["comparisons"][1];
    assert_eq!(one["metric"], "ask.latency.p50");
    assert!(
        number(&one["value"]) >= 0.15 && number(&one["value"]) > 2.0 * number(&one["baseline"]),
        "{one}"
    );
    assert!(
        !scene.at("results/plan/latest").exists(),
        "neither of two targets is the newest session"
    );
    // Nothing is expected of two targets that are one.
    let same = scene.run(&command(&base.url, &base.url));
    assert!(matches!(same.code, Some(0 | 3)), "{}", same.all());
}

#[test]
fn a_plan_whose_address_cannot_be_replaced_is_refused_before_anything_is_sent() {
    let scene = Perfgate::new().plan(
        &PLAN
            .replace("/v1/audio", "http://127.0.0.1:1/v1/audio")
            .replace(
                "target = { demo = \"transcription\", timeout = \"2s\" }",
                "target = { timeout = \"2s\" }",
            ),
    );
    let done = scene.run("compare plan.toml --base http://127.0.0.1:1 --head http://127.0.0.1:2");
    done.exits(2)
        .says("no `target` that this address could take the place of")
        .says("--base:1:1");
    let scene = Perfgate::new().plan(PLAN);
    scene
        .run("compare plan.toml --base localhost:1 --head http://127.0.0.1:2")
        .exits(2)
        .says("--base:1:1");
    scene
        .run("compare plan.toml --base http://127.0.0.1:1")
        .exits(2)
        .says("--head");
}
