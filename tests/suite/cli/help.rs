//! What helps: every help shows commands that work, shells complete them, and they have manual pages.

use std::fs;

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::{Done, Perfgate};

/// The commands that a help lists.
fn commands(help: &str) -> Vec<String> {
    let list = help
        .split("Commands:\n")
        .nth(1)
        .unwrap_or_default()
        .split("\n\n")
        .next()
        .unwrap_or_default();
    let names = list.lines().filter_map(|line| {
        line.strip_prefix("  ")
            .filter(|line| !line.starts_with(' '))?
            .split_whitespace()
            .next()
    });
    names
        .filter(|name| *name != "help" && !name.starts_with('-'))
        .map(str::to_owned)
        .collect()
}

/// Every command with its help, each before its own commands.
fn helps(scene: &Perfgate, command: &str, all: &mut Vec<(String, String)>) {
    let help = scene.run(&format!("{command} --help"));
    let text = help.exits(0).stdout.clone();
    all.push((command.trim().to_owned(), text.clone()));
    for own in commands(&text) {
        helps(scene, &format!("{command} {own}"), all);
    }
}

fn examples(help: &str) -> Vec<String> {
    let list = help.split("Examples:\n").nth(1).unwrap_or_default();
    list.lines()
        .map_while(|line| line.strip_prefix("  "))
        .map(str::to_owned)
        .collect()
}

/// An example as it is shown; a target ends at once, and has a port of its own.
fn try_out(scene: &Perfgate, example: &str) -> Done {
    let rest = example
        .strip_prefix("perfgate ")
        .unwrap_or_else(|| panic!("{example}"));
    if rest.starts_with("calibrate") {
        scene.run("run plans/service.toml");
    }
    if rest.starts_with("compare") {
        let target = DemoTarget::start("transcription", "");
        let rest = rest
            .replace("http://old:80", &target.url)
            .replace("http://new:80", &target.url);
        return scene.shell(&format!("\"$0\" {rest} --pairs 2"));
    }
    if rest.contains("http://localhost:8000") {
        let target = DemoTarget::start("transcription", "");
        let rest = rest.replace("http://localhost:8000", &target.url);
        return scene.shell(&format!("\"$0\" {rest}"));
    }
    let rest = match rest.starts_with("demo") {
        true => format!(
            "{} --until-stdin-closes",
            rest.replace("--port 8001", "--port 0")
        ),
        false => rest.to_owned(),
    };
    scene.shell(&format!("\"$0\" {rest}"))
}

#[test]
fn every_help_has_examples_and_each_of_them_works() {
    let scene = Perfgate::new().env("DURATION", "1s");
    // What k6 would have written, and what it is to be compared with.
    fs::create_dir_all(scene.at("perf/results")).unwrap();
    fs::write(scene.at("job.json"), "{}").unwrap();
    fs::write(
        scene.at("perf/results/latest.json"),
        r#"{ "metrics": { "http_req_duration": { "avg": 1850 } } }"#,
    )
    .unwrap();
    let baseline = r#"{ "metrics": { "http_req_duration_ms_avg": 1850 }, "tolerances": { "http_req_duration_ms_avg": 1.2 } }"#;
    fs::write(scene.at("perf/baseline.json"), baseline).unwrap();
    let mut all = Vec::new();
    helps(&scene, "", &mut all);
    let names: Vec<&str> = all.iter().map(|(command, _)| command.as_str()).collect();
    for name in [
        "init",
        "run",
        "validate",
        "check",
        "demo",
        "audio make",
        "audio list",
        "schema",
        "completions",
        "man",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    for (command, help) in &all {
        let shown = examples(help);
        assert!(
            !shown.is_empty(),
            "`perfgate {command} --help` shows no example:\n{help}"
        );
        assert!(
            help.contains("Reads")
                || help.contains("Writes")
                || help.contains("Exit codes")
                || command == "audio",
            "{help}"
        );
        for example in shown {
            assert!(
                example.starts_with(format!("perfgate {command}").trim_end()),
                "{example} stands at `{command}`"
            );
            assert!(
                example.len() < 80,
                "a terminal of 80 columns breaks `{example}`"
            );
            let mut done = try_out(&scene, &example);
            for _ in 0..2 {
                if done.starved() {
                    done = try_out(&scene, &example);
                }
            }
            // Of two targets that are one, chance may make the other look slower.
            let undecided = command == "compare" && done.code == Some(3)
                // And a machine that does other work cannot measure.
                || command == "doctor" && done.code == Some(4);
            assert!(
                done.code == Some(0) || undecided,
                "{example}\n{}",
                done.all()
            );
        }
    }
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = Perfgate::new().run(&format!("completions {shell}"));
        done.exits(0);
        for word in ["perfgate", "validate", "dry-run", "audio", "count"] {
            assert!(done.stdout.contains(word), "{shell}: no {word}");
        }
        assert!(
            !done.stdout.contains("stdin"),
            "{shell} offers what no person types"
        );
        assert!(done.stdout.contains("port"), "{shell}: nothing of `demo`");
    }
    Perfgate::new()
        .run("completions tcsh")
        .exits(2)
        .says("bash, elvish, fish");
}

