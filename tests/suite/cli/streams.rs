//! Streams as a person runs them: the shipped plans against the embedded target, its dialects, and what goes wrong.

use std::net::TcpListener;

use perfgate::plan::{Options, load};
use serde_json::Value;

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::{Done, Perfgate};
use crate::support::tls_front::TlsFront;

/// Where a target listens, without the scheme.
fn address(target: &DemoTarget) -> String {
    target.url.trim_start_matches("http://").to_owned()
}

/// Each line of a session's conversations.
fn conversations(done: &Done) -> Vec<Value> {
    let text = std::fs::read_to_string(done.file("clients.jsonl")).expect("conversations");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// A shipped plan against the service that it is for.
fn shipped(plan: &str, variable: &str, service: &str, keys: &str, set: &str) -> (Done, DemoTarget) {
    let target = DemoTarget::start(service, keys);
    let scene = Perfgate::new().shipped().env(variable, &address(&target));
    (scene.run(&format!("run plans/{plan}.toml {set}")), target)
}

#[test]
fn clients_of_whisperlive_are_counted_by_both_sides() {
    let keys =
        "stream.required=uid,platform,meeting_url,token,meeting_id workers=3 stream.shares=1,1,1";
    let set = "--set clients=3 --set duration=1s --set linger=200ms";
    let (done, target) = shipped("whisperlive", "BALANCER", "whisperlive", keys, set);
    done.exits_unless_starved(0);
    let (counts, truth) = (done.counts(), target.truth()["streams"].clone());
    assert_eq!(
        (counts.ok, &truth["ended_well"]),
        (counts.started, &counts.started.into()),
        "{truth}"
    );
    assert_eq!(
        truth["audio_seconds"].as_f64(),
        Some(counts.started as f64),
        "a clip of one second each"
    );
    let split = &done.summary()["loads"][0]["split"];
    assert_eq!(
        (&split["by"], &split["captured"]),
        (&"instance".into(), &true.into())
    );
    let all = conversations(&done);
    assert_eq!(all.len() as u64, counts.started);
    for one in &all {
        assert_eq!(
            (&one["outcome"], &one["sent_s"], &one["close"]),
            (&"ok".into(), &1.0.into(), &1000.into()),
            "{one}"
        );
        assert_eq!(
            (&one["coverage"], &one["wer"]),
            (&1.0.into(), &Value::Null),
            "no reference, no rate: {one}"
        );
        assert!(
            one["transcript"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{one}"
        );
    }
    let session = done.file("summary.json");
    let scene = Perfgate::new();
    let out = scene.at("clients");
    let written = scene.run(&format!(
        "report {} --format clients --out {}",
        session.display(),
        out.display()
    ));
    written.exits(0);
    let name = std::fs::read_dir(&out)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .file_name()
        .into_string()
        .unwrap();
    assert!(
        name.starts_with("run_3_clients_2") && name.ends_with(".json"),
        "{name}"
    );
    let document: Value = serde_json::from_slice(&std::fs::read(out.join(name)).unwrap()).unwrap();
    assert_eq!(document["summary"]["successful_clients"], counts.started);
    assert!(
        document["summary"]["latency"]["p95"].is_number(),
        "{document:#}"
    );
}

#[test]
fn the_other_services_are_spoken_to_by_their_plans() {
    for (plan, variable, service, set) in [
        ("vosk", "VOSK", "vosk", "--set clients=2 --set each=1"),
        ("riva", "RIVA", "riva", "--set streams=2 --set each=1"),
        (
            "wyoming",
            "WYOMING",
            "wyoming",
            "--set clients=2 --set each=1",
        ),
        (
            "voice-gateway",
            "TARGET",
            "gateway",
            "--set users=2 --set ramp_up=0s --set hold=1s --set ramp_down=0s --set think=0s",
        ),
    ] {
        let (done, target) = shipped(plan, variable, service, "", set);
        done.exits_unless_starved(0);
        let truth = target.truth()["streams"].clone();
        let all = conversations(&done).len();
        assert_eq!(
            (&truth["ended_well"], &truth["refused"]),
            (&all.into(), &0.into()),
            "{plan}: {truth}"
        );
    }
}

#[test]
fn a_baseline_of_streams_holds_what_listeners_notice() {
    let scene = Perfgate::new().shipped();
    scene
        .run("update-baseline plans/whisperlive.toml --init")
        .exits(0);
    let text = std::fs::read_to_string(scene.at("baselines/whisperlive.json")).unwrap();
    let baseline: Value = serde_json::from_str(&text).unwrap();
    let metrics: Vec<&str> = baseline["metrics"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let of_talk = [
        "live.talk.coverage.mean",
        "live.talk.delay.p50",
        "live.talk.staleness.p95",
        "live.throughput",
    ];
    assert_eq!(
        metrics,
        [&["live.error_rate", "live.rejection_rate"][..], &of_talk].concat()
    );
}

#[test]
fn both_protocols_go_over_tls() {
    for (plan, variable, service, scheme, set) in [
        ("vosk", "VOSK", "vosk", "ws", "--set clients=2 --set each=1"),
        (
            "riva",
            "RIVA",
            "riva",
            "grpc",
            "--set streams=2 --set each=1 --only streams",
        ),
    ] {
        let target = DemoTarget::start(service, "");
        let front = TlsFront::start(&address(&target));
        let here = format!("localhost:{}", front.port);
        let scene = Perfgate::new()
            .shipped()
            .env(variable, &here)
            .file("plans/ca.pem", &front.authority);
        let text = std::fs::read_to_string(scene.at(&format!("plans/{plan}.toml"))).unwrap();
        let own = text.replace(&format!("\"{scheme}://"), &format!("\"{scheme}s://"));
        let known = own.replace("[target]\n", "[target]\ntls.ca = \"ca.pem\"\n");
        let scene = scene
            .file("plans/stranger.toml", &own)
            .file("plans/known.toml", &known);
        let done = scene.run(&format!("run plans/known.toml {set}"));
        done.exits_unless_starved(0);
        let (all, truth) = (conversations(&done), target.truth()["streams"].clone());
        assert_eq!(
            (all.len(), &truth["ended_well"]),
            (2, &2.into()),
            "{plan}: {truth}"
        );
        let stranger = scene.run(&format!("run plans/stranger.toml {set}"));
        stranger.exits(5).says("name its authority with `tls.ca`");
        assert_eq!(
            target.truth()["streams"]["ended_well"],
            2,
            "{plan}: nothing is said to a stranger"
        );
    }
}

#[test]
fn each_dialect_is_listed_printed_and_understood_by_its_service() {
    let listed = Perfgate::new().run("dialects");
    listed.exits(0);
    for (name, service) in [
        ("whisperlive", "whisperlive"),
        ("whisperlive-fork", "whisperlive"),
        ("vosk", "vosk"),
        ("deepgram", "deepgram"),
        ("realtime", "realtime"),
    ] {
        assert!(
            listed
                .stdout
                .lines()
                .any(|line| line.starts_with(&format!("{name} "))),
            "{}",
            listed.stdout
        );
        let target = DemoTarget::start(service, "");
        let plan = format!(
            "include = \"dialect.toml\"\ntarget = \"{}\"\naudio.speech.synthesize = {{ seconds = 1.2 }}\n\
             [load.live]\nvus = 2\niterations_per_vu = 1\n[threshold]\nerror_rate = \"0%\"\nok = 2\n",
            target.url.replace("http://", "ws://")
        );
        let scene = Perfgate::new().plan(&plan);
        scene
            .shell(&format!("\"$0\" dialects {name} > dialect.toml"))
            .exits(0);
        let done = scene.run("run plan.toml");
        assert_eq!(done.counts().ok, 2, "{name}: {}", done.all());
        let all = conversations(&done);
        assert!(
            all.iter().all(|one| one["transcript"]
                .as_str()
                .is_some_and(|text| !text.is_empty())),
            "{name}: {all:#?}"
        );
        assert_eq!(target.truth()["streams"]["ended_well"], 2, "{name}");
    }
    let unknown = Perfgate::new().run("dialects wisperlive");
    unknown.exits(2);
    assert!(
        unknown.stderr.contains("did you mean `whisperlive`?"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn the_six_scenarios_are_presets_of_the_gateway_plan() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/voice-gateway.toml");
    let read = |presets: &[String], set: &[perfgate::plan::Override]| {
        let nothing = |_: &str| None;
        let options = Options {
            environment: &nothing,
            presets,
            set,
            only: &[],
            seed: None,
            load: perfgate::plan::LoadOptions::default(),
            aim: None,
        };
        load(&folder, &options).plan.expect("a plan").effective["load"]["turn"].clone()
    };
    for (name, users, up, hold, down, think, requests) in [
        ("baseline", "1", "0s", "30s", "0s", "2s", "10"),
        ("light", "5", "10s", "2m", "5s", "2s", "unlimited"),
        ("medium", "20", "30s", "5m", "10s", "1.5s", "unlimited"),
        ("heavy", "50", "60s", "5m", "15s", "1s", "unlimited"),
        ("spike", "100", "5s", "30s", "5s", "500ms", "unlimited"),
        ("endurance", "20", "30s", "30m", "10s", "3s", "unlimited"),
    ] {
        let turn = read(&[name.to_owned()], &[]);
        let text = |key: &str| {
            turn[key]
                .as_str()
                .map_or_else(|| turn[key].to_string(), str::to_owned)
        };
        let all = [
            "vus",
            "ramp_up",
            "duration",
            "ramp_down",
            "think",
            "iterations_per_vu",
        ]
        .map(text);
        assert_eq!(all, [users, up, hold, down, think, requests], "{name}");
    }
    let set = ["users=70".parse().unwrap()];
    let heavy = read(&["heavy".to_owned()], &set);
    let text = |key: &str| {
        heavy[key]
            .as_str()
            .map_or_else(|| heavy[key].to_string(), str::to_owned)
    };
    assert_eq!(
        (text("vus"), text("ramp_up")),
        ("70".to_owned(), "60s".to_owned()),
        "what is not set stays the preset's"
    );
}

const LIVE: &str = "audio.speech.synthesize = { seconds = 1 }\n\
                    [load.live]\nvus = 2\niterations_per_vu = 1\n[threshold]\nok = 2\n\
                    [[flow.live]]\nname = \"talk\"\ntimeout = \"1s\"\n";

/// A plan whose flow goes on like this.
fn live(target: &str, flow: &str) -> Perfgate {
    Perfgate::new().plan(&format!("target = \"{target}\"\n{LIVE}{flow}\n"))
}

#[test]
fn what_goes_wrong_with_a_stream_is_said_in_its_class() {
    let whisper = "websocket = \"/\"\nreject = { \"$.status\" = \"is WAIT\" }\n\
                   stream = { open = { json = { uid = \"{{uuid}}\" } }, ready = { \"$.message\" = \"is SERVER_READY\" }, \
                   audio = { from = \"speech\", encoding = \"f32le\" }, finish = { binary = \"END_OF_AUDIO\" } }";
    for (keys, class, says) in [
        (
            "faults.status_share=100%",
            "status",
            "handshake refused with HTTP 503",
        ),
        ("faults.reset_share=100%", "reset", "reset by peer"),
        (
            "faults.close_share=100%",
            "server",
            "after 0.0 s of 1.0 s of audio",
        ),
        (
            "faults.never_ready_share=100%",
            "timeout",
            "the target was not ready within 1s",
        ),
        ("faults.stall_share=100%", "timeout", "within 1s"),
        ("faults.garbage_share=100%", "protocol", ""),
    ] {
        let target = DemoTarget::start("whisperlive", keys);
        let done = live(&target.url, whisper).run("run plan.toml");
        assert_eq!(done.counts().ok, 0, "{keys}: {}", done.all());
        let errors = done.summary()["runs"][0]["errors"].clone();
        assert_eq!(errors[0]["class"], class, "{keys}: {errors}");
        assert!(
            errors[0]["message"]
                .as_str()
                .is_some_and(|message| message.contains(says)),
            "{keys}: {errors}"
        );
        assert!(
            conversations(&done)
                .iter()
                .all(|one| one["error"].is_string()),
            "{keys}"
        );
    }
    let target = DemoTarget::start("whisperlive", "slots=1");
    let done = live(&target.url, whisper).run("run plan.toml");
    assert_eq!(
        (done.counts().ok, done.counts().rejected),
        (1, 1),
        "{}",
        done.all()
    );
}

#[test]
fn what_goes_wrong_with_a_wyoming_service_is_counted_by_both_sides() {
    let set = "--set clients=2 --set each=1 --set end_within=2s";
    for (fault, class) in [
        ("error", "server"),
        ("close", "server"),
        ("reset", "reset"),
        ("garbage", "protocol"),
        ("stall", "timeout"),
        ("never_ready", "timeout"),
    ] {
        let keys = format!("faults.{fault}_share=100%");
        let (done, target) = shipped("wyoming", "WYOMING", "wyoming", &keys, set);
        let counts = done.counts();
        assert_eq!(
            (counts.ok, counts.started),
            (0, 2),
            "{fault}: {}",
            done.all()
        );
        assert_eq!(
            target.truth()["faults"][fault],
            2,
            "{fault}: {}",
            target.truth()
        );
        let errors = done.summary()["runs"][0]["errors"].clone();
        assert_eq!(errors[0]["class"], class, "{fault}: {errors}");
    }
}

#[test]
fn a_call_that_is_refused_or_too_late_is_said_in_its_class() {
    let flow = "grpc = \"nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize\"\n\
                stream.open.json.streaming_config.config = { encoding = \"LINEAR_PCM\", sample_rate_hertz = 16000 }\n\
                stream.audio = { from = \"speech\", field = \"audio_content\" }";
    for (keys, class, says) in [
        ("faults.status_share=100%", "status", "gRPC UNAVAILABLE"),
        ("slots=1", "status", "gRPC RESOURCE_EXHAUSTED"),
        ("faults.stall_share=100%", "timeout", "1s"),
    ] {
        let target = DemoTarget::start("riva", keys);
        let done = live(&target.url, flow).run("run plan.toml");
        let errors = done.summary()["runs"][0]["errors"].clone();
        assert_eq!(errors[0]["class"], class, "{keys}: {errors}");
        assert!(
            errors[0]["message"]
                .as_str()
                .is_some_and(|message| message.contains(says)),
            "{keys}: {errors}"
        );
    }
}

#[test]
fn a_service_that_is_described_wrongly_is_said_before_any_load() {
    let target = DemoTarget::start("riva", "");
    let gateway = DemoTarget::start("gateway", "");
    let audio = "stream.audio = { from = \"speech\", field = \"audio_content\" }";
    let service = "nvidia.riva.asr.RivaSpeechRecognition";
    let valid = live(
        &target.url,
        &format!("grpc = \"{service}/StreamingRecognise\"\n{audio}"),
    )
    .run("validate plan.toml");
    valid
        .exits(0)
        .says("step talk: its method and messages are held against what the target says of itself");
    // Nobody listens here, which is no fault of the plan.
    let nobody = "http://127.0.0.1:1".to_owned();
    for (url, flow, says) in [
        (&nobody, format!("grpc = \"{service}/StreamingRecognize\"\n{audio}"), "the target cannot be asked for its services: step `talk`: connection refused"),
        (&target.url, format!("grpc = \"{service}/Recognize\"\n{audio}"), "`Recognize` takes one message, and the stream sends several: write it as `grpc.message`"),
        (&target.url, format!("grpc = {{ method = \"{service}/StreamingRecognize\", message = {{ config = {{ encoding = 1 }} }} }}"), "`StreamingRecognize` takes a stream of messages: say the first in `stream.open`"),
        (&target.url, format!("grpc = \"{service}/StreamingRecognise\"\n{audio}"), "did you mean `StreamingRecognize`?"),
        (&target.url, format!("grpc = \"nvidia.riva.asr.RivaSpechRecognition/Recognize\"\n{audio}"), "did you mean `nvidia.riva.asr.RivaSpeechRecognition`?"),
        (&target.url, format!("grpc = \"{service}/StreamingRecognize\"\nstream.audio = {{ from = \"speech\", field = \"audio_contents\" }}"), "did you mean `audio_content`?"),
        (&gateway.url, "grpc = \"voice_workflow.VoiceGateway/StreamAudio\"\nstream.audio = { from = \"speech\", field = \"audio_chunk\" }".to_owned(), "no server reflection"),
    ] {
        let scene = live(url, &flow);
        let done = scene.run("run plan.toml");
        assert!(done.stderr.contains(says), "{flow}: {}", done.all());
        assert_eq!(done.code, Some(if *url == nobody { 5 } else { 2 }), "{}", done.all());
        assert!(!scene.at("results/plan").exists(), "nothing was measured");
    }
    assert_eq!(target.truth()["streams"]["begun"], 0);
}

#[test]
fn mistakes_of_a_stream_are_shown_at_their_place() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}", nobody.local_addr().unwrap());
    for (flow, says) in [
        ("websocket = \"/\"", "the step needs a `stream`"),
        (
            "websocket = \"/\"\nstream.audio = { from = \"speech\", field = \"x\" }",
            "a message of a WebSocket has no fields",
        ),
        (
            "websocket = \"/\"\nstream.audio = { from = \"speach\" }",
            "a pool with a similar name exists: `speech`",
        ),
        (
            "websocket = \"/\"\nstream.audio = { from = \"speech\", chunk = \"0s\" }",
            "a chunk of no length",
        ),
        ("websocket = \"/\"\nstream.open = { jsn = 1 }", "jsn"),
        (
            "websocket = \"/\"\nstream.open = { text = \"a\", binary = \"b\" }",
            "exactly one of `json`, `text` and `binary`",
        ),
        (
            "websocket = \"/\"\nstream = { events = \"sse\" }",
            "`events` cuts the body of an HTTP reply",
        ),
        (
            "grpc = \"a.B.C\"\nstream.audio = { from = \"speech\", field = \"x\" }",
            "package.Service/Method",
        ),
        (
            "grpc = { method = \"a.B/C\", proto = \"none.proto\" }\nstream.audio = { from = \"speech\", field = \"x\" }",
            "none.proto",
        ),
        ("grpc = \"a.B/C\"", "the call has no `message`"),
        (
            "http.get = \"/\"\nstream.audio = { from = \"speech\" }",
            "belongs to a stream over websocket or grpc",
        ),
    ] {
        let done = live(&url, flow).run("validate plan.toml");
        done.exits(2);
        assert!(done.all().contains(says), "{flow}: {}", done.all());
        assert!(done.all().contains("plan.toml:"), "{flow}: {}", done.all());
    }
    let scene = live(
        &url,
        "grpc = { method = \"a.B/C\", proto = \"bad.proto\" }\nstream.audio = { from = \"speech\", field = \"x\" }",
    );
    let done = scene
        .file(
            "bad.proto",
            "syntax = \"proto3\";\nmessage A {\n  strin text = 1\n}\n",
        )
        .run("validate plan.toml");
    done.exits(2);
    assert!(done.all().contains("bad.proto:4:1"), "{}", done.all());
}

#[test]
fn one_conversation_is_shown_as_it_was_said() {
    let target = DemoTarget::start("vosk", "");
    let scene = Perfgate::new().shipped().env("VOSK", &address(&target));
    let done = scene.run("run plans/vosk.toml --once");
    done.exits(0);
    let mut rest = done.stdout.as_str();
    for part in [
        "> GET ws://",
        "{\"config\":{\"sample_rate\":16000}}",
        "binary message",
        "< after",
        "{\"eof\" : 1}",
        "\"text\"",
    ] {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("no {part} behind the others: {}", done.stdout));
        rest = &rest[at + part.len()..];
    }
    // The last messages are what one looks for, and what was found in them stands behind them.
    for part in [
        "= listen",
        "transcript",
        "coverage",
        "messages",
        "staleness",
        "✓ ok in",
    ] {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("no {part} behind the others: {}", done.stdout));
        assert!(at > 0, "{part}");
    }
    let target = DemoTarget::start("riva", "");
    let scene = Perfgate::new().shipped().env("RIVA", &address(&target));
    let done = scene.run("run plans/riva.toml --once --only streams");
    done.exits(0);
    for part in [
        "> POST grpc://",
        "< OK",
        "> after",
        "\"language_code\":\"en-US\"",
        "\"is_final\":true",
    ] {
        assert!(done.stdout.contains(part), "{part}: {}", done.stdout);
    }
}

#[test]
fn what_is_looked_for_in_vain_is_said_once() {
    let target = DemoTarget::start("vosk", "");
    let plan = format!(
        r#"
target = "ws://{}"
[audio.speech]
synthesize = {{ seconds = 3 }}
[[flow.talk]]
name = "listen"
websocket = "/"
capture = {{ who = {{ from = "$.who", default = "nobody" }}, text = "$.text" }}
transcript = "join $.txt"
stream.open = [{{ json = {{ config = {{ sample_rate = 16000 }} }} }}]
stream.audio = {{ from = "speech", pace = 0, chunk = "100ms" }}
stream.covers = "$.result[-1].ende"
stream.marks = {{ word = "first $.text", never = "first $.nothing" }}
stream.spans = {{ wait = "word -> end", gone = "word -> never" }}
stream.finish = {{ text = '{{"eof" : 1}}' }}
[load.talk]
vus = 1
iterations = 1
"#,
        address(&target)
    );
    let done = Perfgate::new().plan(&plan).run("run plan.toml --once");
    done.exits(0);
    for line in [
        "  transcript     – is in no message",
        "  capture who    – $.who is in no message: \"nobody\" stands for it",
        "  capture text   \"good morning\"",
        "  mark never     – no message has it",
        "  span gone      – has no end",
        "  covers         – $.result[-1].ende is in no message",
        "  messages       31",
        "< … 11 messages left out, -v shows them",
    ] {
        assert!(
            done.stdout.lines().any(|own| own == line),
            "{line}: {}",
            done.stdout
        );
    }
    let whole = Perfgate::new().plan(&plan).run("run plan.toml --once -v");
    whole.exits(0).never_says("left out");
}
