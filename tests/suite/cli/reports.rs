//! What a session leaves for people and their CI, and the same rendered again.

use std::fs;

use super::uploads;
use crate::support::markup::table;
use crate::support::perfgate::Perfgate;

const FILES: [&str; 4] = ["report.html", "report.md", "junit.xml", "metrics.txt"];

fn scene() -> Perfgate {
    let plan = uploads(
        "{ demo = { service = \"transcription\", service_time = \"5ms\" } }",
        "vus = 2\niterations = 30",
    );
    Perfgate::new().plan(&format!("{plan}latency.p50 = \"< 1ms\"\n"))
}

#[test]
fn every_session_has_its_reports_and_they_can_be_made_again() {
    let scene = scene();
    let done = scene.run("run plan.toml");
    done.exits(1);
    let first: Vec<String> = FILES
        .iter()
        .map(|file| fs::read_to_string(done.file(file)).unwrap())
        .collect();
    assert!(
        first[0].contains("1 of 3 thresholds is crossed")
            && first[1].starts_with("## ✗ perfgate: FAIL – plan")
    );
    assert!(
        first[3].contains("perfgate_exit_code{plan=\"plan\"} 1\n") && first[3].ends_with("# EOF\n")
    );
    FILES
        .iter()
        .for_each(|file| fs::remove_file(done.file(file)).unwrap());
    scene
        .run("report results/plan/latest")
        .exits(0)
        .says("wrote report.html, report.md, junit.xml, metrics.txt");
    for (file, first) in FILES.iter().zip(&first) {
        assert_eq!(
            &fs::read_to_string(done.file(file)).unwrap(),
            first,
            "{file} is another one when it is made again"
        );
    }
    scene
        .run("report results/plan/latest --out elsewhere")
        .exits(0);
    assert_eq!(
        fs::read_to_string(scene.at("elsewhere/report.html")).unwrap(),
        first[0]
    );
    assert_eq!(
        scene
            .run("report results/plan/latest --format markdown")
            .exits(0)
            .stdout,
        first[1]
    );
    let printed = scene
        .run("report results/plan/latest --format json")
        .exits(0)
        .stdout
        .clone();
    let flat: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let summary = done.summary();
    let count = summary["runs"][0]["loads"][0]["counts"]["measured"]["ok"].clone();
    assert_eq!(
        (
            &flat["summary"]["success_rate"],
            &flat["summary"]["successful_requests"]
        ),
        (&1.0.into(), &count)
    );
    for name in ["e2e", "upload.latency"] {
        let p95 = &summary["metrics"]["upload.latency.p95"]["runs"][0]["value"];
        assert_eq!(
            (
                &flat["latency"][name]["p95"],
                &flat["latency"][name]["count"]
            ),
            (p95, &count),
            "{name}"
        );
    }
    for key in [
        "failed_requests",
        "timeout_requests",
        "requests_per_second",
        "total_duration_seconds",
    ] {
        assert!(flat["summary"][key].is_number(), "{key}");
    }
    assert_eq!(flat["config"]["load"]["upload"]["vus"], 2);
    scene
        .run("report results/plan/latest --format annotations")
        .exits(0)
        .says("::error file=plan.toml,line=");
    // A folder with one session means that session.
    scene
        .run("report results")
        .exits(0)
        .says("wrote report.html, report.md, junit.xml, metrics.txt");
    scene.run("report nowhere").exits(2);
}

#[test]
fn github_is_told_what_fails_where_and_what_came_out() {
    let scene = scene()
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_OUTPUT", "outputs")
        .env("GITHUB_STEP_SUMMARY", "step.md");
    let done = scene.run("run plan.toml");
    done.exits(1)
        .says("::error file=plan.toml,line=")
        .says("title=upload.latency.p50 FAIL::upload.latency.p50 is");
    let outputs = fs::read_to_string(scene.at("outputs")).unwrap();
    for line in ["verdict=FAIL", "exit-code=1", "failed=1"] {
        assert!(
            outputs.lines().any(|own| own == line),
            "no {line} in {outputs}"
        );
    }
    assert!(
        fs::read_to_string(scene.at("step.md"))
            .unwrap()
            .starts_with("## ✗ perfgate: FAIL")
    );
    let checked = scene.run("check results/plan/latest");
    assert_eq!(
        checked
            .exits(1)
            .stdout
            .lines()
            .filter(|line| line.starts_with("::error "))
            .count(),
        1
    );
    // What cannot be told changes no exit code.
    scene
        .env("GITHUB_OUTPUT", "no/such/folder")
        .run("check results/plan/latest")
        .exits(1)
        .says("warning: cannot write");
}

#[test]
fn two_sessions_are_held_against_each_other_and_many_stand_side_by_side() {
    let scene = scene();
    for users in [2, 4, 8] {
        scene
            .run(&format!("run plan.toml --set load.upload.vus={users}"))
            .exits(1);
    }
    let mut sessions: Vec<_> = fs::read_dir(scene.at("results/plan"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with("latest"))
        .collect();
    sessions.sort();
    let names: Vec<&str> = sessions
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    let pair = format!("report results/plan/{} results/plan/{}", names[0], names[1]);
    let done = scene.run(&pair);
    done.exits(0)
        .says(&format!("plan: {} over {}", names[1], names[0]))
        .says("load.upload.vus")
        .says("upload.throughput");
    done.says(&format!(
        "wrote comparison.html, comparison.md to results/plan/{}/",
        names[1]
    ));
    for (file, words) in [
        ("comparison.html", "What changed besides the numbers"),
        ("comparison.md", "load.upload.vus"),
    ] {
        assert!(
            fs::read_to_string(sessions[1].join(file))
                .unwrap()
                .contains(words),
            "{file}"
        );
    }
    scene
        .run(&format!("{pair} --format junit"))
        .exits(2)
        .says("--together judges them as one");
    scene
        .run(&format!("{pair} --together --format junit"))
        .exits(0)
        .says("<testsuites");

    let done = scene.run("report results/plan");
    done.exits(0)
        .says("plan: 3 sessions")
        .says("they differ in load.upload.vus")
        .says("sessions.html, sessions.md");
    let page = fs::read_to_string(scene.at("results/plan/sessions.html")).unwrap();
    assert!(
        page.contains("Each dot is a session") && page.contains("<svg"),
        "{page}"
    );

    // Files, as other tools leave them in a folder; what is no session there is passed over.
    fs::create_dir(scene.at("files")).unwrap();
    for (session, users) in sessions.iter().zip([2, 4, 8]) {
        fs::copy(
            session.join("summary.json"),
            scene.at(&format!("files/run_{users}_clients.json")),
        )
        .unwrap();
    }
    fs::write(scene.at("files/notes.json"), "{}").unwrap();
    scene
        .run("report files --format text")
        .exits(0)
        .says("plan: 3 sessions")
        .says("FAIL");

    // The page of a session shows those of the same work before it, and is made again as it was.
    assert!(
        !fs::read_to_string(sessions[2].join("report.html"))
            .unwrap()
            .contains("The sessions before")
    );
    scene.run("run plan.toml --set load.upload.vus=8").exits(1);
    let page = || fs::read_to_string(scene.at("results/plan/latest/report.html")).unwrap();
    let first = page();
    let shown: Vec<String> = table(&first, "The sessions one by one")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    assert_eq!((shown.len(), shown[0].as_str()), (2, names[2]));
    scene.run("report results/plan/latest").exits(0);
    assert_eq!(page(), first);
}
