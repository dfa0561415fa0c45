//! What is watched beside the load.

use std::net::TcpListener;

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

const SAY: &str = r#"
[[flow.say]]
http.post = "/v1/audio/speech"
http.json = { model = "tts", input = "hello" }
[load.say]
vus = 2
duration = "1500ms"
"#;

fn plan(target: &DemoTarget, more: &str) -> Perfgate {
    Perfgate::new().plan(&format!("target = \"{}\"\n{SAY}{more}", target.url))
}

#[test]
fn values_of_every_source_are_metrics() {
    let target = DemoTarget::start("speech", "service_time=20ms workers=3");
    let port = target.url.rsplit(':').next().unwrap();
    // What hangs: it accepts and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let hung = format!("http://{}/metrics", silent.local_addr().unwrap());
    let more = format!(
        r#"
[monitor.host]
host = true
every = "200ms"
[monitor.server]
process = {{ port = {port} }}
every = "200ms"
[monitor.number]
command = ["echo 41 %", "echo 82 %"]
every = "200ms"
[monitor.page]
command = "echo active 4 of 9"
values = {{ b = 'regex active (\d+)' }}
every = "200ms"
[monitor.health]
json = "{url}/health"
values = {{ workers = "$.workers", active = {{ at = "$.active", better = "higher" }} }}
every = "200ms"
[monitor.hung]
prometheus = "{hung}"
values = {{ queue = "q" }}
every = "300ms"
[threshold]
error_rate = "0%"
server.up.min = "1"
server.rss.max = "< 1GB"
server.restarts.last = "0"
host.memory.max = "< 100%"
number.value.imbalance = "1.9x .. 2.1x"
page.b.mean = "4"
health.workers.last = "3"
"#,
        url = target.url
    );
    let plan = plan(&target, &more);
    let done = plan.run("run plan.toml");
    done.exits(0)
        .says("number.value (echo 41 %)")
        .says("health.workers");
    let summary = done.summary();
    let lines = summary["runs"][0]["monitors"].as_array().unwrap();
    let of = |monitor: &str, value: &str| {
        let found = lines
            .iter()
            .find(|line| line["monitor"] == monitor && line["value"] == value);
        let found = found.unwrap_or_else(|| panic!("no {monitor}.{value}"));
        found["values"].as_array().unwrap()
    };
    let is_gap = serde_json::Value::is_null;
    assert!(
        of("hung", "queue").iter().all(is_gap),
        "a page that hangs is gaps"
    );
    assert!(of("number", "value").len() >= 4);
    let read = |name: &str| std::fs::read_to_string(done.file(name)).unwrap();
    assert!(read("report.html").contains("What was watched"));
    assert!(read("report.md").contains("health.workers"));
}

#[test]
fn a_process_that_is_gone_is_down() {
    let target = DemoTarget::start("speech", "");
    let more = r#"
[monitor.gone]
process = { name = "no-such-program" }
every = "200ms"
[threshold]
gone.up.max = "0"
gone.rss.max = "< 1MB"
"#;
    let done = plan(&target, more).run("run plan.toml");
    done.exits(6).says("gone.rss.max");
}

#[test]
fn mistakes_of_a_monitor_are_shown_where_they_stand() {
    let target = DemoTarget::start("speech", "");
    for (monitor, says) in [
        ("every = \"1s\"", "the monitor has no source"),
        (
            "host = true\ncommand = \"date\"",
            "a monitor has one source",
        ),
        ("json = \"http://x\"", "the monitor has no values"),
        (
            "host = true\nvalues = { a = \"$.a\" }",
            "`host` has values of its own",
        ),
        ("json = \"http://x\"\nvalues = { a = \"$.a[\" }", "$.a["),
        ("process = { port = 1, pid = 2 }", "found by exactly one of"),
        ("hst = true", "a key with a similar name exists: `host`"),
        ("host = true\nevery = \"1ms\"", "at most ten times a second"),
        ("gpu = true", "does not carry it out yet"),
    ] {
        plan(&target, &format!("[monitor.x]\n{monitor}\n"))
            .run("validate plan.toml")
            .exits(2)
            .says(says);
    }
    let more = "[monitor.x]\nhost = true\n[threshold]\nx.cpuu.max = \"< 1\"\n";
    let done = plan(&target, more).run("validate plan.toml");
    done.exits(2).says("x.cpuu.max");
    let done = plan(&target, "[monitor.say]\nhost = true\n").run("validate plan.toml");
    done.exits(2).says("`say` is already the name of a");
}
