//! Mistakes in flows, each shown at the very value that is wrong.

use crate::support::perfgate::Perfgate;

const PLAN: &str = r#"target = "http://127.0.0.1:1"

[data.users]
file = "users.csv"

[audio.speech]
synthesize = { seconds = 1 }

[tags]
who = "{{users.nme}}"

[[flow.main]]
name = "submit"
http.post = "/jobs"
http.multipart = { file = { audio = "speach" }, user = "{{users.name}}" }
http.headers = { x-job = "{{job_id}}" }
capture = { job_id = "$.id" }

[[flow.main]]
flow = "tail"
repeat = { times = 2, as = "n" }

[[flow.tail]]
name = "job"
http.get = "/jobs/{{job_di}}/{{n}}"
poll = { every = "1s", since = "submitt" }

[[flow.tail]]
name = "last"
http.post = "/x"
http.json = { deep = ["a", { value = "{{later}}" }] }
expect = { tokn = "present" }

[load.main]
vus = 1
iterations = 1
split_by = "wrker"
"#;

fn validate(plan: &str) -> crate::support::perfgate::Done {
    let scene = Perfgate::new().plan(plan);
    std::fs::write(scene.at("users.csv"), "name,age\nann,3\n").expect("a file");
    scene.run("validate plan.toml")
}

#[test]
fn every_mistake_has_its_own_place() {
    // A mistake of a step by itself comes first; the rest needs a plan whose steps are right.
    validate(PLAN)
        .exits(2)
        .says("plan.toml:32:12")
        .says("there is no mark `tokn`");
    let done = validate(&PLAN.replace("tokn", "\"$.x\""));
    done.exits(2);
    for (place, what) in [
        ("plan.toml:10:7", "the data `users` has no column `nme`"),
        ("plan.toml:15:37", "there is no audio pool `speach`"),
        (
            "plan.toml:25:12",
            "a value with a similar name exists: `job_id`",
        ),
        (
            "plan.toml:26:32",
            "`since` names no step before this one: `submitt`",
        ),
        ("plan.toml:31:38", "nothing has the name `{{later}}`"),
        ("plan.toml:37:12", "has `wrker` to be split by"),
    ] {
        assert!(
            done.stdout.contains(place) || done.stderr.contains(place),
            "{place}: {}",
            done.all()
        );
        assert!(done.all().contains(what), "{what}: {}", done.all());
    }
    assert!(done.all().contains("6 errors"), "{}", done.all());
}

#[test]
fn rows_that_cannot_be_read_are_named_with_their_line() {
    let scene = Perfgate::new().plan(PLAN);
    std::fs::write(scene.at("users.csv"), "name,age\nann\n").expect("a file");
    scene
        .run("validate plan.toml")
        .exits(2)
        .says("plan.toml:4:8")
        .says("line 2 has 1 value for 2 columns");
    Perfgate::new()
        .plan(PLAN)
        .run("validate plan.toml")
        .exits(2)
        .says("cannot read `./users.csv`");
}

#[test]
fn keys_of_other_transports_are_refused_over_http() {
    let plan = "target = \"http://127.0.0.1:1\"\n[[flow.a]]\nhttp.get = \"/\"\nstream = { audio = { from = \"x\" }, reconnect = 2 }\n[load.a]\nvus = 1\niterations = 1\n";
    let done = validate(plan);
    done.exits(2)
        .says("`audio` belongs to a stream over websocket or grpc")
        .says("plan.toml:4:12");
    done.says("`reconnect` belongs to a stream over websocket or grpc")
        .says("2 errors");
}
