//! What is said of a plan before anything is sent: what it would do, where its values come from, what will not go as hoped.

use crate::support::perfgate::Perfgate;

const PLAN: &str = r#"description = "{{jobs}} jobs"
target = "${URL:-http://127.0.0.1:1}"
[vars]
jobs = 40
[secrets]
key = "${KEY:-hush-hush}"
[[flow.work]]
name = "submit"
http.post = "/jobs/"
http.headers = { x-key = "{{key}}" }
capture = { id = "$.id" }
[[flow.work]]
name = "job"
http.get = "/jobs/{{id}}"
poll = { every = "1s", at_most = 40 }
[[phase]]
name = "smoke"
must_pass = true
load.work = { vus = 2, iterations = "{{jobs}}" }
[[phase]]
name = "nightly"
rest = "5s"
load.work = { rate = "3/s", duration = "10s", warm_up = "2s", max_vus = 12, drain = "20s" }
threshold = { latency.p99 = "< 2s" }
"#;

#[test]
fn a_dry_run_shows_phases_arrivals_and_totals_and_sends_nothing() {
    let done = Perfgate::new().plan(PLAN).run("run plan.toml --dry-run");
    done.exits(0)
        .says("plan.toml: nothing is sent")
        .says("40 jobs");
    done.says("phase smoke (1 of 2)")
        .says("nothing later is run unless it passes");
    done.says("40 iterations, at most 2 in flight");
    done.says("phase nightly (2 of 2)")
        .says("after a rest of 5s")
        .says("constant-arrival-rate");
    done.says("0:00 ████████████████████████████████████████████████ 0:12   at most 3/s");
    done.says("36 iterations (6 warm-up, 30 measured); drain up to 20s")
        .says("1 worker");
    done.says("reads plan.toml")
        .says("writes results/plan/<time>/")
        .never_says("hush-hush");
    assert!(done.stored_nothing());
}

#[test]
fn every_value_says_where_it_came_from() {
    let done = Perfgate::new()
        .plan(PLAN)
        .env("URL", "http://127.0.0.1:2")
        .run("validate plan.toml --explain --set jobs=7");
    let lines: Vec<String> = done
        .exits(0)
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "target = http://127.0.0.1:2 # plan.toml:2, environment",
        "target.timeout = 1m # default",
        "vars.jobs = 7 # --set",
        "secrets.key = *** # plan.toml:6, environment",
        "flow.work.submit.http.headers.x-key = *** # plan.toml:10, {{key}}",
        "flow.work.job.poll.at_most = 40 # plan.toml:15",
        "flow.work.job.poll.delay = 0s # default",
        "phase.smoke.load.work.iterations = 7 # plan.toml:19, {{jobs}}",
        "phase.nightly.load.work.rate = 3/s # plan.toml:23",
    ] {
        assert!(
            lines.iter().any(|own| own == line),
            "no `{line}` in\n{}",
            done.all()
        );
    }
    done.never_says("hush-hush");
}

#[test]
fn what_will_not_go_as_hoped_is_said_before() {
    let done = Perfgate::new().plan(PLAN).run("validate plan.toml");
    done.exits(0)
        .says("12 VUs sustain about 0.3/s when an iteration of `work` takes the 40s")
        .says("plan asks for 3/s");
    done.says("`max_vus = 120` is enough")
        .says("plan.toml:23:6");
    done.says("`latency.p99` of the 30 iterations of `work` is mostly chance")
        .says("1000 iterations are enough");
    let percentiles = PLAN.replace(
        "latency.p99",
        "latency.p90 = \"< 9s\", latency.p95 = \"< 9s\", latency.p99",
    );
    let together = Perfgate::new().plan(&percentiles).run("validate plan.toml");
    together
        .exits(0)
        .says("`latency.p90`, `latency.p95`, `latency.p99` of the 30 iterations of `work` are mostly chance");
    assert_eq!(
        together.all().matches("mostly chance").count(),
        1,
        "{}",
        together.all()
    );
    done.says("`work` is measured for 10s, and one iteration may take the 40s");
    done.says("`work` drains for 20s, and its flow allows an iteration 1m40s to finish");
    let few = PLAN.replace("jobs = 40", "jobs = 5");
    Perfgate::new()
        .plan(&few)
        .run("validate plan.toml")
        .exits(0)
        .says("5 iterations of `work`: few to judge by");
}

#[test]
fn a_drift_without_data_says_how_much_it_needs() {
    let plan = "target = { demo = \"transcription\" }\n[[flow.work]]\nhttp.get = \"/health\"\n[load.work]\nvus = 1\nLENGTH\n\
                [threshold]\nlatency.drift = \"< 10%\"\n";
    let short = Perfgate::new()
        .plan(&plan.replace("LENGTH", "duration = \"2s\""))
        .run("validate plan.toml");
    short
        .exits(0)
        .says("`work` is measured for 2s: too short for `latency.drift`")
        .says("at least 3 s");
    let long = Perfgate::new()
        .plan(&plan.replace("LENGTH", "duration = \"3s\""))
        .run("validate plan.toml");
    long.exits(0).never_says("too short");
    let done = Perfgate::new()
        .plan(&plan.replace("LENGTH", "iterations = 30"))
        .run("run plan.toml");
    done.exits(6)
        .says("work.latency.drift")
        .says("no data for a drift: it compares")
        .says("at least 3 s");
}
