//! Which path leads where.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::chat::complete;
use super::login::login;
use super::middleware::attend;
use super::sessions::{chunk, finalize, initialize};
use super::speech::speak;
use super::submit::{poll, submit};
use super::transcribe::transcribe;
use crate::demo::Service;
use crate::demo::control::control;
use crate::demo::grpc::{gateway, reflection, riva};
use crate::demo::health::{health, moments, not_found, truth};
use crate::demo::key::unlock;
use crate::demo::pressure::{detailed, guard};
use crate::demo::target::Target;
use crate::demo::websocket::{deepgram, realtime, vosk, whisperlive};

const LARGEST_UPLOAD: usize = 256 << 20;

/// All routes of a target.
///
/// # Errors
/// Where the messages of its protocol cannot be described, which a test rules out.
pub(crate) fn router(target: &Arc<Target>) -> io::Result<Router> {
    let service = target.spec.service;
    let own = if service.streams() {
        streams(service)?.layer(from_fn_with_state(Arc::clone(target), unlock))
    } else {
        requests(service).layer(from_fn_with_state(Arc::clone(target), guard))
    };
    Ok(own
        .route("/healthz", get(health))
        .route("/healthcheck", get(health))
        .route("/health/detailed", get(detailed))
        .route("/health", get(health))
        .route("/control", post(control))
        .route("/truth", get(truth))
        .route("/truth/streams", get(moments))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
        .layer(from_fn_with_state(Arc::clone(target), attend))
        .with_state(Arc::clone(target)))
}

fn requests(service: Service) -> Router<Arc<Target>> {
    let transcriptions = Router::new().route("/v1/audio/transcriptions", post(transcribe));
    let speech = Router::new().route("/v1/audio/speech", post(speak));
    let chat = Router::new().route("/v1/chat/completions", post(complete));
    // Whoever leaves the path out of an address is told so as by other services: POST is not allowed here.
    let root = Router::new().route("/", get(health));
    root.merge(match service {
        Service::Transcription => transcriptions,
        Service::Speech => speech,
        Service::Chat => chat,
        Service::Voice => transcriptions.merge(speech).merge(chat),
        _ => Router::new()
            .route("/jobs/", post(submit))
            .route("/jobs/{id}", get(poll))
            .route("/auth/login", post(login))
            .route("/uploads/initialize", post(initialize))
            .route("/uploads/{session}/chunks/{n}", post(chunk))
            .route("/uploads/{session}/finalize", post(finalize)),
    })
}

fn streams(service: Service) -> io::Result<Router<Arc<Target>>> {
    let own = Router::new();
    Ok(match service {
        // Their clients take any path.
        Service::Whisperlive => own
            .route("/", get(whisperlive::listen))
            .route("/{*path}", get(whisperlive::listen)),
        Service::Vosk => own
            .route("/", get(vosk::listen))
            .route("/{*path}", get(vosk::listen)),
        // It has a protocol of its own.
        Service::Wyoming => own,
        Service::Deepgram => own.route("/v1/listen", get(deepgram::listen)),
        Service::Realtime => own.route("/v1/realtime", get(realtime::listen)),
        Service::Gateway => own
            .route(
                "/voice_workflow.VoiceGateway/StreamAudio",
                post(gateway::stream_audio),
            )
            .route("/voice_workflow.proto", get(gateway::proto)),
        _ => {
            let path = |method: &str| format!("/nvidia.riva.asr.RivaSpeechRecognition/{method}");
            reflection::routes(own)?
                .route(&path("StreamingRecognize"), post(riva::streaming_recognize))
                .route(&path("Recognize"), post(riva::recognize))
                .route(&path("GetRivaSpeechRecognitionConfig"), post(riva::config))
        }
    })
}
