//! `perfgate run URL`, and the options that set the only load of a plan.

use std::fs;

use super::uploads;
use crate::support::demo_target::{DemoTarget, seen};
use crate::support::perfgate::Perfgate;

#[test]
fn a_url_is_measured_and_judged_without_a_plan() {
    let target = DemoTarget::start("transcription", "");
    let scene = Perfgate::new();
    let done = scene.run(&format!(
        "run {}/health --vus 2 --duration 500ms --progress none",
        target.url
    ));
    done.exits_unless_starved(0)
        .says("GET http://127.0.0.1:")
        .says("2 users for 500ms (set by --vus N, --rate 50/s, --duration 30s)")
        .says("`--write plan.toml` keeps this as a plan");
    assert!(done.counts().ok > 0);
    let port = target.url.rsplit(':').next().unwrap();
    let name = format!("127.0.0.1-{port}");
    assert_eq!(done.summary()["plan"]["name"], name.as_str());
    assert!(scene.at(&format!("results/{name}/latest")).exists());
    assert!(!scene.at("plan.toml").exists());
    done.never_says("update-baseline  ").never_says("(made of");
}

#[test]
fn a_service_that_is_broken_fails_and_so_does_no_service() {
    let target = DemoTarget::start("transcription", "");
    let scene = Perfgate::new();
    let gone = format!(
        "run {}/nowhere --rate 20/s --duration 500ms --progress none",
        target.url
    );
    scene.run(&gone).exits(1).says("HTTP 404");
    let scene = Perfgate::new();
    scene
        .run("run http:///x --duration 1s")
        .exits(2)
        .says("is not a URL that requests can be sent to");
    assert!(!scene.at("results").exists());
    let scene = Perfgate::new();
    scene
        .run("run http://127.0.0.1:9/ --duration 1s")
        .exits(5)
        .says("tcp://127.0.0.1:9");
}

#[test]
fn the_plan_that_it_writes_does_the_same() {
    let target = DemoTarget::start("chat", "");
    let scene = Perfgate::new().file("body.json", r#"{ "model": "m", "messages": [] }"#);
    let line = format!(
        "\"$0\" run {}/v1/chat/completions -d @body.json -H 'X-Trace: a b' -H 'Authorization: Bearer hush-hush-hush' \
         --rate 40/s --duration 500ms --progress none --write plans/chat.toml",
        target.url
    );
    let done = scene.shell(&line);
    done.says("wrote plans/chat.toml; it takes AUTHORIZATION from the environment")
        .never_says("hush-hush-hush");
    assert_eq!(done.counts().planned, 20);
    assert_eq!(seen(&target.truth(), "POST /v1/chat/completions"), 20);
    let plan = fs::read_to_string(scene.at("plans/chat.toml")).unwrap();
    for part in [
        "http.post",
        "X-Trace = \"a b\"",
        "Authorization = \"{{authorization}}\"",
        "authorization = \"${AUTHORIZATION}\"",
        "model = \"m\"",
        "rate     = \"40/s\"",
        "[[flow.main]]",
        "error_rate = \"<= 1%\"",
    ] {
        assert!(plan.contains(part), "no {part} in\n{plan}");
    }
    let scene = scene.env("AUTHORIZATION", "Bearer hush-hush-hush");
    let valid = scene.run("validate plans/chat.toml");
    assert_eq!(valid.exits(0).stderr, "", "not a word of warning");
    let hash = |done: &crate::support::perfgate::Done| done.summary()["plan"]["load_hash"].clone();
    let again = scene.run("run plans/chat.toml --progress none");
    assert_eq!((again.code, hash(&again)), (done.code, hash(&done)));
    // What is there is kept unless that is allowed.
    let kept = scene.shell(&line);
    kept.exits(2).says("`plans/chat.toml` is there already");
    let dry = scene.run(&format!(
        "run {} --dry-run --write plans/chat.toml --force",
        target.url
    ));
    dry.exits(0).says("nothing is sent");
    let plan = fs::read_to_string(scene.at("plans/chat.toml")).unwrap();
    assert!(
        plan.contains("http.get = \"/\"") && !plan.contains("secrets"),
        "{plan}"
    );
}

#[test]
fn what_is_for_urls_alone_is_said_to_be() {
    let scene = Perfgate::new().plan(&uploads(
        "\"http://127.0.0.1:1\"",
        "vus = 1\niterations = 1",
    ));
    for (arguments, says) in [
        (
            "run plan.toml -X PUT",
            "`-X` is for a URL in place of a plan",
        ),
        ("run plan.toml -d x", "`-d` is for a URL in place of a plan"),
        ("run plan.toml --force", "--write"),
        (
            "run http://x/ -X BREW",
            "GET, HEAD, POST, PUT, PATCH, DELETE",
        ),
        ("run http://x/ -H nonsense", "write -H 'Name: value'"),
        (
            "run http://x/ -d @gone.json",
            "cannot read the body `gone.json`",
        ),
        ("run http://x/ --rate 50", "\"3/s\""),
        (
            "validate http://x/a",
            "perfgate run http://x/a --dry-run --write plan.toml",
        ),
    ] {
        scene.run(arguments).exits(2).says(says);
    }
}

#[test]
fn the_only_load_of_a_plan_is_set_by_short_options() {
    let scene = Perfgate::new().plan(&uploads(
        "{ demo = \"transcription\" }",
        "rate = \"2/s\"\nduration = \"10s\"",
    ));
    let done = scene.run("run plan.toml --rate 20/s --duration 500ms --progress none");
    done.exits_unless_starved(0);
    assert_eq!(done.counts().planned, 10);
    let said = &done.summary()["overrides"];
    assert!(
        done.summary().to_string().contains("load.upload.rate=20/s"),
        "what was said can be said again: {said}"
    );
    for (arguments, says) in [
        (
            "run plan.toml --vus 3",
            "`--vus` cannot set `load.upload`: its iterations start by the clock",
        ),
        ("run plan.toml --vus 3 --rate 3/s", "cannot be used with"),
    ] {
        scene.run(arguments).exits(2).says(says);
    }
    let text = fs::read_to_string(scene.at("plan.toml")).unwrap()
        + "\n[load.more]\nflow = \"upload\"\nvus = 1\niterations = 1\n";
    let scene = scene.plan(&text);
    scene
        .run("run plan.toml --duration 3s")
        .exits(2)
        .says("this plan has 2")
        .says("--set load.upload.duration=3s, or --set load.more.duration=3s");
}
