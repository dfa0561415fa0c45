//! gRPC services over real connections, by a client that learns their messages as others do: counts and order, never speeds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use prost_reflect::DescriptorPool;
use serde_json::{Value, json};
use tonic::Code;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
use tonic_reflection::pb::v1alpha;

use super::grpc_caller::{GrpcCaller, call, connect};
use super::live_services::{Client, begin};
use super::live_streams::{KEYS, truth};

pub(super) const STREAM_AUDIO: &str = "voice_workflow.VoiceGateway/StreamAudio";
pub(super) const STREAMING_RECOGNIZE: &str =
    "nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize";
const RECOGNIZE: &str = "nvidia.riva.asr.RivaSpeechRecognition/Recognize";
const CONFIG: &str = "nvidia.riva.asr.RivaSpeechRecognition/GetRivaSpeechRecognitionConfig";

pub(super) fn gateway() -> DescriptorPool {
    let file = protox::Compiler::new([concat!(env!("CARGO_MANIFEST_DIR"), "/plans/protos")]);
    let mut compiler = file.expect("the folder");
    compiler
        .open_file("voice_workflow.proto")
        .expect("the file that is shipped");
    compiler.descriptor_pool()
}

/// A configuration and half a second of audio, in frames of 100 ms.
pub(super) fn spoken() -> Vec<Value> {
    let config =
        json!({ "config": { "language_code": "en-US", "session_id": "s", "sample_rate": 16000 } });
    let chunk = json!({ "audio_chunk": STANDARD.encode([0; 3_200]) });
    std::iter::once(config).chain(vec![chunk; 5]).collect()
}

fn kind(message: &Value) -> String {
    let (key, value) = message
        .as_object()
        .and_then(|message| message.iter().next())
        .expect("one field");
    match key.as_str() {
        "event" => value["type"].as_str().expect("a type").to_owned(),
        "audio_chunk" => "audio".to_owned(),
        _ => format!("{key}: {}", value.as_str().expect("text")),
    }
}

#[tokio::test]
async fn a_voice_turn_comes_in_order() {
    let to = begin(&format!("service = 'gateway'\nworkers = 2\n{KEYS}"));
    let connection = connect(to).await;
    for worker in ["worker-1", "worker-2"] {
        let called = call(&connection, &gateway(), STREAM_AUDIO, &spoken()).await;
        assert_eq!(
            (called.code, called.instance.as_deref()),
            (Code::Ok, Some(worker))
        );
        let kinds: Vec<_> = called.replies.iter().map(kind).collect();
        assert_eq!(
            called.replies[0],
            json!({ "event": { "type": "LISTENING", "message": "Ready" } })
        );
        let heard = kinds
            .iter()
            .position(|kind| kind == "transcript_chunk: a b c d e")
            .expect("the final transcript");
        // Before it only what was understood so far, as far as there was time for it.
        assert!(
            kinds[1..heard]
                .iter()
                .all(|kind| kind.starts_with("transcript_chunk: ")),
            "{kinds:?}"
        );
        let after: Vec<_> = kinds[heard + 1..]
            .iter()
            .filter(|kind| !kind.starts_with("llm_response_chunk"))
            .collect();
        assert_eq!(
            after,
            [
                "PROCESSING",
                "SPEAKING",
                "audio",
                "audio",
                "LISTENING",
                "END_OF_TURN"
            ]
        );
        let answer: String = called
            .replies
            .iter()
            .filter_map(|one| one["llm_response_chunk"].as_str())
            .collect();
        assert_eq!(
            answer,
            "It will rain until noon. After that the sun comes out."
        );
    }
    let truth = truth(to, 2).await;
    assert_eq!(
        (
            &truth["ended_well"],
            &truth["frames"],
            &truth["audio_seconds"]
        ),
        (&2.into(), &10.into(), &1.0.into())
    );
    assert_eq!(
        Client::new(to).get("/truth").await.1["requests"][format!("POST /{STREAM_AUDIO}")],
        json!({ "200": 2 })
    );
}

#[tokio::test]
async fn a_turn_that_fails_says_so_and_its_status_is_ok() {
    let to = begin(&format!(
        "service = 'gateway'\nfaults.error_share = '50%'\n{KEYS}"
    ));
    let connection = connect(to).await;
    for fails in [false, true, false, true] {
        let called = call(&connection, &gateway(), STREAM_AUDIO, &spoken()).await;
        let kinds: Vec<_> = called.replies.iter().map(kind).collect();
        assert_eq!(
            (called.code, kinds.contains(&"ERROR".to_owned())),
            (Code::Ok, fails),
            "{kinds:?}"
        );
        assert_eq!(kinds.last().map(String::as_str), Some("END_OF_TURN"));
    }
    let no_config = call(&connection, &gateway(), STREAM_AUDIO, &spoken()[1..]).await;
    assert_eq!(no_config.code, Code::InvalidArgument);
}

/// Asks by reflection for one thing.
async fn reflected(connection: &GrpcCaller, ask: MessageRequest) -> MessageResponse {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(ask),
    };
    let mut client = ServerReflectionClient::new(connection.clone());
    let reply = client
        .server_reflection_info(stream::iter([request]))
        .await
        .expect("a reply");
    let answer: ServerReflectionResponse = reply
        .into_inner()
        .message()
        .await
        .expect("a message")
        .expect("one");
    answer.message_response.expect("an answer")
}

