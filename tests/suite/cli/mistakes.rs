//! Plans and arguments that are wrong: every mistake at once, at its place, with what was meant; nothing is sent.

use super::{transcription, uploads};
use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::{Done, Perfgate};

/// Runs a plan that is wrong.
fn refused(plan: &str, arguments: &str) -> Done {
    let done = Perfgate::new()
        .plan(plan)
        .run(&format!("run plan.toml {arguments}"));
    done.exits(2)
        .says("nothing was sent")
        .never_says("panicked");
    assert!(
        done.stdout.is_empty() && done.stored_nothing(),
        "{}",
        done.all()
    );
    done
}

fn good() -> String {
    uploads(&transcription(""), "vus = 1\niterations = 2")
}

#[test]
fn every_unknown_key_and_wrong_value_comes_at_once_with_its_place() {
    let plan = r#"descripton = "x"
target = { url = "http://127.0.0.1:1", timout = "1s" }

[[flow.a]]
http.gett = "/"

[load.a]
vus = "many"
duraton = "1s"

[load.b]
vus = 1
duration = "1x"

[thresold]
error_rate = "< 1%"
"#;
    let done = refused(plan, "");
    for (place, what) in [
        ("plan.toml:1:1", "`description`"),
        ("plan.toml:2:40", "`timeout`"),
        ("plan.toml:5:6", "`get`"),
        ("plan.toml:8:7", "`many` is not a whole number"),
        ("plan.toml:9:1", "`duration`"),
        ("plan.toml:13:12", "`1x` is not a duration"),
        ("plan.toml:15:2", "`threshold`"),
    ] {
        done.says(place).says(what);
    }
    done.says("^^^^^^^^^^").says("`plan.toml` has 7 errors");
    let places: Vec<usize> = ["1:1", "2:40", "5:6", "8:7", "9:1", "13:12", "15:2"]
        .iter()
        .map(|place| {
            done.stderr
                .find(&format!("plan.toml:{place}\n"))
                .expect(place)
        })
        .collect();
    assert!(
        places.is_sorted(),
        "in the order of the file: {}",
        done.stderr
    );
}

#[test]
fn a_wrong_bound_comes_with_the_other_mistakes() {
    let done = refused(
        &good()
            .replace("vus = 1", "vuss = 1")
            .replace("\"< 1%\"", "\"< 1 apple\""),
        "",
    );
    done.says("`vus`")
        .says("plan.toml:15:14")
        .says("has 2 errors");
}

#[test]
fn thresholds_on_what_the_plan_does_not_measure_are_refused() {
    refused(&(good() + "wer = \"< 5%\"\n"), "")
        .says("plan.toml:16:1")
        .says("no metric `wer`");
    refused(&(good() + "latncy.p95 = \"< 5s\"\n"), "")
        .says("plan.toml:16:1")
        .says("`latency");
    refused(&(good() + "latency.p95 = \"< 5%\"\n"), "").says("plan.toml:16:15");
}

#[test]
fn a_name_that_leads_out_of_the_results_is_refused() {
    for name in ["../evil", "/evil", "..", "", "a/b", "a/"] {
        refused(&format!("name = \"{name}\"\n{}", good()), "")
            .says("cannot be the name of a folder")
            .says("plan.toml:1:8");
    }
}

#[test]
fn keys_of_the_format_that_are_not_built_yet_say_so() {
    let plan = good() + "\n[monitor.gpu]\ngpu = true\n";
    let done = refused(&plan, "");
    done.says("`gpu` is part of the plan format");
    done.says("does not carry it out yet").says("has 1 error");
}

#[test]
fn set_knows_only_what_the_plan_has() {
    refused(&good(), "--set load.uplaod.vus=2").says("a similar name exists: `load.upload.vus`");
    refused(&good(), "--set load.upload.rate=2/s")
        .says("`load.upload` has `vus`, and --set does not make it another kind of load");
    refused(&good(), "--set load.upload=2")
        .says("only a variable or a single value can be set")
        .says("--set:1:1");
    refused(&good(), "--set load.upload.vus=two").says("`two` is not a whole number");
    let done = Perfgate::new().plan(&good()).run("run plan.toml --set vus");
    done.exits(2).says("`vus` is not NAME=value");
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let plan = good().replace("iterations = 2", "iterations = \"${HOW_MANY}\"");
    let done = refused(&plan, "");
    done.says("the environment has no `HOW_MANY`")
        .says("${HOW_MANY:-default}")
        .says("plan.toml:12:14")
        .says("`plan.toml` has 1 error;");
    let done = Perfgate::new()
        .plan(&plan)
        .env("HOW_MANY", "3")
        .run("run plan.toml");
    assert_eq!(done.exits(0).counts().ok, 3);
}

