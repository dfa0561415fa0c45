//! perfgate's numbers beside what the embedded target itself counted and timed. They take minutes and want a quiet machine:
//! `just truth`.

mod gate;
mod nginx;
mod streams;

use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::demo_target::{DemoTarget, seen};
use crate::support::perfgate::{Done, Perfgate, calmly};

const UPLOADS: &str = "POST /v1/audio/transcriptions";

/// A plan that uploads a clip of so many seconds to `url`, and these keys of its load.
fn uploads(url: &str, seconds: f64, load: &str) -> Perfgate {
    Perfgate::new().judges_generator().plan(&format!(
        r#"
target = "{url}"
audio.speech.synthesize = {{ seconds = {seconds} }}

[[flow.transcribe]]
http.post      = "/v1/audio/transcriptions"
http.multipart = {{ file = {{ audio = "speech" }} }}

[load.transcribe]
{load}
"#
    ))
}

/// A session against a target of its own, with what that target saw.
fn session(demo: &str, seconds: f64, load: &str) -> (Done, Value) {
    let target = DemoTarget::start("transcription", demo);
    let done = uploads(&target.url, seconds, load).run("run plan.toml");
    (done, target.truth())
}

/// A metric of the load `transcribe` in the only run.
#[track_caller]
fn metric(summary: &Value, name: &str) -> f64 {
    let value = &summary["metrics"][format!("transcribe.{name}")]["runs"][0]["value"];
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no value of `{name}`"))
}

#[track_caller]
fn number(truth: &Value, path: &str) -> f64 {
    truth
        .pointer(path)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no `{path}` in {truth}"))
}

