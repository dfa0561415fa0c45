//! `run --once`: what is said and heard, once, and nothing stored.

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

fn plan(url: &str) -> String {
    format!(
        r#"target = "{url}"
[secrets]
key = "hush-hush-hush"
[audio.clip]
synthesize = {{ seconds = 1 }}
[[flow.upload]]
name = "look"
http.get = "/health?key={{{{key}}}}"
http.headers = {{ authorization = "Bearer {{{{key}}}}" }}
[[flow.upload]]
name = "send"
http.post = "/v1/audio/transcriptions"
http.multipart = {{ file = {{ audio = "clip" }}, model = "tiny" }}
capture = {{ text = "$.text" }}
[[phase]]
name = "first"
load.upload = {{ vus = 50, iterations = 5000 }}
[[phase]]
name = "second"
load.other = {{ flow = "upload", vus = 50, iterations = 5000 }}
"#
    )
}

#[test]
fn each_flow_is_run_once_with_all_that_is_said() {
    let target = DemoTarget::start("transcription", "");
    let done = Perfgate::new()
        .plan(&plan(&target.url))
        .run("run plan.toml --once");
    done.exits(0)
        .says("── flow upload")
        .says("> GET http://127.0.0.1:")
        .says("/health?key=***");
    done.says("> authorization: ***")
        .says("< 200")
        .says("\"status\":\"ok\"")
        .says("first byte");
    done.says("> POST http://127.0.0.1:")
        .says("of multipart/form-data")
        .says("\"duration\":1.0")
        .says("= send\n  capture text  \"")
        .says("✓ ok in");
    done.never_says("hush-hush");
    assert!(done.stored_nothing());
    let truth = target.truth();
    assert_eq!(
        truth["requests"]["POST /v1/audio/transcriptions"]["200"], 1,
        "two loads, one flow: {truth}"
    );
}

#[test]
fn a_flow_that_fails_says_why_and_exits_1() {
    let target = DemoTarget::start("transcription", "");
    let wrong = plan(&target.url).replace("/v1/audio/transcriptions", "/v1/audio/transcription");
    let done = Perfgate::new().plan(&wrong).run("run plan.toml --once");
    done.exits(1)
        .says("< 404")
        .says("✗ failed after")
        .says("HTTP 404: Not Found");
    let gone = plan("http://127.0.0.1:1");
    Perfgate::new()
        .plan(&gone)
        .run("run plan.toml --once")
        .exits(1)
        .says("FAILED (connect): connection refused");
}
