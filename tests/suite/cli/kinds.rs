//! `perfgate init --url URL --kind KIND`: a plan for a service of one's own.

use std::fs;

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

/// Each kind, with the service of the embedded target that is of it, and a path where its own is not meant.
const SERVICES: [(&str, &str, &str); 6] = [
    ("http", "transcription", "/health"),
    ("job", "jobs", ""),
    ("sse", "chat", ""),
    ("websocket", "vosk", ""),
    ("grpc", "riva", ""),
    ("speech", "transcription", ""),
];

#[test]
fn the_plan_of_every_kind_is_valid_and_runs() {
    for (kind, service, path) in SERVICES {
        let target = DemoTarget::start(service, "");
        let scene = Perfgate::new();
        let begun = scene.run(&format!(
            "init --ci none --url {}{path} --kind {kind} --name {kind}",
            target.url
        ));
        let file = format!("plans/{kind}.toml");
        begun
            .exits(0)
            .says(&format!("wrote {file}"))
            .says(&format!("next: perfgate run {file} --once"));
        let valid = scene.run(&format!("validate {file}"));
        assert_eq!(valid.exits(0).stderr, "", "{kind}: not a word of warning");
        let done = scene.run(&format!("run {file} --once"));
        done.exits(0).says("✓ ok in");
        let text = fs::read_to_string(scene.at(&file)).unwrap();
        let left = ["@URL@", "@SOCKET@", "@PATH@", "@FILE@"];
        assert!(left.iter().all(|mark| !text.contains(mark)), "{text}");
        let again = scene.run(&format!("init --kind {kind} --name {kind}"));
        again
            .exits(2)
            .says(&format!("`{file}` is there already: choose another name"));
    }
}

#[test]
fn names_urls_and_kinds_that_cannot_be_are_said() {
    let scene = Perfgate::new();
    for (arguments, says) in [
        (
            "init --kind soap",
            "http, job, sse, websocket, grpc, speech",
        ),
        ("init --url localhost", "is not a URL"),
        ("init --url http://me:pw@x/", "add `auth` to [target]"),
        (
            "init --name a/b --kind http",
            "cannot be the name of a plan",
        ),
    ] {
        scene.run(arguments).exits(2).says(says);
    }
    assert!(!scene.at("plans").exists());
    // The job and the notes name the plan that is there.
    scene
        .run("init --url https://api.example.com --name api")
        .exits(0);
    let job = fs::read_to_string(scene.at(".github/workflows/performance.yml")).unwrap();
    assert!(
        job.contains("perfgate run plans/api.toml") && !job.contains("service.toml"),
        "{job}"
    );
    let plan = fs::read_to_string(scene.at("plans/api.toml")).unwrap();
    assert!(plan.contains("tcp://api.example.com:443"), "{plan}");
}
