//! What happens around every request: counting, and the faults.

use std::future::pending;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;

use super::request_guard::RequestGuard;
use super::trickle::trickle;
use super::unread_body::UnreadBody;
use crate::demo::Service;
use crate::demo::connection::TargetConnection;
use crate::demo::faults::Fault;
use crate::demo::tally::{ReplyKind, Route};
use crate::demo::target::Target;
use crate::demo::wire::ConnectionEnd;

/// The fault of a stream, which happens where its protocol is spoken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dealt(pub(crate) Option<Fault>);

/// Whether a request is one for a stream, and no question beside it.
fn begins_stream(service: Service, request: &Request) -> bool {
    match service.is_grpc() {
        true => service
            .routes()
            .iter()
            .any(|(route, _)| route.strip_prefix("POST ") == Some(request.uri().path())),
        false => request.headers().contains_key(header::UPGRADE),
    }
}

/// Counts a request, lets its fault happen, and otherwise hands it on.
pub(crate) async fn attend(
    State(target): State<Arc<Target>>,
    Extension(line): Extension<Arc<TargetConnection>>,
    mut request: Request,
    next: Next,
) -> Response {
    // A stream has no end that could be waited for.
    let service = target.spec.service;
    if service.is_grpc() || request.headers().contains_key(header::UPGRADE) {
        return answer(target, line, request, next).await;
    }
    let (body, unread) = UnreadBody::of(std::mem::take(request.body_mut()));
    *request.body_mut() = body;
    let reply = answer(target, line, request, next).await;
    unread.drain().await;
    reply
}

async fn answer(
    target: Arc<Target>,
    line: Arc<TargetConnection>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if [
        "/health",
        "/healthz",
        "/healthcheck",
        "/health/detailed",
        "/truth",
        "/truth/streams",
    ]
    .contains(&path)
    {
        return next.run(request).await;
    }
    let arrived = target.now();
    let route = route(request.method(), path);
    let streams = target.spec.service.streams();
    let fault = target.begin(!streams || begins_stream(target.spec.service, &request));
    let visit = RequestGuard {
        target: Arc::clone(&target),
        route,
        reply: ReplyKind::Aborted,
    };
    if target.is_dead() {
        target.books().tally.fault("die");
        return pending().await;
    }
    if streams && (target.spec.service.is_grpc() || fault != Some(Fault::Status)) {
        request.extensions_mut().insert(Dealt(fault));
        let reply = next.run(request).await;
        visit.answered(reply.status());
        return reply;
    }
    let reply = match fault {
        Some(Fault::Status) => {
            drain(request.into_body()).await;
            injected(&target)
        }
        Some(Fault::Reset | Fault::Garbage) => {
            drain(request.into_body()).await;
            hold_in_window(&target).await;
            return break_off(&target, &line, visit, fault == Some(Fault::Reset)).await;
        }
        Some(Fault::Stall) => {
            target.books().tally.fault("stall");
            let reply = next.run(request).await;
            target.wait_until(arrived + target.spec.faults.stall).await;
            reply
        }
        Some(Fault::SlowBody | Fault::Error | Fault::Close | Fault::NeverReady | Fault::Flood)
        | None => next.run(request).await,
    };
    hold_in_window(&target).await;
    if fault == Some(Fault::SlowBody) {
        target.books().tally.fault("slow_body");
        let time = target.spec.faults.slow_body;
        return trickle(reply, time, target, visit).await;
    }
    visit.answered(reply.status());
    reply
}

async fn break_off(
    target: &Target,
    line: &TargetConnection,
    visit: RequestGuard,
    reset: bool,
) -> Response {
    let (name, end, reply) = if reset {
        ("reset", ConnectionEnd::Reset, ReplyKind::Reset)
    } else {
        ("garbage", ConnectionEnd::Garbage, ReplyKind::Garbage)
    };
    target.books().tally.fault(name);
    visit.end(reply);
    line.end(end);
    pending().await
}

async fn hold_in_window(target: &Target) {
    if target.spec.faults.stall_at.is_some()
        && let Some(end) = target.window_end()
    {
        target.books().tally.fault("stall_window");
        target.wait_until(end).await;
    }
}

fn injected(target: &Target) -> Response {
    target.books().tally.fault("status");
    let faults = &target.spec.faults;
    let status = faults
        .status
        .and_then(|status| u16::try_from(status.0).ok());
    let status = status
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let body = faults
        .body
        .clone()
        .unwrap_or_else(|| "{\"detail\":\"Injected fault\"}".to_owned());
    let kind = if body.starts_with(['{', '[']) {
        "application/json"
    } else {
        "text/plain; charset=utf-8"
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

/// Reads a body to its end, so that the connection stays usable.
async fn drain(mut body: Body) {
    while let Some(Ok(_)) = body.frame().await {}
}

/// The names to count a request under: few, whatever clients send.
fn route(method: &Method, path: &str) -> Route {
    let method = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("OTHER");
    let path = match path {
        "/v1/audio/transcriptions" => "/v1/audio/transcriptions",
        "/jobs/" => "/jobs/",
        "/v1/audio/speech" => "/v1/audio/speech",
        "/v1/chat/completions" => "/v1/chat/completions",
        "/auth/login" => "/auth/login",
        "/" => "/",
        "/v1/listen" => "/v1/listen",
        "/v1/realtime" => "/v1/realtime",
        "/voice_workflow.VoiceGateway/StreamAudio" => "/voice_workflow.VoiceGateway/StreamAudio",
        "/nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize" => {
            "/nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize"
        }
        "/nvidia.riva.asr.RivaSpeechRecognition/Recognize" => {
            "/nvidia.riva.asr.RivaSpeechRecognition/Recognize"
        }
        "/uploads/initialize" => "/uploads/initialize",
        upload if upload.starts_with("/uploads/") && upload.ends_with("/finalize") => {
            "/uploads/{session}/finalize"
        }
        upload if upload.starts_with("/uploads/") && upload.contains("/chunks/") => {
            "/uploads/{session}/chunks/{n}"
        }
        job if job
            .strip_prefix("/jobs/")
            .is_some_and(|id| !id.contains('/')) =>
        {
            "/jobs/{id}"
        }
        _ => "(other)",
    };
    (method, path)
}
