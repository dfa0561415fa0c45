//! What a session leaves for people and their CI, and the same rendered again.

use std::fs;

use super::uploads;
use crate::support::perfgate::Perfgate;

const FILES: [&str; 4] = ["report.html", "report.md", "junit.xml", "metrics.txt"];

fn scene() -> Perfgate {
    let plan =
        uploads("{ demo = { service = \"transcription\", service_time = \"5ms\" } }", "vus = 2\niterations = 30");
    Perfgate::new().plan(&format!("{plan}latency.p50 = \"< 1ms\"\n"))
}

#[test]
fn every_session_has_its_reports_and_they_can_be_made_again() {
    let scene = scene();
    let done = scene.run("run plan.toml");
    done.exits(1);
    let first: Vec<String> = FILES.iter().map(|file| fs::read_to_string(done.file(file)).unwrap()).collect();
    assert!(first[0].contains("1 of 3 thresholds is crossed") && first[1].starts_with("## ✗ perfgate: FAIL – plan"));
    assert!(first[3].contains("perfgate_exit_code{plan=\"plan\"} 1\n") && first[3].ends_with("# EOF\n"));
    FILES.iter().for_each(|file| fs::remove_file(done.file(file)).unwrap());
    scene.run("report results/plan/latest").exits(0).says("wrote report.html, report.md, junit.xml, metrics.txt");
    for (file, first) in FILES.iter().zip(&first) {
        assert_eq!(&fs::read_to_string(done.file(file)).unwrap(), first, "{file} is another one when it is made again");
    }
    scene.run("report results/plan/latest --out elsewhere").exits(0);
    assert_eq!(fs::read_to_string(scene.at("elsewhere/report.html")).unwrap(), first[0]);
    assert_eq!(scene.run("report results/plan/latest --format markdown").exits(0).stdout, first[1]);
    scene.run("report results/plan/latest --format annotations").exits(0).says("::error file=plan.toml,line=");
    scene.run("report results").exits(2).says("it has no summary.json");
}

#[test]
fn github_is_told_what_fails_where_and_what_came_out() {
    let scene =
        scene().env("GITHUB_ACTIONS", "true").env("GITHUB_OUTPUT", "outputs").env("GITHUB_STEP_SUMMARY", "step.md");
    let done = scene.run("run plan.toml");
    done.exits(1).says("::error file=plan.toml,line=").says("title=upload.latency.p50 FAIL::upload.latency.p50 is");
    let outputs = fs::read_to_string(scene.at("outputs")).unwrap();
    for line in ["verdict=FAIL", "exit-code=1", "failed=1"] {
        assert!(outputs.lines().any(|own| own == line), "no {line} in {outputs}");
    }
    assert!(fs::read_to_string(scene.at("step.md")).unwrap().starts_with("## ✗ perfgate: FAIL"));
    let checked = scene.run("check results/plan/latest");
    assert_eq!(checked.exits(1).stdout.lines().filter(|line| line.starts_with("::error ")).count(), 1);
    // What cannot be told changes no exit code.
    scene
        .env("GITHUB_OUTPUT", "no/such/folder")
        .run("check results/plan/latest")
        .exits(1)
        .says("warning: cannot write");
}
