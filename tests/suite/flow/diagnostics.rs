//! What a flow says about itself before anything is sent.

use perfgate::audio::{Clip, ClipKind, Pick, Pool, synthesize};
use perfgate::flow::{DataSpec, RowPick};

use crate::support::flow_run::FlowRun;

fn errors(plan: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("users.csv"), "name,age\nann,3\n").unwrap();
    let users = DataSpec {
        file: "users.csv".to_owned(),
        pick: RowPick::RoundRobin,
    }
    .load(folder.path(), 1)
    .unwrap();
    let clip = Clip::new("a.wav", synthesize(ClipKind::Tone, 0.1, 0, 0)).unwrap();
    let load = plan.split_once("[[flow").unwrap().0;
    let flows = &plan[load.len()..];
    let load = if load.trim().is_empty() {
        "vus = 1\niterations = 1"
    } else {
        load
    };
    let run = FlowRun::new(flows, load)
        .data("users", users)
        .filled(&["model"]);
    run.pool("speech", Pool::new(vec![clip.into()], Pick::RoundRobin, 1))
        .errors()
}

#[test]
fn names_that_nothing_has_are_said_with_the_nearest() {
    for (plan, says) in [
        (
            "[[flow.main]]\nname = 'a'\nhttp.get = '/'\ncapture = { job_id = '$.id' }\n[[flow.main]]\nname = 'b'\nhttp.get = '/{{job_di}}'\n",
            "nothing has the name `{{job_di}}` here; a value with a similar name exists: `job_id`",
        ),
        (
            "[[flow.main]]\nname = 'a'\nhttp.get = '/{{id}}'\n[[flow.main]]\nname = 'b'\nhttp.get = '/'\ncapture = { id = '$.id' }\n",
            "`{{id}}` is captured only later, by step `b`; put `b` before this step",
        ),
        (
            "[[flow.main]]\nhttp.get = '/{{users.nmae}}'\n",
            "the data `users` has no column `nmae`; a column with a similar name exists: `name`",
        ),
        (
            "[[flow.main]]\nhttp.get = '/{{speech.sconds}}'\n",
            "a value with a similar name exists: `speech.seconds`",
        ),
        (
            "[[flow.main]]\nhttp.get = '/{{speech.text}}'\n",
            "the clip `a.wav` of `speech` has no reference text",
        ),
        (
            "[[flow.main]]\nhttp.post = '/'\nhttp.audio = 'speach'\n",
            "there is no audio pool `speach`; a pool with a similar name exists: `speech`",
        ),
        (
            "[[flow.main]]\nhttp.get = '/{{n}}'\n[[flow.main]]\nname = 'b'\nrepeat = { times = 2, as = 'n' }\nhttp.get = '/'\n",
            "nothing has the name `{{n}}` here",
        ),
        (
            "[[flow.main]]\nrepeat = { times = '{{chunk}}' }\nhttp.get = '/'\n",
            "nothing has the name `{{chunk}}` here",
        ),
        (
            "[[flow.main]]\nhttp.get = '/'\ncapture = { id = '$.id' }\nexpect = { '$.x' = 'is not {{id}}' }\n",
            "`{{id}}` is captured only later, by step `request`",
        ),
        (
            "[[flow.main]]\nhttp.get = '/'\nreject = { '$.w[?@.n == {{nope}}]' = 'present' }\n",
            "nothing has the name `{{nope}}` here",
        ),
        (
            "[[flow.main]]\nhttp.get = '/'\npoll = { done = 'done-{{nope}}', every = '1s' }\n",
            "nothing has the name `{{nope}}` here",
        ),
        (
            "[[flow.main]]\nhttp.get = '/'\nstream = { until = { body = 'is {{nope}}' }, marks = { a = 'first $.{{vu}}' } }\n",
            "nothing has the name `{{nope}}` here",
        ),
        (
            "[[flow.main]]\nhttp.get = '/'\ncapture = { model = '$.x' }\n",
            "`model` is a variable of the plan",
        ),
        (
            "[[flow.main]]\nhttp.get = '/'\ncapture = { vu = '$.x' }\n",
            "`vu` is a name that every iteration has by itself",
        ),
        (
            "[[flow.main]]\nrepeat = { times = 2, as = 'model' }\nhttp.get = '/'\n",
            "`model` is a variable of the plan",
        ),
        (
            "[[flow.main]]\nname = 'a'\nhttp.get = '/'\ncapture = { id = '$.id' }\n[[flow.main]]\nname = 'b'\nonce = 'per-vu'\nhttp.get = '/{{id}}'\n",
            "`{{id}}` is captured in each iteration, by step `a`, and this step is done once before",
        ),
        (
            "[[flow.main]]\nonce = 'per-run'\nhttp.get = '/{{iteration}}'\n",
            "what is done once is done before the first iteration",
        ),
        (
            "[[flow.main]]\nname = 'a'\nhttp.get = '/'\n[[flow.main]]\nname = 'b'\nhttp.get = '/'\npoll = { since = 'aa' }\n",
            "`since` names no step before this one: `aa`; a step with a similar name is before it: `a`",
        ),
        (
            "vus = 1\niterations = 1\nsplit_by = 'wrker'\n[[flow.main]]\nhttp.get = '/'\ncapture = { worker = '$.w' }\n",
            "has `wrker` to be split by; a value with a similar name exists: `worker`",
        ),
        (
            "[[flow.main]]\nhttp.get = '/'\n[tags]\na = '{{nobody}}'\n",
            "no iteration of this load has `{{nobody}}`",
        ),
    ] {
        let found = errors(plan);
        assert_eq!(found.len(), 1, "{plan}: {found:?}");
        assert!(found[0].contains(says), "{plan}: {found:?}");
    }
}

#[test]
fn flows_that_cannot_be_run_within_another_are_named() {
    for (plan, says) in [
        (
            "[[flow.main]]\nflow = 'prat'\n[[flow.part]]\nhttp.get = '/'\n",
            "there is no flow `prat`; a flow with a similar name exists: `part`",
        ),
        (
            "[[flow.main]]\nflow = 'main'\n",
            "the flow `main` runs itself: main -> main",
        ),
        (
            "[[flow.main]]\nflow = 'a'\n[[flow.a]]\nflow = 'b'\n[[flow.b]]\nflow = 'a'\n",
            "the flow `a` runs itself: a -> b -> a",
        ),
        (
            "[[flow.main]]\nflow = 'a'\n[[flow.main]]\nflow = 'a'\n[[flow.a]]\nname = 'x'\nhttp.get = '/'\n",
            "two steps of this load are named `x`",
        ),
    ] {
        let found = errors(plan);
        assert_eq!(found.len(), 1, "{plan}: {found:?}");
        assert!(found[0].contains(says), "{plan}: {found:?}");
    }
}

#[test]
fn an_error_knows_the_flow_and_the_step_that_it_stands_in() {
    let plan = "[[flow.main]]\nname = 'x'\nhttp.get = '/'\n[[flow.main]]\nflow = 'part'\n[[flow.part]]\npause = '1s'\n[[flow.part]]\nhttp.get = '/{{what}}'\n";
    let wrong = FlowRun::new(plan, "vus = 1\niterations = 1")
        .compile()
        .map(|_| ())
        .expect_err("wrong");
    assert_eq!(
        (wrong.len(), wrong[0].flow.as_deref(), wrong[0].step),
        (1, Some("part"), 1)
    );
}
