//! The shipped plans that stand for other tools' guides, scaled down, against the embedded target.

use serde_json::Value;

use crate::support::demo_target::{DemoTarget, seen};
use crate::support::perfgate::{Done, Perfgate};

fn voice(target: &DemoTarget) -> Perfgate {
    let scene = Perfgate::new().shipped();
    scene
        .env("ASR_HOST", &target.url)
        .env("TTS_HOST", &target.url)
        .env("API_URL", &target.url)
}

fn ok_of(done: &Done, load: &str) -> Value {
    done.summary()["metrics"][format!("{load}.ok")]["runs"][0]["value"].clone()
}

#[test]
fn an_upload_logs_in_once_sends_every_chunk_and_waits_for_its_transcript() {
    let target = DemoTarget::start("jobs", "login=true chunk_size=10kB service_time=50ms");
    let scene = Perfgate::new()
        .shipped()
        .env("BASE_URL", &target.url)
        .env("ADMIN_PASSWORD", "correct-horse-battery");
    let scene = scene
        .env("ARRIVAL_RATE", "5")
        .env("DURATION", "2s")
        .env("POLL_INTERVAL", "0.05");
    let done = scene.run(
        "run plans/transcription-upload.toml --set load.upload.warm_up=0s --set session.repeats=1",
    );
    done.exits_unless_starved(0).never_says("correct-horse");
    assert_eq!(done.counts().ok, 10);
    let truth = target.truth();
    // 32,044 bytes are four chunks of at most 10,000.
    assert_eq!(
        truth["uploads"],
        serde_json::json!({ "opened": 10, "chunks": 40 }),
        "{truth}"
    );
    assert_eq!(
        (
            seen(&truth, "POST /uploads/{session}/finalize"),
            &truth["jobs"]["completed"]
        ),
        (10, &10.into())
    );
    let users = truth["logins"].as_u64().expect("a count");
    assert!(
        (4..=10).contains(&users),
        "once for each user, not for each job: {users}"
    );
    assert_eq!(
        truth["requests"]["POST /uploads/initialize"]["401"],
        Value::Null,
        "the token is sent"
    );
}

#[test]
fn a_transcription_service_is_looked_at_closely_with_or_without_its_path() {
    for path in [
        "",
        "/",
        "/v1/audio/transcriptions",
        "/v1/audio/transcriptions/",
    ] {
        let target = DemoTarget::start("transcription", "service_time=5ms");
        let scene = Perfgate::new()
            .shipped()
            .env("API_URL", &format!("{}{path}", target.url));
        let done = scene.run("run plans/transcription-service.toml");
        done.exits(0).says("rtfx");
        assert_eq!(ok_of(&done, "transcribe"), 20.0);
        assert_eq!(
            target.truth()["requests"]["POST /v1/audio/transcriptions"]["200"],
            22,
            "two of them to warm up"
        );
    }
    let target = DemoTarget::start("transcription", "service_time=5ms");
    let done = voice(&target)
        .run("run plans/transcription-service.toml --preset thorough --set workers=2 --set concurrency=8");
    assert_eq!(ok_of(done.exits(0), "transcribe"), 100.0);
}

#[test]
fn scaling_starts_scales_and_stops_the_embedded_target() {
    let scene = Perfgate::new().shipped();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let done = scene.run(&format!(
        "run plans/scaling.toml --preset demo --set demo_port={port} --set vus=1,2,4 --set seconds=2s --set requests=10"
    ));
    done.exits(0)
        .says("── sweep single/transcribe over vus")
        .says("2 users")
        .says("── sweep scaling/transcribe over workers")
        .says("Linear scaling: 3 workers reach");
    assert!(!scene.at("plans/.demo.pid").exists(), "it was stopped");
    let markdown = std::fs::read_to_string(done.file("report.md")).unwrap();
    assert!(markdown.contains("- 2 workers: ") && markdown.contains("(expected: "));
    let only = scene.run("run plans/scaling.toml --only scaling --set workers=1,2,3 --set requests=30 --set concurrency=8 --dry-run");
    only.exits(0)
        .says("scaling@3")
        .says("before: ./scale_workers.sh 3")
        .says("90 iterations");
}

