//! Places that cannot be written.

use std::fs;

use super::{transcription, uploads};
use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

#[test]
fn a_results_folder_that_cannot_be_made_is_said_before_anything_is_sent() {
    let target = DemoTarget::start("transcription", "");
    let scene = Perfgate::new().plan(&uploads(
        &format!("{:?}", target.url),
        "vus = 1\niterations = 3",
    ));
    for out in ["plan.toml/below", "/proc/nowhere"] {
        let done = scene.run(&format!("run plan.toml --out {out}"));
        done.exits(5)
            .says(&format!("cannot make the results folder `{out}/plan`"));
        assert_eq!(done.stdout, "");
    }
    assert_eq!(target.truth()["requests"], serde_json::json!({}));
}

#[test]
fn a_full_disk_costs_no_verdict_and_no_other_document() {
    let scene = Perfgate::new().plan(&uploads(&transcription(""), "vus = 2\niterations = 400"));
    // Files may have a few kilobytes: enough for the verdict, not for the rest.
    let done = scene.shell("trap '' XFSZ; ulimit -f 6; exec \"$0\" run plan.toml");
    done.exits(5)
        .says("File too large")
        .says("summary.json`")
        .says("samples.csv.gz`")
        .never_says("panicked");
    let last = done.stdout.lines().last().unwrap();
    assert_eq!(
        last,
        "NOT WRITTEN: results could not be written; they would say PASS: all 2 thresholds hold (exit 5)"
    );
    let session = fs::canonicalize(scene.at("results/plan/latest")).unwrap();
    let mut files: Vec<String> = fs::read_dir(session)
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert!(files.iter().any(|file| file == "verdict.json"), "{files:?}");
    assert!(
        !files
            .iter()
            .any(|file| file == "summary.json" || file.ends_with(".part")),
        "nothing half: {files:?}"
    );
}

#[test]
fn results_go_where_they_are_told_to() {
    let scene = Perfgate::new().plan(&uploads(&transcription(""), "vus = 1\niterations = 2"));
    scene.run("run plan.toml --out elsewhere/deep").exits(0);
    assert!(
        scene.at("elsewhere/deep/plan/latest/summary.json").exists()
            && !scene.at("results").exists()
    );
    scene.run("check --results elsewhere/deep").exits(0);
}

#[test]
fn a_session_of_an_earlier_release_is_judged_as_its_plan_said() {
    let text = include_str!("../../fixtures/summary_version_1.json");
    let scene = Perfgate::new().file("earlier.json", text);
    // That a baseline may be missing stands under a key that had another name.
    scene
        .run("check earlier.json")
        .exits(0)
        .says("all 2 thresholds hold, and there is no baseline `../baselines/earlier.json` yet");
}