/// `--nocapture` shows what was found.
#[track_caller]
#[expect(clippy::print_stderr, reason = "figures to compare by")]
fn close(what: &str, found: f64, truth: f64, allowed: f64) {
    eprintln!("{what}: {found}, in truth {truth} ± {allowed}");
    assert!(
        (found - truth).abs() <= allowed,
        "{what}: {found}, in truth {truth}, allowed is a difference of {allowed}"
    );
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_a_closed_loop() {
    const SECONDS: f64 = 5.0;
    const CLIP: f64 = 3.0;
    for users in [2u32, 4, 16] {
        let load = format!("vus = {users}\nduration = \"{SECONDS}s\"");
        let (done, truth) = calmly(|| session("slots=2 service_time=200ms", CLIP, &load));
        let summary = done.exits(0).summary();
        let (counts, n) = (done.counts(), f64::from(users));
        assert_eq!(
            counts.ok,
            seen(&truth, UPLOADS),
            "{users} users: {counts:?}"
        );
        assert_eq!(counts.started, counts.ok, "{users} users: {counts:?}");
        assert_eq!(truth["max_in_flight"], users, "{users} users");
        assert_eq!(truth["max_active"], 2, "{users} users");
        assert_eq!(
            truth["connections"],
            users + 1,
            "one for each of {users} users, and the one that asks for the truth"
        );
        // At the end of the window every user has one upload under way, which ends outside of it.
        let in_window = (counts.ok as f64 - n) / SECONDS;
        let throughput = metric(&summary, "throughput");
        close("throughput", throughput, in_window, 0.05 * in_window);
        assert!(
            throughput <= 10.1,
            "two slots of 200 ms give no {throughput}/s"
        );
        close(
            "audio",
            metric(&summary, "audio_throughput"),
            in_window * CLIP,
            0.05 * in_window * CLIP,
        );
        let audio = counts.ok as f64 * CLIP;
        close(
            "audio that arrived",
            number(&truth, "/audio_seconds"),
            audio,
            0.05 * audio,
        );
        let service = number(&truth, "/service/mean_s");
        if users <= 2 {
            close(
                "service",
                metric(&summary, "service.mean"),
                service,
                0.05 * service,
            );
        } else {
            let law = n / throughput;
            close(
                "latency by Little's law",
                metric(&summary, "latency.mean"),
                law,
                0.15 * law,
            );
        }
    }
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_an_open_loop() {
    let (done, truth) = calmly(|| {
        session(
            "slots=64 service_time=20ms",
            1.0,
            "rate = \"50/s\"\nduration = \"4s\"\nmax_vus = 50",
        )
    });
    let summary = done.exits(0).summary();
    let counts = done.counts();
    assert_eq!(
        (counts.planned, counts.ok, seen(&truth, UPLOADS)),
        (200, 200, 200),
        "{counts:?}"
    );
    let service = number(&truth, "/service/mean_s");
    close(
        "latency",
        metric(&summary, "latency.p50"),
        service,
        (0.05 * service).max(0.002),
    );
    close("throughput", metric(&summary, "throughput"), 50.0, 0.5);
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_jobs() {
    const INTERVAL: f64 = 0.1;
    let scene = || {
        let target = DemoTarget::start("jobs", "slots=2 service_time=250ms");
        let plan = format!(
            r#"
target = "{}"
audio.speech.synthesize = {{ seconds = 1 }}

[[flow.transcribe]]
name           = "submit"
http.post      = "/jobs/"
http.multipart = {{ file = {{ audio = "speech" }} }}
capture        = {{ job_id = "$.job_id" }}

[[flow.transcribe]]
name     = "job"
http.get = "/jobs/{{{{job_id}}}}"
poll     = {{ every = "{INTERVAL}s", running = ["processing", "enriching"] }}

[load.transcribe]
rate     = "10/s"
duration = "4s"
max_vus  = 40
"#,
            target.url
        );
        let done = Perfgate::new().plan(&plan).run("run plan.toml");
        (done, target.truth())
    };
    let (done, truth) = calmly(scene);
    let summary = done.exits(0).summary();
    let (counts, requests) = (done.counts(), done.requests());
    let polls = metric(&summary, "job.polls.mean") * metric(&summary, "job.polls.count");
    assert_eq!((counts.ok, counts.started), (40, 40), "{counts:?}");
    assert_eq!(truth["jobs"]["submitted"], 40);
    assert_eq!(truth["jobs"]["completed"], 40);
    assert_eq!(truth["jobs"]["polls"], polls.round() as u64);
    assert_eq!(requests.ok, 40 + polls.round() as u64, "{requests:?}");
    let mean = |name: &str| metric(&summary, &format!("job.{name}.mean"));
    let parts: f64 = ["accept", "queue", "processing", "slack"]
        .into_iter()
        .map(mean)
        .sum();
    let terminal = mean("total") - parts;
    assert!(
        (0.0..0.02).contains(&terminal),
        "the poll that finds a job done took {terminal} s"
    );
    assert!(metric(&summary, "job.slack.max") <= INTERVAL);
    // A job is found at work up to an interval late, and done up to an interval late.
    close(
        "processing",
        mean("processing") + mean("slack"),
        number(&truth, "/service/mean_s"),
        INTERVAL,
    );
    // Jobs of 250 ms on two slots, one more every 100 ms: each pair waits 50 ms longer than the pair before.
    close("queue", mean("queue"), 0.475, INTERVAL);
}

/// Arrivals are due every 5 ms from the first request on, which the target counts from: none is near an end of the stall.
const STALL: &str = "slots=1000 service_time=0s faults.stall_at=2999ms faults.stall_for=1s";

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_a_stall() {
    let (done, truth) = calmly(|| {
        session(
            STALL,
            0.1,
            "rate = \"200/s\"\nduration = \"10s\"\nmax_vus = 400",
        )
    });
    let summary = done.exits(0).summary();
    assert_eq!((done.counts().ok, seen(&truth, UPLOADS)), (2_000, 2_000));
    assert_eq!(truth["faults"]["stall_window"], 200);
    close("p99", metric(&summary, "latency.p99"), 0.900, 0.018);
    close("p95", metric(&summary, "latency.p95"), 0.500, 0.025);
    close("mean", metric(&summary, "latency.mean"), 0.05025, 0.0025);
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_a_stall_with_too_few_users() {
    let (done, truth) = calmly(|| {
        session(
            STALL,
            0.1,
            "rate = \"200/s\"\nduration = \"10s\"\nmax_vus = 10",
        )
    });
    let counts = done.exits(1).says("drop_rate").counts();
    assert_eq!(counts.planned, 2_000);
    assert!((188..=192).contains(&counts.dropped), "{counts:?}");
    assert_eq!(counts.ok, seen(&truth, UPLOADS), "{counts:?}");
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_a_generator_that_was_held() {
    let target = DemoTarget::start("transcription", "slots=100 service_time=5ms");
    let scene = uploads(
        &target.url,
        0.1,
        "rate = \"100/s\"\nduration = \"3s\"\nmax_vus = 100",
    );
    let running = scene.start("run plan.toml");
    for _ in 0..2 {
        std::thread::sleep(Duration::from_millis(900));
        running.signal(Signal::STOP);
        std::thread::sleep(Duration::from_millis(300));
        running.signal(Signal::CONT);
    }
    let done = running.end();
    done.exits(4).says("late");
    assert_eq!(
        done.counts().ok,
        seen(&target.truth(), UPLOADS),
        "late or not, all are counted"
    );
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_a_rate_beyond_the_generator() {
    let target = DemoTarget::start("transcription", "slots=1000 service_time=0s");
    let scene = uploads(&target.url, 0.1, "rate = \"200000/s\"\nduration = \"1s\"");
    let done = scene.run("run plan.toml --threads 1");
    assert_eq!(done.exits(4).counts().planned, 200_000);
    assert_eq!(done.counts().started, seen(&target.truth(), UPLOADS));
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_a_target_that_is_too_slow() {
    let load = "rate = \"20/s\"\nduration = \"3s\"\nmax_vus = 5";
    let (done, truth) = calmly(|| session("slots=1 service_time=200ms", 0.1, load));
    let counts = done.exits(1).says("drop_rate").counts();
    assert_eq!(
        (counts.planned, counts.started),
        (60, seen(&truth, UPLOADS)),
        "{counts:?}"
    );
    // Five places are taken at once; from then on one is free every 200 ms.
    assert!((37..=43).contains(&counts.dropped), "{counts:?}");
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_about_a_closed_loop_at_full_speed() {
    let (done, truth) = session(
        "slots=1000 service_time=0s",
        0.1,
        "vus = 16\nduration = \"3s\"",
    );
    assert!(
        matches!(done.code, Some(0 | 4)),
        "saturated or not, nothing is crossed\n{}",
        done.all()
    );
    assert_eq!(done.counts().ok, seen(&truth, UPLOADS));
}
