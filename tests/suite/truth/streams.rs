//! What perfgate says of conversations, beside what the embedded target noted of the same streams.

use std::fs;

use perfgate::audio::{ClipKind, synthesize};
use serde_json::Value;

use super::{close, number};
use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::{Done, Perfgate, calmly};

/// A flow that talks to WhisperLive about clips of the pool of the same name.
fn talks(pool: &str, pace: u32) -> String {
    format!(
        r#"
[[flow.{pool}]]
name       = "talk"
websocket  = "/"
timeout    = "10s"
reject     = {{ "$.status" = "is WAIT" }}
transcript = "segments $.segments"

[flow.{pool}.stream]
open   = {{ json = {{ uid = "{{{{uuid}}}}" }} }}
ready  = {{ "$.message" = "is SERVER_READY" }}
audio  = {{ from = "{pool}", encoding = "f32le", chunk = "100ms", pace = {pace} }}
covers = "$.segments[-1].end"
finish = {{ binary = "END_OF_AUDIO" }}
"#
    )
}

/// The same to Vosk, whose streams are dealt to instances.
const LISTEN: &str = r#"
[[flow.live]]
name       = "listen"
websocket  = "/"
timeout    = "10s"
transcript = "join $.text"
capture    = { instance = "header x-instance" }

[flow.live.stream]
open   = { json = { config = { sample_rate = 16000 } } }
audio  = { from = "speech", chunk = "100ms" }
finish = { text = '{"eof" : 1}' }
"#;

/// A stream of Riva.
const RECOGNIZE: &str = r#"
[[flow.live]]
name       = "listen"
grpc       = "nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize"
timeout    = "10s"
transcript = "join $.results[?@.is_final].alternatives[0].transcript"

[flow.live.stream]
open.json = { streaming_config = { config = { encoding = "LINEAR_PCM", sample_rate_hertz = 16000, audio_channel_count = 1 } } }
audio     = { from = "speech", field = "audio_content", chunk = "100ms" }
"#;

/// What describes the gateway's messages.
const PROTO: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/plans/protos/voice_workflow.proto"
);

/// The part of a plan that says which target: `ws` or `grpc`.
fn against(target: &DemoTarget, scheme: &str) -> String {
    format!(
        "target.url = \"{}\"\n",
        target.url.replacen("http", scheme, 1)
    )
}

fn synthesized(pool: &str, seconds: f64) -> String {
    format!("audio.{pool}.synthesize = {{ seconds = {seconds} }}\n")
}

/// A session of this plan, with what the target saw.
fn session(target: &DemoTarget, plan: &str) -> (Done, Value) {
    let done = Perfgate::new().plan(plan).run("run plan.toml");
    (done, target.truth())
}

#[track_caller]
fn value(summary: &Value, name: &str) -> f64 {
    let value = &summary["metrics"][name]["runs"][0]["value"];
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no value of `{name}`"))
}

