//! The schema of plans: current, right about plans that are, and of use in an editor.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use perfgate::plan::schema_text;
use serde_json::Value;

use crate::support::golden::kept_current;
use crate::support::perfgate::Perfgate;

fn shipped() -> Vec<PathBuf> {
    let pattern = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/*.toml");
    let plans: Vec<_> = glob::glob(pattern.to_str().unwrap())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(plans.len() >= 3, "{plans:?}");
    plans
}

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&schema_text()).unwrap();
    jsonschema::validator_for(&schema).expect("a schema")
}

/// What an editor would say of a plan.
fn objections(validator: &Validator, text: &str) -> Vec<String> {
    let plan: toml::Table = text.parse().expect(text);
    let plan = serde_json::to_value(plan).unwrap();
    validator
        .iter_errors(&plan)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn it_is_printed_and_kept_current() {
    kept_current("schemas/plan.schema.json", &schema_text());
    let done = Perfgate::new().run("schema");
    assert_eq!(done.exits(0).stdout, schema_text());
    let schema: Value = serde_json::from_str(&done.stdout).unwrap();
    let first: Vec<&str> = schema
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .take(3)
        .collect();
    assert_eq!(first, ["$schema", "$id", "title"]);
}

#[test]
fn shipped_plans_and_the_one_to_start_from_are_valid_by_it() {
    let validator = validator();
    let start = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/init/service.toml");
    for plan in shipped().into_iter().chain([start]) {
        let text = fs::read_to_string(&plan).unwrap();
        assert_eq!(objections(&validator, &text), [""; 0], "{}", plan.display());
    }
}

#[test]
fn shipped_plans_name_it_in_their_first_line() {
    // The quickstart is what the README quotes, as short as it can be.
    for plan in shipped()
        .iter()
        .filter(|plan| !plan.ends_with("quickstart.toml"))
    {
        let text = fs::read_to_string(plan).unwrap();
        let first = text.lines().next().unwrap();
        let schema = plan
            .parent()
            .unwrap()
            .join(first.strip_prefix("#:schema ").expect("a schema"));
        assert!(schema.is_file(), "{}: {first}", plan.display());
    }
}

#[test]
fn every_form_of_a_value_is_right() {
    let validator = validator();
    for text in [
        "",
        "target = 'http://x'",
        "target = { url = '{{base}}', ready = '/health' }",
        "target = { url = 'http://x', ready = ['/health', { path = 'tcp://x:1', within = '2 minutes' }] }",
        "target = { demo = { service = 'jobs', slots = '{{slots}}', faults = { reset_share = '5%' }, max_upload = '1MiB' } }",
        "include = 'other.toml'\nvars = { a = 1, b = 'x', c = true, d = 1.5 }\npreset = { few = { a = 1 } }",
        "audio.clip = { files = 'a.wav' }",
        "audio.clip = { files = ['a.wav', 'b/*.wav'], pick = 'random', sample_rate = '16_000' }",
        "audio.clip = { synthesize = { seconds = 0.5, kind = 'tone' }, pick = '${PICK:-random}' }",
        "[[flow.a]]\nhttp.get = '/'\npoll = { done = 'completed', every = '500ms', backoff = 1.5 }",
        "[[flow.a]]\nhttp.get = '/'\npoll = { done = ['completed', 'ok*'], at_most = '{{polls}}' }",
        "[[flow.a]]\nhttp.post = '/'\nhttp.json = { any = [1, { x = 2 }] }\nexpect = [{ status = 200 }, { '$.a' = [1, 2] }]",
        "[[flow.a]]\nhttp.post = '/'\nhttp.multipart = { f = { audio = 'clip', chunk = 0 }, n = 1 }\ncapture.id = '$.id'",
        "load.a = { rate = '90/min', duration = '1m30s', arrivals = '{{kind}}', warm_up = '20 iterations' }",
        "load.a = { vus = '4', iterations_per_vu = 'unlimited', think = '1s .. 3s', canary = 'true' }",
        "load.a = { stages = [{ duration = '0s', vus = 1 }, { duration = '{{time}}', vus = '${USERS:-4}' }] }",
        "[threshold]\nlatency.p95 = '< 2s'\nok = 4\n'smoke/a.b.total.p95' = '1s .. 3s'",
        "[[phase]]\nname = 'smoke'\nload.a = { vus = 1, iterations = 1 }\ntarget.timeout = '1s'\nmust_pass = true",
        "session = { repeats = 3, rest = '{{30 * n}}s' }",
    ] {
        assert_eq!(objections(&validator, text), [""; 0], "{text}");
    }
}

#[test]
fn what_perfgate_refuses_is_refused_in_the_editor_too() {
    let validator = validator();
    for text in [
        "targt = 'http://x'",
        "target = 5",
        "target = { url = 'http://x', timeout = 60 }",
        "target = { url = 'http://x', timeout = '60' }",
        "target = { url = 'http://x', timeout = '-1s' }",
        "target = { demo = 'jobz' }",
        "target = { demo = { slots = 4 } }",
        "vars = { a = [1] }",
        "audio.Clip = { files = 'a.wav' }",
        "audio.clip = { file = 'a.wav' }",
        "audio.clip = { files = 'a.wav', pick = 'sometimes' }",
        "audio.clip = { synthesize = { kind = 'tone' } }",
        "flow.a = { http.get = '/' }",
        "[[flow.a]]\nhttp.gett = '/'",
        "[[flow.a]]\nhttp.get = '/'\npoll = { done = 3 }",
        "load.a = { rate = 3 }",
        "load.a = { rate = '3' }",
        "load.a = { vus = -1 }",
        "load.a = { vus = 1.5 }",
        "load.a = { vus = 'four' }",
        "load.a = { canary = 1 }",
        "load.a = { stages = [{ vus = 1 }] }",
        "[[phase]]\nload.a = { vus = 1 }",
        "[threshold]\nlatency.p95 = ['< 2s']",
        "monitor.host = { host = 1 }",
        "session = { repeat = 3 }",
    ] {
        assert_ne!(objections(&validator, text), [""; 0], "{text}");
    }
}