#[test]
fn the_help_of_the_target_names_every_service_with_its_routes() {
    let scene = Perfgate::new();
    let done = scene.run("demo --help");
    for word in ["transcription:", "speech:", "chat:", "voice:", "jobs:"] {
        done.exits(0).says(&format!("  {word} "));
    }
    done.says("POST /v1/audio/transcriptions")
        .says("GET /jobs/{job_id}")
        .says("GET /truth");
    done.says("try: curl -F file=@clip.wav URL/jobs/");
    assert!(
        done.stdout.lines().all(|line| line.chars().count() <= 100),
        "{}",
        done.stdout
    );
    scene
        .run("demo -h")
        .exits(0)
        .never_says("GET /truth")
        .says("perfgate demo jobs --port 8001");
    scene.run("man --out man").exits(0);
    let page = fs::read_to_string(scene.at("man/perfgate-demo.1")).unwrap();
    assert!(
        page.contains(".SH SERVICES\n.nf\n") && page.contains("\n\\&  GET /truth\n"),
        "{page}"
    );
}

#[test]
fn each_command_has_a_page_of_the_manual() {
    let scene = Perfgate::new();
    let page = scene.run("man");
    assert!(
        page.exits(0).stdout.contains(".TH perfgate 1"),
        "{}",
        page.all()
    );
    page.says(".SH EXIT CODES");
    let done = scene.run("man --out manual/man1");
    for (name, word) in [
        ("perfgate", "perfgate\\-run(1)"),
        ("perfgate-run", "\\-\\-dry\\-run"),
        ("perfgate-audio-make", "\\-\\-seconds"),
    ] {
        done.exits(0).says(&format!("wrote manual/man1/{name}.1"));
        let text = fs::read_to_string(scene.at(&format!("manual/man1/{name}.1"))).unwrap();
        assert!(
            text.contains(word) && text.contains(".SH EXAMPLES"),
            "{text}"
        );
    }
    assert_eq!(
        fs::read_to_string(scene.at("manual/man1/perfgate.1")).unwrap(),
        page.stdout
    );
    scene
        .file("file", "")
        .run("man --out file")
        .exits(5)
        .says("cannot write `file/perfgate.1`");
}

#[test]
fn the_short_help_is_short_and_the_long_one_is_in_groups() {
    let scene = Perfgate::new();
    let groups = [
        "Plan:\n",
        "Load, of a URL or of a plan's only load:\n",
        "Request, where PLAN is a URL:\n",
        "Session:\n",
        "Results and progress:\n",
        "Global options:\n",
    ];
    let short = scene.run("run -h").exits(0).stdout.clone();
    let long = scene.run("run --help").exits(0).stdout.clone();
    assert!(short.lines().count() < 55, "{short}");
    for group in groups {
        assert!(long.contains(group), "no {group} in\n{long}");
    }
    assert!(!short.contains("--progress-interval") && long.contains("--progress-interval"));
    // What every command takes is a line or two each, and stands last.
    for command in [
        "run",
        "validate",
        "compare",
        "update-baseline",
        "demo",
        "check",
    ] {
        let help = scene
            .run(&format!("{command} --help"))
            .exits(0)
            .stdout
            .clone();
        let global = help.split("Global options:\n").nth(1).expect("its heading");
        let global = global.split("Examples:").next().unwrap_or_default();
        assert!(global.lines().count() <= 12, "{command}: {help}");
        assert!(
            !help.contains("Possible values:\n          - auto"),
            "{help}"
        );
        let short = scene.run(&format!("{command} -h")).exits(0).stdout.clone();
        assert!(
            short.lines().count() < help.lines().count(),
            "{command}: {short}"
        );
        assert!(
            !short.contains("Reads:") && help.contains("Reads"),
            "{short}"
        );
    }
}
