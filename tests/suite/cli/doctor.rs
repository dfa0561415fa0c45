//! Whether a machine can measure.

use crate::support::perfgate::Perfgate;

#[test]
fn the_doctor_looks_at_limits_and_at_its_own_pacing() {
    let scene = Perfgate::new();
    let done = scene.run("doctor");
    for what in [
        "processors",
        "CPU quota",
        "open files",
        "local ports",
        "other load",
        "proxies",
        "results",
        "pacing",
        "loopback",
        "generator",
    ] {
        done.says(what);
    }
    // A machine that does other work is told so, with exit code 4.
    assert!(matches!(done.code, Some(0 | 4)), "{}", done.all());
    done.says("500/s: 99 % of the arrivals start within");
    assert!(!scene.at("results").exists(), "nothing stays");
    let limited = scene.shell("ulimit -Sn 64; ulimit -Hn 64; \"$0\" doctor");
    limited.says("at most 64").says("raise the hard limit");
    std::fs::write(scene.at("file"), "").unwrap();
    scene
        .run("doctor --out file")
        .exits(4)
        .says("choose another folder with --out");
}
