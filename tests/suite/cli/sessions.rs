//! Stored sessions: judged again, and of several runs.

use super::{transcription, uploads};
use crate::support::perfgate::{Perfgate, Tally};

#[test]
fn a_stored_session_is_judged_as_it_was_when_it_ran() {
    for (keys, code) in [
        ("", 0),
        ("faults = { status = 503, status_share = \"50%\" }", 1),
        ("faults = { reset_share = \"100%\" }", 5),
    ] {
        let scene =
            Perfgate::new().plan(&uploads(&transcription(keys), "vus = 2\niterations = 10"));
        let run = scene.run("run plan.toml");
        run.exits(code);
        for arguments in [
            "check",
            "check results/plan/latest",
            "check results/plan/latest/summary.json",
        ] {
            let check = scene.run(arguments);
            check.exits(code);
            assert_eq!(check.stdout, run.stdout, "{arguments}");
        }
    }
}

#[test]
fn check_without_a_name_takes_the_newest_of_every_plan_and_the_gravest_code() {
    let scene = Perfgate::new()
        .file(
            "good.toml",
            &uploads(&transcription(""), "vus = 1\niterations = 3"),
        )
        .file(
            "bad.toml",
            &uploads(
                &transcription("faults = { garbage_share = \"100%\" }"),
                "vus = 1\niterations = 3",
            ),
        );
    scene
        .run("check")
        .exits(2)
        .says("there is no session below `results`");
    scene.run("run bad.toml").exits(1);
    scene.run("run good.toml").exits(0);
    let both = scene.run("-q check");
    both.exits(1);
    assert_eq!(both.stdout.lines().count(), 2, "{}", both.all());
    scene
        .run("run bad.toml --set target.demo.faults.garbage_share=0%")
        .exits(0);
    scene.run("check").exits(0);
}

#[test]
fn a_threshold_must_hold_in_every_run() {
    let twice = |keys: &str| {
        let plan =
            uploads(&transcription(keys), "vus = 1\niterations = 6") + "\n[session]\nrepeats = 2\n";
        Perfgate::new().plan(&plan).run("run plan.toml")
    };
    let good = twice("slots = 1");
    good.exits(0);
    assert_eq!(
        [0, 1].map(|run| good.counts_of(run, "measured")),
        [Tally::all_ok(6); 2]
    );
    let metrics = good.summary()["metrics"].clone();
    assert_eq!(
        metrics["upload.latency.p95"]["runs"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let worse = twice("faults = { die_after = 9 }");
    worse.exits(1);
    assert_eq!(
        [0, 1].map(|run| worse.counts_of(run, "measured").failed),
        [0, 3]
    );
    let verdict = worse.json("verdict.json");
    let error_rate = verdict["thresholds"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["metric"] == "upload.error_rate");
    assert_eq!(
        (
            &error_rate.unwrap()["mark"],
            &error_rate.unwrap()["worst_run"]
        ),
        (&"crossed".into(), &2.into())
    );
}
