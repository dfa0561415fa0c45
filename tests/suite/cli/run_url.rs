//! `perfgate run URL`, and the short options of a plan with one load.

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

#[test]
fn a_url_is_run_and_its_plan_written() {
    let target = DemoTarget::start("speech", "");
    let scene = Perfgate::new();
    let url = &target.url;
    let done = scene.run(&format!("run {url}/health --vus 2 --duration 300ms"));
    done.exits(0)
        .says("main   constant-vus   2 users, for 300ms");
    assert!(done.counts().ok > 0);
    let body = r#"{"model":"tts","input":"hi"}"#;
    let done = scene.run(&format!(
        "run {url}/v1/audio/speech -d {body} -H x-tag:1 --rate 20/s --duration 500ms --write plan.toml"
    ));
    done.exits(0).says("wrote plan.toml");
    assert_eq!(
        target.truth()["requests"]["POST /v1/audio/speech"]["200"],
        10
    );
    let plan = std::fs::read_to_string(scene.at("plan.toml")).unwrap();
    assert!(
        plan.contains("http.post    = \"/v1/audio/speech\""),
        "{plan}"
    );
    scene.run("validate plan.toml").exits(0);
    scene.run("run plan.toml --duration 200ms").exits(0);
    scene
        .run(&format!("run {url}/ --write plan.toml"))
        .exits(2)
        .says("is there already");
    scene
        .run(&format!(
            "run {url}/v1/audio/speech -X POST --vus 1 --duration 200ms"
        ))
        .exits(1)
        .says("HTTP 4");
    scene.run("run http:// --vus 1").exits(2);
    scene
        .run(&format!("run {url}/ -X BREW"))
        .exits(2)
        .says("write one of GET");
    scene.run("run http://127.0.0.1:1/").exits(5);
}

#[test]
fn short_options_are_those_of_the_only_load() {
    let target = DemoTarget::start("speech", "");
    let flow = "[[flow.look]]\nhttp.get = \"/health\"\n";
    let of =
        |loads: &str| Perfgate::new().plan(&format!("target = \"{}\"\n{flow}{loads}", target.url));
    let one = of("[load.look]\nvus = 1\nduration = \"30s\"\n");
    let done = one.run("run plan.toml --vus 3 --duration 200ms");
    done.exits(0).says("3 users, for 200ms");
    assert_eq!(done.summary()["given"][1], "load.look.vus=3");
    one.run("run plan.toml --rate 3/s")
        .exits(2)
        .says("`--rate` cannot set `load.look`: its users wait for each reply");
    one.run("run plan.toml -X POST")
        .exits(2)
        .says("`-X` is for a URL in place of a plan");
    let two = of(
        "[load.look]\nvus = 1\nduration = \"1s\"\n[load.more]\nflow = \"look\"\nvus = 1\nduration = \"1s\"\n",
    );
    two.run("run plan.toml --vus 3")
        .exits(2)
        .says("this plan has 2")
        .says("--set load.look.vus=3, or --set load.more.vus=3");
    let phase = of("[[phase]]\nname = \"soak\"\nload.look = { vus = 1, duration = \"30s\" }\n");
    phase.run("run plan.toml --duration 200ms").exits(0);
}