#[test]
fn files_that_are_missing_or_something_else_are_named() {
    let scene = Perfgate::new().plan(&good());
    scene
        .run("run nowhere.toml")
        .exits(2)
        .says("cannot read the plan `nowhere.toml`")
        .says("nothing was sent");
    scene.run("check nowhere").exits(2).says("nowhere");
    scene
        .run("validate results.json")
        .exits(2)
        .says("perfgate check results.json");
    scene
        .run("run results.json")
        .exits(2)
        .says("perfgate check results.json");
    scene
        .run("check plan.toml")
        .exits(2)
        .says("perfgate validate plan.toml");
    scene.run("run").exits(2).says("PLAN");
    scene.run("rum plan.toml").exits(2).says("run");
    refused(&format!("include = \"other.toml\"\n{}", good()), "")
        .says("cannot include `other.toml`")
        .says("plan.toml:1:11");
    refused("target = [\n", "")
        .says("`[` is not closed by `]`")
        .says("plan.toml:1:");
    refused("", "").says("the plan has no load");
    let plan = good().replace("synthesize = { seconds = 1 }", "files = \"none/*.wav\"");
    refused(&plan, "").says("none/*.wav").says("plan.toml:4:9");
}

#[test]
fn a_variable_that_is_not_there_is_said_wherever_it_stands() {
    let plan = good().replace(
        "[[flow.upload]]\n",
        "[[flow.upload]]\ntimeout = \"{{patiense}}\"\n",
    );
    refused(&format!("{plan}[vars]\npatience = \"5s\"\n"), "")
        .says("nothing has the name `{{patiense}}` when the plan is read")
        .says("a variable with a similar name exists: `patience`");
}

#[test]
fn another_file_can_be_included_with_set() {
    let plan = "include = \"one.toml\"\n[load.upload]\nvus = 1\niterations = 2\n";
    let scene = Perfgate::new()
        .file("one.toml", "nonsense = 1\n")
        .file("two.toml", &good())
        .plan(plan);
    scene
        .run("validate plan.toml")
        .exits(2)
        .says("one.toml:1:1");
    scene
        .run("validate plan.toml --set include=two.toml")
        .exits(0)
        .says("plan.toml is valid");
    scene
        .run("validate plan.toml --set include=three.toml")
        .exits(2)
        .says("cannot include `three.toml`");
}

#[test]
fn a_mistake_in_an_included_file_is_shown_there() {
    let plan = "include = \"part.toml\"\n\n[load.upload]\nvus = 1\niterations = 2\n";
    let scene = Perfgate::new()
        .file("part.toml", &good().replace("http.post", "http.pots"))
        .plan(plan);
    scene
        .run("run plan.toml")
        .exits(2)
        .says("part.toml:7:6")
        .says("`post`");
}

#[test]
fn a_session_is_named_to_validate_and_a_plan_to_check() {
    let scene = Perfgate::new().plan(&good());
    scene.run("run plan.toml").exits(0);
    scene
        .run("validate results/plan/latest")
        .exits(2)
        .says("perfgate check results/plan/latest");
    scene
        .run("check results/plan/latest/verdict.json")
        .exits(2)
        .says("verdict");
}

#[test]
fn validating_sends_nothing_and_says_what_would_be_done() {
    let target = DemoTarget::start("transcription", "");
    let scene = Perfgate::new().plan(&uploads(
        &format!("{:?}", target.url),
        "vus = 2\niterations = 9",
    ));
    let done = scene.run("validate plan.toml");
    done.exits(0)
        .says("plan.toml is valid")
        .says("shared-iterations")
        .says("9 iterations");
    assert!(done.stored_nothing());
    assert_eq!(target.truth()["requests"], serde_json::json!({}));
}

#[test]
fn files_of_tls_and_addresses_are_looked_at_before_anything_is_sent() {
    let plan = r#"
[target]
url   = "https://localhost:1"
auth  = { bearer = "a", basic = "b:c" }
proxy = "squid"
tls   = { ca = "nope.pem", cert = "cert.pem" }

[[flow.a]]
http.post      = "/"
http.multipart = { part = { file = "plan.toml", chunk = 1 } }

[load.a]
vus        = 1
iterations = 1
"#;
    let done = refused(plan, "");
    for (place, what) in [
        (
            "plan.toml:4:",
            "`auth` is either `bearer` or `basic`, not both",
        ),
        ("plan.toml:5:", "is not the address of a proxy"),
        ("plan.toml:6:16", "nope.pem` cannot be read: No such file"),
        ("plan.toml:6:35", "a client's certificate needs its `key`"),
    ] {
        done.says(place).says(what);
    }
    done.says("`plan.toml` has 4 errors");
}