#[test]
fn an_answer_without_segments_is_found_out() {
    // The job service has no such route: it answers 404 to every upload.
    let target = DemoTarget::start("jobs", "");
    let done = voice(&target).run("run plans/transcription-service.toml");
    done.exits(1).says("HTTP 404: Not Found");
    let answer = "{\"text\":\"hello\",\"language\":\"en\",\"duration\":0,\"segments\":[{\"text\":\"hello\"}]}";
    let target = DemoTarget::start(
        "transcription",
        &format!("faults.status=200 faults.status_share=100% faults.body={answer}"),
    );
    let done = voice(&target).run("run plans/transcription-service.toml");
    done.exits(1).says("$.segments[*]").says("start");
}

#[test]
fn limits_idleness_and_stress_of_a_voice_stack_are_plans_of_their_own() {
    let port = |target: &DemoTarget| {
        let port = target.url.rsplit(':').next().unwrap();
        format!("--set asr_port={port} --set tts_port={port}")
    };
    let target = DemoTarget::start("voice", "service_time=40ms slots=2");
    let limits = voice(&target).run("run plans/voice-stack-limits.toml --only concurrency");
    limits.exits(0).says("concurrency/asr-server.active.max");
    let soak = voice(&target).run(&format!(
        "run plans/voice-stack-soak.toml --set soak=4s --set warm_up=200ms --set users=2 {}",
        port(&target)
    ));
    // Seconds of a test say little of a drift, and everything of what was watched.
    let metrics = &soak.summary()["metrics"];
    assert_eq!(
        metrics["asr-process.restarts.last"]["runs"][0]["value"],
        0.0
    );
    assert_eq!(metrics["tts-process.up.min"]["runs"][0]["value"], 1.0);
    assert!(metrics["asr-process.rss.slope"]["runs"][0].is_object());
    let idle = DemoTarget::start("voice", "service_time=10ms idle_after=1s cold_start=500ms");
    let cold = voice(&idle).run("run plans/voice-stack-idle.toml --set idle=1500ms");
    let cold = cold.summary();
    let value = |metric: &str| {
        cold["metrics"][metric]["runs"][0]["value"]
            .as_f64()
            .unwrap()
    };
    assert!(value("cold/asr.latency.max") > 2.0 * value("warm/asr.latency.mean"));
    let steps = voice(&target)
        .run("run plans/voice-stack-stress.toml --only steps --set pause=0s --set callers=5,10");
    steps.exits(0).says("── sweep steps/asr over callers");
}