/// The sum of a number that each line of `clients.jsonl` has.
fn sum_of_clients(done: &Done, key: &str) -> f64 {
    let text = fs::read_to_string(done.file("clients.jsonl")).expect("conversations are noted");
    let clients = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    clients.map(|client| client[key].as_f64().expect(key)).sum()
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_a_delay_whatever_the_length() {
    let scene = || {
        let target = DemoTarget::start("whisperlive", "slots=20 stream.delay=300ms");
        let clips = synthesized("short", 2.0) + &synthesized("long", 12.0);
        let loads =
            "[load.short]\nvus = 4\niterations = 12\n[load.long]\nvus = 4\niterations = 4\n";
        session(
            &target,
            &(against(&target, "ws") + &clips + &talks("short", 1) + &talks("long", 1) + loads),
        )
    };
    let (done, truth) = calmly(scene);
    let summary = done.exits(0).summary();
    for (load, results) in [("short", 12 * 4), ("long", 4 * 24)] {
        close(
            load,
            value(&summary, &format!("{load}.talk.delay.p50")),
            0.300,
            0.030,
        );
        close(
            load,
            value(&summary, &format!("{load}.talk.tail.p50")),
            0.300,
            0.030,
        );
        // One at the middle and one at the end of each second; the last of all reaches no further.
        assert_eq!(
            value(&summary, &format!("{load}.talk.delay.count")),
            f64::from(results),
            "{load}"
        );
    }
    assert_eq!(
        (
            truth["streams"]["ended_well"].as_u64(),
            number(&truth, "/streams/audio_seconds")
        ),
        (Some(16), 72.0)
    );
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_the_stages_of_a_gateway() {
    let scene = || {
        let keys = "stream.asr=50ms stream.llm_first=100ms stream.llm=150ms stream.tts=200ms";
        let target = DemoTarget::start("gateway", keys);
        let plan = format!(
            r#"
{}{}
[[flow.turn]]
name = "speak"
grpc = {{ method = "voice_workflow.VoiceGateway/StreamAudio", proto = "{PROTO}" }}

[flow.turn.stream]
open.json = {{ config = {{ language_code = "en-US", sample_rate = 16000 }} }}
audio     = {{ from = "query", field = "audio_chunk", chunk = "128ms" }}
until     = {{ "$.event.type" = "is END_OF_TURN" }}

[flow.turn.stream.marks]
asr         = "last $.transcript_chunk is not ..."
llm_first   = "first $.llm_response_chunk"
llm_last    = "last $.llm_response_chunk"
audio_first = "first $.audio_chunk"

[flow.turn.stream.spans]
heard     = "audio_end -> asr"
llm_ttft  = "asr -> llm_first"
llm_total = "asr -> llm_last"
tts       = "llm_first -> audio_first"

[load.turn]
vus        = 2
iterations = 8
"#,
            against(&target, "grpc"),
            synthesized("query", 0.6)
        );
        session(&target, &plan)
    };
    let (done, truth) = calmly(scene);
    let summary = done.exits(0).summary();
    for (span, stage) in [
        ("heard", 0.050),
        ("llm_ttft", 0.100),
        ("llm_total", 0.150),
        ("tts", 0.200),
    ] {
        close(
            span,
            value(&summary, &format!("turn.speak.{span}.p50")),
            stage,
            0.020,
        );
    }
    assert_eq!(truth["streams"]["ended_well"], 8);
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_lost_segments() {
    let scene = || {
        let target = DemoTarget::start(
            "whisperlive",
            "slots=20 stream.lost_share=8% stream.result_every=1s",
        );
        let plan = against(&target, "ws") + &synthesized("speech", 25.0) + &talks("speech", 5);
        session(
            &target,
            &(plan + "[load.speech]\nvus = 8\niterations_per_vu = 1\n"),
        )
    };
    let (done, truth) = calmly(scene);
    let summary = done.exits(0).summary();
    close(
        "coverage",
        value(&summary, "speech.talk.coverage.mean"),
        0.92,
        0.01,
    );
    close("pace", value(&summary, "speech.talk.pace.mean"), 5.0, 0.05);
    assert_eq!(truth["streams"]["ended_well"], 8);
}

/// Twenty-four words: what is said in twelve seconds.
const WORDS: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen twenty thirty forty fifty sixty";

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_words_that_are_wrong() {
    for (share, rate) in [("0%", 0.0), ("25%", 0.25)] {
        let scene = || {
            let keys = [
                &format!("stream.transcript={WORDS}"),
                "slots=20",
                &format!("stream.wrong_words_share={share}"),
            ];
            let target = DemoTarget::start_with("whisperlive", &keys);
            let scene = Perfgate::new();
            for clip in ["a", "b"] {
                fs::write(
                    scene.at(&format!("{clip}.wav")),
                    synthesize(ClipKind::Tone, 12.0, 0, 0),
                )
                .expect("written");
                fs::write(scene.at(&format!("{clip}.txt")), WORDS).expect("written");
            }
            let plan =
                against(&target, "ws") + "audio.speech.files = \"*.wav\"\n" + &talks("speech", 5);
            let done = scene
                .plan(&(plan + "[load.speech]\nvus = 4\niterations_per_vu = 1\n"))
                .run("run plan.toml");
            (done, target.truth())
        };
        let (done, truth) = calmly(scene);
        let summary = done.exits(0).summary();
        close(share, value(&summary, "speech.wer"), rate, 1e-9);
        assert_eq!(truth["streams"]["ended_well"], 4, "{share}");
    }
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_a_balancer_with_weights() {
    for (shares, imbalance) in [("8,1,1", 8.0), ("4,3,3", 4.0 / 3.0)] {
        let scene = || {
            let target = DemoTarget::start(
                "vosk",
                &format!("slots=100 workers=3 stream.shares={shares}"),
            );
            let plan = against(&target, "ws") + &synthesized("speech", 0.5) + LISTEN;
            let load = "[load.live]\nvus = 20\niterations = 100\nsplit_by = \"instance\"\n";
            session(
                &target,
                &(plan + load + "[threshold]\nimbalance = \"< 100\"\n"),
            )
        };
        let (done, truth) = calmly(scene);
        let summary = done.exits(0).summary();
        close(shares, value(&summary, "live.imbalance"), imbalance, 1e-9);
        let splits = summary["runs"][0]["loads"][0]["splits"]
            .as_array()
            .expect("it is split");
        let split: Vec<_> = splits
            .iter()
            .map(|one| (one["value"].clone(), one["counts"]["started"].clone()))
            .collect();
        let workers = truth["streams"]["workers"].as_object().expect("workers");
        let seen: Vec<_> = workers
            .iter()
            .map(|(name, worker)| (name.as_str().into(), worker["begun"].clone()))
            .collect();
        assert_eq!(split, seen, "{shares}");
        for name in workers.keys() {
            done.says(name);
        }
    }
}

/// How punctual so many streams of ten seconds were, for both sides.
#[track_caller]
fn punctual(service: &str, scheme: &str, flow: &str, streams: u32) {
    let scene = || {
        let target = DemoTarget::start(service, "slots=1000 stream.result_every=5s");
        let plan = against(&target, scheme) + &synthesized("speech", 10.0) + flow;
        session(
            &target,
            &format!("{plan}[load.live]\nvus = {streams}\niterations_per_vu = 1\n"),
        )
    };
    let (done, truth) = calmly(scene);
    let summary = done.exits(0).summary();
    let frames = f64::from(streams * 100);
    close(
        "p99 of what arrived late",
        number(&truth, "/streams/pacing/p99_s"),
        0.0,
        0.005,
    );
    for bound in ["min", "max"] {
        close(
            bound,
            value(&summary, &format!("live.listen.pace.{bound}")),
            1.0,
            0.01,
        );
        close(
            bound,
            number(&truth, &format!("/streams/pace/{bound}")),
            1.0,
            0.01,
        );
    }
    assert_eq!(
        (
            value(&summary, "live.listen.send_lag.count"),
            number(&truth, "/streams/frames")
        ),
        (frames, frames)
    );
    close(
        "audio sent",
        sum_of_clients(&done, "sent_s"),
        number(&truth, "/streams/audio_seconds"),
        1e-6,
    );
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_a_hundred_live_websockets() {
    punctual("vosk", "ws", LISTEN, 100);
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_fifty_live_grpc_streams() {
    punctual("riva", "grpc", RECOGNIZE, 50);
}

#[test]
#[ignore = "compares times: `just truth`"]
fn truth_of_a_target_with_three_places() {
    let scene = || {
        let target = DemoTarget::start("whisperlive", "slots=3");
        let plan = against(&target, "ws") + &synthesized("speech", 2.0) + &talks("speech", 1);
        session(
            &target,
            &(plan + "[load.speech]\nvus = 5\niterations_per_vu = 1\n"),
        )
    };
    let (done, truth) = calmly(scene);
    let counts = done.exits(0).counts();
    assert_eq!(
        (counts.ok, counts.rejected, counts.started),
        (3, 2, 5),
        "{counts:?}"
    );
    let streams = &truth["streams"];
    assert_eq!(
        (streams["begun"].as_u64(), streams["refused"].as_u64()),
        (Some(counts.ok), Some(counts.rejected))
    );
    assert_eq!(
        (
            streams["ended_well"].as_u64(),
            streams["max_at_once"].as_u64()
        ),
        (Some(3), Some(3))
    );
}
