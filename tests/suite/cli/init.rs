//! `perfgate init`: what it writes works as it is, and what is there is left.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use yaml_rust2::{Yaml, YamlLoader};

use crate::support::perfgate::Perfgate;

/// Every file below a folder with what it says.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let all = glob::glob(folder.join("**/*").to_str().unwrap())
        .unwrap()
        .map(Result::unwrap);
    let files = all.filter(|path| path.is_file());
    files
        .map(|path| {
            (
                path.strip_prefix(folder).unwrap().display().to_string(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

fn yaml(text: &str) -> Yaml {
    let mut documents =
        YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

#[test]
fn what_it_writes_is_valid_without_a_word_and_runs() {
    let scene = Perfgate::new().env("DURATION", "1s");
    let begun = scene.run("init");
    begun
        .exits(0)
        .says("wrote plans/service.toml")
        .says("next: perfgate run plans/service.toml");
    let done = scene.run("run plans/service.toml");
    done.exits_unless_starved(0);
    assert!(done.counts().ok > 0);
    let valid = scene.run("validate plans/service.toml");
    assert_eq!(valid.exits(0).stderr, "", "not a word of warning");
    let plan = fs::read_to_string(scene.at("plans/service.toml")).unwrap();
    assert!(
        plan.starts_with("#:schema ../schemas/plan.schema.json\n")
            && plan.contains("target = \"http://localhost:8000\"")
    );
    assert_eq!(
        fs::read_to_string(scene.at("schemas/plan.schema.json")).unwrap(),
        perfgate::plan::schema_text()
    );
}

#[test]
fn the_jobs_that_it_shows_run_once_their_lines_are_taken() {
    let scene = Perfgate::new();
    scene.run("init").exits(0);
    let plan = fs::read_to_string(scene.at("plans/service.toml")).unwrap();
    let (before, rest) = plan
        .split_once("[[flow.transcribe]]\nname           = \"upload\"\n")
        .unwrap();
    let (_, rest) = rest
        .split_once("# A service that works in the background")
        .unwrap();
    let taken = |line: &str| match line {
        "target = { demo = \"transcription\" }" => String::new(),
        "# target = { demo = \"jobs\" }" => "target = { demo = \"jobs\" }".to_owned(),
        _ => line.strip_prefix("#   ").unwrap_or(line).to_owned(),
    };
    let before: Vec<String> = before
        .lines()
        .map(|line| {
            if line.contains("demo =") {
                taken(line)
            } else {
                line.to_owned()
            }
        })
        .collect();
    let rest: Vec<String> = rest.lines().skip(1).map(taken).collect();
    let text = before
        .iter()
        .chain(&rest)
        .fold(String::new(), |text, line| text + line + "\n");
    assert_eq!(text.matches("\n[[flow.transcribe]]").count(), 2, "{text}");
    fs::write(scene.at("plans/service.toml"), text).unwrap();
    scene.run("validate plans/service.toml").exits(0);
    scene
        .run("run plans/service.toml --once")
        .exits(0)
        .says("GET http://")
        .says("/jobs/job-")
        .says("✓ ok");
}

#[test]
fn a_second_time_changes_nothing() {
    let scene = Perfgate::new();
    scene.run("init").exits(0);
    fs::write(scene.at("plans/service.toml"), "mine").unwrap();
    let before = files(&scene.at(""));
    assert_eq!(before.len(), 5, "{:?}", before.keys());
    let again = scene.run("init");
    again
        .exits(0)
        .says("kept  plans/service.toml")
        .says("kept  .github/workflows/performance.yml")
        .never_says("wrote");
    again.never_says("add the line");
    assert_eq!(files(&scene.at("")), before);
}

#[test]
fn files_of_others_are_left_and_what_they_lack_is_said() {
    let scene = Perfgate::new().file(".gitignore", "/target/\n");
    let done = scene.run("init --ci none");
    done.exits(0)
        .says("kept  .gitignore: add the line `/results/`")
        .says("wrote baselines/README.md");
    assert_eq!(
        fs::read_to_string(scene.at(".gitignore")).unwrap(),
        "/target/\n"
    );
    assert!(!scene.at(".github").exists() && !scene.at(".gitlab-ci.yml").exists());
}

#[test]
fn another_folder_is_made_and_the_way_there_is_shown() {
    let scene = Perfgate::new().file("file", "");
    scene
        .run("init performance")
        .exits(0)
        .says("next: cd performance && perfgate run plans/service.toml");
    scene
        .shell("\"$0\" init 'my tests'")
        .exits(0)
        .says("next: cd 'my tests' && perfgate run plans/service.toml");
    assert!(scene.at("my tests/plans/service.toml").is_file());
    scene
        .run("init file")
        .exits(5)
        .says("cannot write `file/plans/service.toml`");
}

#[test]
fn the_job_of_github_runs_every_night_and_keeps_the_results() {
    let scene = Perfgate::new();
    scene.run("init").exits(0);
    let text = fs::read_to_string(scene.at(".github/workflows/performance.yml")).unwrap();
    assert!(!text.contains("secrets."), "{text}");
    let job = yaml(&text);
    assert_eq!(job["on"]["schedule"][0]["cron"].as_str(), Some("0 2 * * *"));
    let job = &job["jobs"]["performance"];
    assert_eq!(
        job["env"]["PERFGATE_INSTALL"].as_str(),
        Some("${{ vars.PERFGATE_INSTALL }}")
    );
    let steps = job["steps"].as_vec().unwrap();
    let uses: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["uses"].as_str())
        .collect();
    assert_eq!(uses, ["actions/checkout@v4", "actions/upload-artifact@v4"]);
    let run: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect();
    assert!(
        run[0].contains("$PERFGATE_INSTALL") && run[1] == "perfgate run plans/service.toml",
        "{run:?}"
    );
    let last = steps.last().unwrap();
    assert_eq!(last["if"].as_str(), Some("always()"));
    assert!(
        last["with"]["path"]
            .as_str()
            .unwrap()
            .starts_with("results/\n"),
        "{last:?}"
    );
}

#[test]
fn the_job_of_gitlab_runs_on_a_schedule_and_keeps_the_results() {
    let scene = Perfgate::new();
    scene
        .run("init --ci gitlab")
        .exits(0)
        .says("wrote .gitlab-ci.yml");
    assert!(!scene.at(".github").exists());
    let job = &yaml(&fs::read_to_string(scene.at(".gitlab-ci.yml")).unwrap())["performance"];
    assert_eq!(
        job["rules"][0]["if"].as_str(),
        Some("$CI_PIPELINE_SOURCE == \"schedule\"")
    );
    assert_eq!(
        job["before_script"][1].as_str(),
        Some("bash -euo pipefail -c \"$PERFGATE_INSTALL\"")
    );
    assert_eq!(
        job["script"][0].as_str(),
        Some("perfgate run plans/service.toml")
    );
    assert_eq!(
        (
            job["artifacts"]["when"].as_str(),
            job["artifacts"]["paths"][0].as_str()
        ),
        (Some("always"), Some("results/"))
    );
}