/// The messages of Riva as a client learns them: the file of the service, and file by file what it imports.
pub(super) async fn riva(connection: &GrpcCaller) -> DescriptorPool {
    let mut pool = DescriptorPool::new();
    let mut files = Vec::new();
    let mut wanted = vec![MessageRequest::FileContainingSymbol(
        "nvidia.riva.asr.RivaSpeechRecognition".to_owned(),
    )];
    while let Some(ask) = wanted.pop() {
        let MessageResponse::FileDescriptorResponse(found) = reflected(connection, ask).await
        else {
            panic!("no file")
        };
        for bytes in found.file_descriptor_proto {
            let file: prost_types::FileDescriptorProto =
                prost::Message::decode(&*bytes).expect("a file");
            wanted.extend(
                file.dependency
                    .iter()
                    .cloned()
                    .map(MessageRequest::FileByFilename),
            );
            files.push(file);
        }
    }
    assert_eq!(files.len(), 2, "the import is a file of its own");
    pool.add_file_descriptor_protos(files)
        .expect("a whole description");
    pool
}

pub(super) fn recognized(interim: bool) -> Vec<Value> {
    let config = json!({
        "encoding": "LINEAR_PCM", "sample_rate_hertz": 16000, "language_code": "en-US", "enable_word_time_offsets": true
    });
    let config = json!({ "streaming_config": { "config": config, "interim_results": interim } });
    let chunk = json!({ "audio_content": STANDARD.encode([0; 3_200]) });
    std::iter::once(config).chain(vec![chunk; 5]).collect()
}

#[tokio::test]
async fn riva_is_described_by_reflection_of_both_versions() {
    let connection = connect(begin("service = 'riva'")).await;
    let MessageResponse::ListServicesResponse(list) =
        reflected(&connection, MessageRequest::ListServices(String::new())).await
    else {
        panic!("no list")
    };
    assert!(
        list.service
            .iter()
            .any(|one| one.name == "nvidia.riva.asr.RivaSpeechRecognition"),
        "{list:?}"
    );
    let ask = v1alpha::server_reflection_request::MessageRequest::ListServices(String::new());
    let request = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(ask),
    };
    let mut old =
        v1alpha::server_reflection_client::ServerReflectionClient::new(connection.clone());
    let reply = old
        .server_reflection_info(stream::iter([request]))
        .await
        .expect("a reply");
    assert!(
        reply
            .into_inner()
            .message()
            .await
            .expect("a message")
            .is_some()
    );
}

#[tokio::test]
async fn riva_streams_interim_and_final_results() {
    let to = begin(&format!("service = 'riva'\n{KEYS}"));
    let connection = connect(to).await;
    let pool = riva(&connection).await;
    let called = call(&connection, &pool, STREAMING_RECOGNIZE, &recognized(true)).await;
    assert_eq!(
        (called.code, called.instance.as_deref()),
        (Code::Ok, Some("worker-1"))
    );
    let seen: Vec<_> = called
        .replies
        .iter()
        .map(|reply| &reply["results"][0])
        .map(|one| {
            (
                one["is_final"] == true,
                one["alternatives"][0]["transcript"].as_str().expect("text"),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (false, "a"),
            (true, "a b"),
            (false, "c"),
            (true, "c d"),
            (false, "e"),
            (true, "e")
        ]
    );
    let words = &called.replies[3]["results"][0]["alternatives"][0]["words"];
    assert_eq!(
        (
            &words[1]["word"],
            &words[1]["start_time"],
            &words[1]["end_time"]
        ),
        (&"d".into(), &300.into(), &400.into())
    );
    let finals = call(&connection, &pool, STREAMING_RECOGNIZE, &recognized(false)).await;
    assert_eq!(finals.replies.len(), 3);
    assert_eq!(
        call(
            &connection,
            &pool,
            STREAMING_RECOGNIZE,
            &recognized(true)[1..]
        )
        .await
        .code,
        Code::InvalidArgument
    );
    let mut opus = recognized(true);
    opus[0]["streaming_config"]["config"]["encoding"] = "OGGOPUS".into();
    assert_eq!(
        call(&connection, &pool, STREAMING_RECOGNIZE, &opus)
            .await
            .code,
        Code::InvalidArgument
    );
    let truth = truth(to, 4).await;
    assert_eq!(
        (&truth["ended_well"], &truth["broken"]),
        (&2.into(), &2.into())
    );
}

#[tokio::test]
async fn riva_recognizes_whole_recordings() {
    let connection = connect(begin(&format!("service = 'riva'\n{KEYS}"))).await;
    let pool = riva(&connection).await;
    let config =
        json!({ "encoding": "LINEAR_PCM", "sample_rate_hertz": 16000, "language_code": "en-US" });
    let wav = crate::audio::synthesize(crate::audio::ClipKind::Tone, 0.5, 0, 0);
    let called = call(
        &connection,
        &pool,
        RECOGNIZE,
        &[json!({ "config": config, "audio": STANDARD.encode(wav) })],
    )
    .await;
    let texts: Vec<_> = called.replies[0]["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|result| {
            result["alternatives"][0]["transcript"]
                .as_str()
                .expect("text")
        })
        .collect();
    assert_eq!((called.code, texts), (Code::Ok, vec!["a b", "c d", "e"]));
    let known = call(&connection, &pool, CONFIG, &[json!({})]).await;
    assert_eq!(
        known.replies[0]["model_config"][0]["parameters"]["sample_rate"],
        "16000"
    );
}
