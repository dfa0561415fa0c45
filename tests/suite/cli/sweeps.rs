//! A phase again for each value of a variable: its points, what ends it, and what its points together say.

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

const SAY: &str = "[[flow.say]]\nhttp.post = \"/v1/audio/speech\"\nhttp.json = { model = \"tts\", input = \"hello\" }\n";

fn plan(target: &DemoTarget, more: &str) -> Perfgate {
    Perfgate::new().plan(&format!("target = \"{}\"\n{SAY}{more}", target.url))
}

fn value(summary: &serde_json::Value, metric: &str) -> f64 {
    let value = &summary["metrics"][metric]["runs"][0]["value"];
    value.as_f64().unwrap_or_else(|| panic!("no {metric}"))
}

#[test]
fn a_service_of_two_slots_has_its_optimum_at_two_users() {
    let target = DemoTarget::start("speech", "slots=2 service_time=200ms");
    let plan = plan(
        &target,
        r#"[[phase]]
name = "single"
load.say = { vus = "{{users}}", iterations = "{{8 * users}}" }
[phase.sweep]
over = "users"
values = [1, 2, 4, 8]
accept = { error_rate = "<= 5%" }
stop = { latency.p50 = "> 350ms" }
[phase.threshold]
"throughput@optimum" = "> 8/s"
optimum = "2"
"error_rate@last" = "any"
"#,
    );
    let done = plan.run("run plan.toml");
    done.exits(0)
        .says("── sweep single/say over users")
        .says("Optimum: 2 users with")
        .says("The sweep ended at 4 users: latency.p50 is");
    for (file, says) in [
        ("report.md", "| 2 users |"),
        ("report.md", "- Optimum: 2 users with"),
        ("report.html", "Sweep single/say over users"),
        ("report.html", "Charts and numbers of this point"),
        ("junit.xml", "name=\"point 2 users\""),
        ("junit.xml", "the sweep ended at `single@4`"),
    ] {
        let text = std::fs::read_to_string(done.file(file)).unwrap();
        assert!(text.contains(says), "{file} says nothing of {says}");
    }
    let json = plan.run("report results/plan/latest --format json");
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["sweeps"][0]["optimum"], 2.0);
    assert_eq!(json["sweeps"][0]["points"].as_array().unwrap().len(), 3);
    let summary = done.summary();
    assert_eq!(value(&summary, "single/say.optimum"), 2.0);
    let knee = value(&summary, "single/say.knee");
    assert!((1.7..2.3).contains(&knee), "{knee}");
    assert_eq!(
        value(&summary, "single/say.throughput@optimum"),
        value(&summary, "single/say.throughput@2")
    );
    let phases = summary["runs"][0]["phases"].as_array().unwrap();
    let names: Vec<_> = phases
        .iter()
        .map(|phase| phase["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["single@1", "single@2", "single@4", "single@8"]);
    // Four users of two slots wait 200 ms.
    assert_eq!(phases[2]["decision"]["accepted"], true);
    assert!(
        phases[2]["decision"]["stopped"]
            .as_str()
            .unwrap()
            .starts_with("latency.p50 is ")
    );
    assert!(
        phases[3]["skipped"]
            .as_str()
            .unwrap()
            .contains("the sweep ended at `single@4`")
    );
}

#[test]
fn an_unscaled_service_is_half_as_efficient_at_twice_the_workers() {
    let target = DemoTarget::start("speech", "slots=1 service_time=20ms");
    let plan = plan(
        &target,
        "[load.say]\nvus = 4\niterations = \"{{20 * workers}}\"\n[sweep]\nover = \"workers\"\nvalues = [1, 3]\n\
         [threshold]\nsuccess_rate = \"> 95%\"\n\"efficiency@last\" = \"> 90%\"\n",
    );
    let done = plan.run("run plan.toml --set workers=1,2");
    done.exits(1)
        .says("Sub-linear scaling: 2 workers reach only")
        .says("(Little's law)");
    let summary = done.summary();
    let half = value(&summary, "say.efficiency@2");
    assert!((0.45..0.55).contains(&half), "{half}");
    assert_eq!(value(&summary, "say.efficiency@1"), 1.0);
    assert_eq!(value(&summary, "say.ok@2"), 40.0);
    assert!(
        summary["metrics"]["say.ok@3"].is_null(),
        "--set replaces the values"
    );
    let rules: Vec<_> = summary["thresholds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["metric"].as_str().unwrap())
        .collect();
    assert!(rules.contains(&"say.success_rate@1") && rules.contains(&"say.efficiency@2"));
}

#[test]
fn no_accepted_point_is_no_optimum() {
    let target = DemoTarget::start("speech", "faults.status=500 faults.status_share=100%");
    let plan = plan(
        &target,
        "[load.say]\nvus = \"{{users}}\"\niterations = 20\n[sweep]\nover = \"users\"\nvalues = [1, 2]\n\
         accept = { success_rate = \">= 95%\" }\n[threshold]\n\"success_rate@optimum\" = \"> 95%\"\n",
    );
    let done = plan.run("run plan.toml");
    done.exits(1);
    assert!(done.summary()["metrics"]["say.optimum"]["runs"][0]["value"].is_null());
}

#[test]
fn mistakes_of_a_sweep_are_shown_where_they_stand() {
    let target = DemoTarget::start("speech", "");
    for (sweep, says) in [
        ("over = \"users\"", "the sweep over `users` has no values"),
        ("over = \"users\"\nvalues = []", "an empty list of values"),
        ("over = \"users\"\nvalues = [1, 1]", "the value `1` twice"),
        (
            "over = \"users\"\nvalues = [1, \"last\"]",
            "`last` cannot be a value",
        ),
        (
            "over = \"users\"\nvalues = [4, 1]",
            "the values are not in order",
        ),
        (
            "over = \"users\"\nvaluse = [4, 1]",
            "a key with a similar name exists: `values`",
        ),
        (
            "over = \"users\"\nvalues = [1]\naccept = { eror_rate = \"0%\" }",
            "a metric with a similar name exists: `error_rate`",
        ),
        (
            "over = \"users\"\nvalues = [1]\nsearch = { from = 1, to = 4 }",
            "either `values` or `search`",
        ),
        ("over = \"user\"\nvalues = [1]", "`{{users}}`"),
    ] {
        let more =
            format!("[load.say]\nvus = \"{{{{users}}}}\"\niterations = 2\n[sweep]\n{sweep}\n");
        plan(&target, &more).run("validate plan.toml").says(says);
    }
    let more = "[load.say]\nvus = \"{{n}}\"\niterations = 2\n[sweep]\nover = \"n\"\nvalues = [1, 2]\n[threshold]\n\"throughput@3\" = \"> 1/s\"\n";
    plan(&target, more)
        .run("validate plan.toml")
        .exits(2)
        .says("the sweep over `n` has no point `3`")
        .says("its points are 1 2 first last optimum");
}

#[test]
fn a_search_finds_the_capacity_and_repeats_at_its_edge() {
    let target = DemoTarget::start("speech", "slots=2 service_time=50ms");
    let more = "[load.say]\nvus = \"{{users}}\"\niterations = \"{{8 * users}}\"\nwarm_up = \"{{users}} iterations\"\n[sweep]\nover = \"users\"\nsearch = { from = 1, to = 16 }\n\
         accept = { latency.p50 = \"< 130ms\" }\n[threshold]\ncapacity = \"3 .. 5\"\nsuccess_rate = \"100%\"\n";
    let plan = plan(&target, more);
    let done = plan.run("run plan.toml");
    done.exits(0).says("Capacity: ").says("it lies between");
    let summary = done.summary();
    let phases = summary["runs"][0]["phases"].as_array().unwrap();
    let names: Vec<_> = phases
        .iter()
        .map(|phase| phase["name"].as_str().unwrap())
        .collect();
    assert_eq!(names[..2], ["@1", "@16"]);
    assert!(names.iter().any(|name| name.ends_with("#2")), "{names:?}");
    assert_eq!(summary["sweeps"][0]["end"], "found");
    let capacity = value(&summary, "say.capacity");
    assert_eq!(value(&summary, "say.success_rate@capacity"), 1.0);
    assert!((3.0..=5.0).contains(&capacity));
    let short = plan.run("run plan.toml --set sweep.search.at_most=3");
    assert_eq!(short.summary()["sweeps"][0]["end"], "budget");
    let above = plan.run("run plan.toml --set sweep.search.from=12 --set threshold.capacity=any");
    assert_eq!(above.summary()["sweeps"][0]["end"], "none_accepted");
    above.says("No capacity: even the smallest value does not hold latency.p50 < 130ms");
    let wrong = "[load.say]\nvus = \"{{users}}\"\niterations = 2\n[sweep]\nover = \"users\"\nsearch = { from = 8, to = 4 }\naccept = { error_rate = \"0%\" }\n";
    Perfgate::new()
        .plan(&format!("target = \"{}\"\n{SAY}{wrong}", target.url))
        .run("validate plan.toml")
        .exits(2)
        .says("has nothing in between");
}
