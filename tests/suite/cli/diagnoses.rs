//! Symptoms that the embedded target is made to show, and what they are said to be signs of.

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

fn run(target: &DemoTarget, path: &str, load: &str) -> crate::support::perfgate::Done {
    let plan = format!(
        "target = \"{}\"\n[[flow.say]]\nhttp.post = \"{path}\"\nhttp.json = {{ model = \"tts\", input = \"hello\" }}\n[load.say]\n{load}\n[threshold]\nerror_rate = \"any\"\ndrop_rate = \"any\"\n",
        target.url
    );
    Perfgate::new().plan(&plan).run("run plan.toml")
}

/// What the report says, on one line each: the terminal wraps.
fn report(done: &crate::support::perfgate::Done) -> String {
    std::fs::read_to_string(done.file("report.md")).unwrap()
}

#[track_caller]
fn names(done: &crate::support::perfgate::Done, cause: &str) {
    let text = report(done);
    assert!(text.contains(cause), "no {cause} in {text}");
}

#[test]
fn the_target_shows_symptoms_and_the_report_names_their_causes() {
    let healthy = DemoTarget::start("speech", "");
    let load = "vus = 2\niterations = 40";
    let done = run(&healthy, "/v1/audio/speech", load);
    assert!(!report(&done).contains("Likely causes"));
    let done = run(&healthy, "/", load);
    done.says("Likely cause");
    names(&done, "all 40 errors are HTTP 405");
    names(&done, "the address lacks its path");
    let page = std::fs::read_to_string(done.file("report.html")).unwrap();
    assert!(page.contains("the address lacks its path"));
    let balancer = DemoTarget::start("speech", "faults.status=502 faults.status_share=30%");
    let done = run(&balancer, "/v1/audio/speech", load);
    names(&done, "finds no healthy backend");
    names(&done, "reduce the concurrency");
    let dying = DemoTarget::start("speech", "faults.die_after=120 service_time=20ms");
    let done = run(&dying, "/v1/audio/speech", "vus = 2\nduration = \"4s\"");
    names(&done, "the service crashed or was restarted");
    let slots = DemoTarget::start("speech", "slots=2 service_time=100ms");
    let sweep = "vus = \"{{users}}\"\niterations = \"{{8 * users}}\"\n[sweep]\nover = \"users\"\nvalues = [2, 4, 8]";
    let done = run(&slots, "/v1/audio/speech", sweep);
    names(&done, "requests wait in line");
}