#[test]
fn the_six_phases_of_a_voice_stack_run_one_after_the_other() {
    let target = DemoTarget::start("voice", "service_time=2ms slots=16");
    let small = "--set soak=4s --set stress=1s --set pause=10ms --set asr_time=0s..10s --set tts_time=0s..10s";
    let done = voice(&target).run(&format!("run plans/voice-stack.toml {small}"));
    let summary = done.summary();
    let phases: Vec<_> = summary["runs"][0]["phases"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    let names: Vec<_> = phases
        .iter()
        .map(|phase| phase["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "smoke",
            "moderate",
            "concurrency",
            "resources",
            "sustained",
            "breaking-point"
        ],
        "{}",
        done.all()
    );
    assert!(
        phases.iter().all(|phase| phase["skipped"].is_null()),
        "{phases:?}"
    );
    for (load, count) in [
        ("smoke/asr", 5.0),
        ("smoke/tts", 5.0),
        ("moderate/asr", 50.0),
        ("moderate/tts", 50.0),
        ("concurrency/asr", 100.0),
        ("resources/asr", 200.0),
        ("resources/tts", 200.0),
    ] {
        assert_eq!(ok_of(&done, load), count, "{load}");
    }
    assert_eq!(summary["labels"]["model"], "medium");
    assert!(summary["metrics"]["sustained/asr.latency.drift"]["runs"][0]["value"].is_number());
    let truth = target.truth();
    assert!(
        seen(&truth, "POST /v1/audio/speech") > 255 && truth["max_in_flight"].as_u64() > Some(100),
        "{truth}"
    );
}

#[test]
fn limits_of_a_voice_stack_are_refusals_and_nothing_else() {
    let target = DemoTarget::start("voice", "service_time=5ms slots=2 queue=4 busy_status=429");
    let done = voice(&target).run("run plans/voice-stack.toml --only concurrency");
    done.exits(0)
        .says("refused")
        .says("Server is processing maximum concurrent requests");
    let summary = done.summary();
    assert_eq!(
        summary["metrics"]["concurrency/asr.error_rate"]["runs"][0]["value"],
        0.0
    );
    assert!(
        summary["metrics"]["concurrency/asr.rejected"]["runs"][0]["value"].as_f64() > Some(0.0)
    );
    assert_eq!(target.truth()["max_active"], 2, "the limit holds");
}

#[test]
fn nothing_further_is_run_where_the_smoke_test_fails() {
    let target = DemoTarget::start("voice", "faults.status=500 faults.status_share=50%");
    let done = voice(&target).run("run plans/voice-stack.toml");
    done.exits(1).says("`smoke` did not pass");
    assert_eq!(
        done.summary()["runs"][0]["loads"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn each_service_runs_alone_or_beside_the_other_with_its_own_requests() {
    let target = DemoTarget::start("voice", "service_time=2ms");
    let scene = voice(&target);
    let both = scene.run("run plans/voice-services.toml --preset smoke");
    assert_eq!(
        (ok_of(both.exits(0), "asr"), ok_of(&both, "tts")),
        (5.0.into(), 5.0.into())
    );
    let alone =
        scene.run("run plans/voice-services.toml --only tts --set users=5 --set requests=20");
    assert_eq!(
        (
            ok_of(alone.exits(0), "tts"),
            &alone.summary()["metrics"]["asr.ok"]
        ),
        (20.0.into(), &Value::Null)
    );
    let timed =
        scene.run("run plans/voice-services.toml --preset minute --set duration=1s --set users=2 --set in_turn=true");
    let loads = timed.exits(0).summary()["runs"][0]["loads"].clone();
    let window = |at: usize| {
        loads[at]["window_s"][1].as_f64().unwrap() - loads[at]["window_s"][0].as_f64().unwrap()
    };
    assert!(
        (window(0) - 1.0).abs() < 1e-6 && (window(1) - 1.0).abs() < 1e-6,
        "each has its whole time: {loads}"
    );
    let gone = Perfgate::new()
        .shipped()
        .env("ASR_HOST", "http://127.0.0.1:1")
        .env("TTS_HOST", &target.url);
    // What runs alone does not wait for the other.
    gone.run("run plans/voice-services.toml --only tts --set requests=5")
        .exits(0);
    gone.run("run plans/voice-services.toml --only tts --dry-run")
        .exits(0)
        .never_says("127.0.0.1:1/health");
    let gone =
        gone.run("run plans/voice-services.toml --set target.ready=http://127.0.0.1:1/health");
    gone.exits(2);
}

#[test]
fn streams_are_measured_by_their_messages() {
    let target = DemoTarget::start("voice", "service_time=600ms");
    let scene = Perfgate::new()
        .shipped()
        .env("CHAT_URL", &target.url)
        .env("ASR_URL", &target.url);
    let done = scene.run("run plans/streaming.toml --set load.chat.duration=2s --set load.dictation.duration=1s --set load.chat.arrivals=uniform");
    let summary = done.exits_unless_starved(0).summary();
    let value = |name: &str| {
        summary["metrics"][name]["runs"][0]["value"]
            .as_f64()
            .unwrap_or_else(|| panic!("{name}"))
    };
    assert!((value("chat.ok") - 4.0).abs() < 1e-9);
    // The role, eleven words, and the end.
    assert!((value("chat.answer.messages.max") - 13.0).abs() < 1e-9);
    assert!(
        value("chat.answer.token.mean") > value("chat.answer.first_message.mean"),
        "the role comes before the first word"
    );
    assert!((value("chat.answer.gap.count") - 4.0 * 12.0).abs() < 1e-9);
}
