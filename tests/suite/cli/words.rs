//! What a newcomer writes, and what is said of it.

use super::transcription;
use crate::support::perfgate::Perfgate;

#[test]
fn a_step_may_be_named_like_a_metric_and_rules_still_find_it() {
    let text = format!(
        r#"target = {}

[audio.clip]
synthesize = {{ seconds = 1 }}

[[flow.shop]]
name = "wait"
http.post = "/v1/audio/transcriptions"
http.multipart = {{ file = {{ audio = "clip" }}, model = "tiny" }}
expect = {{ "$.text" = "not empty" }}

[[flow.shop]]
name = "latency"
http.post = "/v1/audio/transcriptions"
http.multipart = {{ file = {{ audio = "clip" }}, model = "tiny" }}
expect = {{ "$.text" = "never this" }}

[load.shop]
vus = 1
iterations = 3

[threshold]
wait.error_rate = "< 1%"
shop.latency.error_rate = "100%"
error_rate = "any"
"#,
        transcription("")
    );
    let done = Perfgate::new()
        .plan(&text)
        .run("run plan.toml -v --progress none");
    done.exits(1)
        .says("shop.wait.error_rate")
        .says("shop.latency.error_rate")
        // A text without a verb is what the value must be, and the line of a failure says why.
        .says("FAILED (check) after")
        .says(": expected $.text to be \"never this\", found ");
    assert_eq!(done.counts().failed, 3);
}

#[test]
fn a_failed_iteration_is_told_with_its_status_and_reason() {
    let text = super::uploads(
        &transcription("faults = { status = 500, status_share = \"100%\", body = \"broken\" }"),
        "vus = 1\niterations = 2",
    );
    let done = Perfgate::new()
        .plan(&text)
        .run("run plan.toml -v --progress none");
    let line = done
        .stderr
        .lines()
        .find(|line| line.starts_with("[upload-0]"));
    let line = line.unwrap_or_else(|| panic!("{}", done.all()));
    assert!(
        line.contains("FAILED (HTTP 500) after ") && line.ends_with(": broken"),
        "{line}"
    );
}

#[test]
fn files_of_other_tools_and_files_that_are_not_there_lead_on() {
    let scene = Perfgate::new()
        .file("load.js", "export default function () {}")
        .file("nightly.toml", "");
    scene
        .run("run load.js")
        .exits(2)
        .says("`load.js` is a script, of k6 perhaps, and not a plan")
        .says("perfgate init");
    scene
        .run("run nigthly.toml")
        .exits(2)
        .says("a file with a similar name is there: `nightly.toml`");
    scene.run("demo nope").exits(2).says("there is no `nope`");
}
