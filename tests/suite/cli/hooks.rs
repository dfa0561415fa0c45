//! Commands around the load: their order, what they say, and that those which clean up are run on every way out.

use crate::support::demo_target::DemoTarget;
use rustix::process::Signal;

use crate::support::perfgate::{Perfgate, until};

const SAY: &str = "[[flow.say]]\nhttp.post = \"/v1/audio/speech\"\nhttp.json = { model = \"tts\", input = \"hello\" }\n";

fn plan(target: &DemoTarget, hooks: &str, loads: &str) -> Perfgate {
    Perfgate::new().plan(&format!(
        "{hooks}\n[target]\nurl = \"{}\"\n{SAY}{loads}",
        target.url
    ))
}

fn log(plan: &Perfgate) -> Vec<String> {
    let text = std::fs::read_to_string(plan.at("log")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

const LOAD: &str = "[load.say]\nvus = 1\niterations = 2\n[threshold]\nerror_rate = \"0%\"\n";

#[test]
fn hooks_are_run_in_the_order_of_the_plan() {
    let target = DemoTarget::start("speech", "");
    let plan = plan(
        &target,
        "before = [\"echo plan >> log\", [\"sh\", \"-c\", \"echo second >> log\"]]\nafter = \"echo done >> log\"",
        r#"[[phase]]
name = "one"
before = "echo before {{phase}} >> log"
after = "echo after one >> log"
load.say = { vus = 1, iterations = 2 }
[[phase]]
name = "two"
before = "echo once >> log"
after = "echo last >> log"
load.say = { vus = 1, iterations = 2 }
[phase.sweep]
over = "n"
values = [1, 2]
before = "echo up {{n}} >> log"
after = "echo down {{n}} >> log"
[threshold]
error_rate = "0%"
"#,
    );
    let plan = plan.file("other", "");
    let done = plan.run("validate plan.toml");
    done.exits(2)
        .says("a list stands here, where a command is wanted");
    let text = std::fs::read_to_string(plan.at("plan.toml")).unwrap();
    let text = text
        .replace("[\"sh\", \"-c\"", "{ run = [\"sh\", \"-c\"")
        .replace("second >> log\"]]", "second >> log\"] }]");
    std::fs::write(plan.at("plan.toml"), text).unwrap();
    plan.run("run plan.toml --dry-run")
        .exits(0)
        .says("before: echo up 2 >> log, within 1m");
    assert!(log(&plan).is_empty(), "nothing is run");
    let done = plan.run("run plan.toml");
    done.exits(0).says("hook before two@1: echo up 1 >> log");
    assert_eq!(
        log(&plan),
        [
            "plan",
            "second",
            "before one",
            "after one",
            "once",
            "up 1",
            "down 1",
            "up 2",
            "down 2",
            "last",
            "done"
        ]
    );
    let hooks = done.summary()["hooks"].as_array().unwrap().len();
    assert_eq!(hooks, 11);
}

#[test]
fn what_a_hook_prints_becomes_a_variable() {
    let target = DemoTarget::start("speech", "");
    let plan = Perfgate::new().plan(&format!(
        "before = {{ run = \"echo ' {} '\", as = \"address\" }}\n[vars]\naddress = \"http://127.0.0.1:1\"\n\
         [target]\nurl = \"{{{{address}}}}\"\n{SAY}{LOAD}",
        target.url
    ));
    let done = plan.run("run plan.toml");
    done.exits(0);
    assert_eq!(done.summary()["hooks"][0]["set"][1], target.url.as_str());
    assert_eq!(
        done.summary()["plan"]["effective"]["target"]["url"],
        target.url.as_str()
    );
    plan.run("run plan.toml --once").exits(0);
    Perfgate::new()
        .plan(&format!("before = {{ run = \"true\", as = \"adress\" }}\n[vars]\naddress = \"http://127.0.0.1:1\"\n[target]\nurl = \"{{{{address}}}}\"\n{SAY}{LOAD}"))
        .run("validate plan.toml")
        .exits(2)
        .says("`as` names no variable of the plan: `adress`")
        .says("a variable with a similar name exists: `address`");
}

#[test]
fn a_hook_that_fails_ends_the_session_with_its_own_words() {
    let target = DemoTarget::start("speech", "");
    for (hook, says) in [
        (
            "\"echo no such worker >&2; exit 3\"",
            "ended with exit code 3",
        ),
        ("\"kill -9 $$\"", "was killed by signal 9"),
        (
            "{ run = \"sleep 60\", within = \"200ms\" }",
            "took too long",
        ),
        ("{ run = [\"./nowhere\"] }", "could not be started"),
    ] {
        let hooks = format!("before = {hook}\nafter = \"echo cleaned >> log\"");
        let plan = plan(&target, &hooks, LOAD);
        plan.run("run plan.toml").exits(5).says(says);
        assert_eq!(log(&plan), ["cleaned"], "{hook}");
    }
    let hooks = "before = { run = \"echo no such worker; exit 3\", optional = true }";
    let done = plan(&target, hooks, LOAD).run("run plan.toml");
    done.exits(0)
        .says("ended with exit code 3")
        .says("no such worker");
    let late = plan(
        &target,
        "",
        "[[phase]]\nname = \"one\"\nload.say = { vus = 1, iterations = 2 }\n[[phase]]\nname = \"two\"\nbefore = \"echo no more; exit 1\"\nload.say = { vus = 1, iterations = 2 }\n[threshold]\nerror_rate = \"0%\"\n",
    );
    let done = late.run("run plan.toml");
    done.exits(5).says("no more");
    assert_eq!(
        done.summary()["runs"][0]["loads"].as_array().unwrap().len(),
        1,
        "what was measured is kept"
    );
}

#[test]
fn hooks_clean_up_after_a_signal_too() {
    let target = DemoTarget::start("speech", "service_time=100ms");
    let plan = plan(
        &target,
        "after = \"echo cleaned >> log\"",
        "[load.say]\nvus = 1\nduration = \"30s\"\n[threshold]\nerror_rate = \"0%\"\n",
    );
    let running = plan.start("run plan.toml");
    until("requests", || {
        target.truth()["requests"]["POST /v1/audio/speech"]
            .as_object()
            .map(drop)
    });
    running.signal(Signal::INT);
    running.end().exits(130);
    assert_eq!(log(&plan), ["cleaned"]);
}

#[test]
fn a_failure_is_explained_in_every_report() {
    let target = DemoTarget::start("speech", "");
    let plan = plan(
        &target,
        "on_failure = \"echo '<script>x</script>'; echo ::error::y; seq 1 300\"",
        "[load.say]\nvus = 1\niterations = 2\n[threshold]\nok = \"> 5\"\n",
    );
    let done = plan.run("run plan.toml");
    done.exits(1).says("\n  300\n").says("90 lines before");
    let read = |name| std::fs::read_to_string(done.file(name)).unwrap();
    assert_eq!(
        done.summary()["hooks"][0]["output"]
            .as_array()
            .unwrap()
            .len(),
        100
    );
    assert!(
        read("report.html").contains("What the hooks printed")
            && !read("report.html").contains("<script>x")
    );
    assert!(read("report.md").contains("\n    300\n"));
    assert!(read("hooks.log").contains("::error::y"));
    let held = plan.run("run plan.toml --set threshold.ok=2");
    assert!(held.exits(0).summary()["hooks"].is_null(), "nothing failed");
}
