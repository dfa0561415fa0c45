//! Refusing what cannot be served: memory under pressure, uploads that are too large, callers without a key.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::http::login::is_open;
use super::http::upload::refuse;
use super::target::Target;

/// What the machine behind the service is said to have.
const TOTAL_MB: f64 = 16_384.0;

/// Lets a request through that the service can serve, and answers every other one.
pub(crate) async fn guard(
    State(target): State<Arc<Target>>,
    request: Request,
    next: Next,
) -> Response {
    if !is_open(request.uri().path()) {
        if !has_key(&target, request.headers()) {
            return refuse(StatusCode::UNAUTHORIZED, "Not authenticated");
        }
        let length = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: u64| length > target.spec.max_upload.0) {
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, "File too large");
        }
        if let Some(refusal) = under_pressure(&target) {
            return refusal;
        }
    }
    next.run(request).await
}

fn has_key(target: &Target, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text("authorization").and_then(|text| text.strip_prefix("Bearer "));
    let given = bearer.or_else(|| text("x-api-key"));
    match &target.spec.token {
        Some(token) => given == Some(token.as_str()),
        None => {
            !target.spec.login.0 || given.is_some_and(|given| target.books().logins.knows(given))
        }
    }
}

/// The share of the memory that is in use: each request under way takes some.
pub(crate) fn memory(target: &Target) -> f64 {
    let in_flight = target.books().tally.in_flight as f64;
    (target.spec.memory.0 + target.spec.memory_each.0 * in_flight).min(1.0)
}

fn under_pressure(target: &Target) -> Option<Response> {
    let (used, threshold) = (memory(target), target.spec.memory_threshold.0);
    if used <= threshold {
        return None;
    }
    target.books().tally.fault("memory_pressure");
    let percent = (used * 100.0).round();
    let body = json!({
        "detail": format!("Resource threshold exceeded (memory: {percent}%)"),
        "memory_percent": percent,
        "threshold": threshold * 100.0,
    });
    let mut reply = (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response();
    reply
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    Some(reply)
}

/// `/health/detailed`: what can be seen of limits from outside.
pub(crate) async fn detailed(State(target): State<Arc<Target>>) -> Json<Value> {
    let used = memory(&target);
    let now = target.now();
    let spec = &target.spec;
    let (slots, active, loaded) = {
        let books = target.books();
        let slots = spec.slots() * books.workers;
        (
            slots,
            books.slots.active(now) as u64,
            books.model.is_loaded(now),
        )
    };
    Json(json!({
        "status": "ok",
        "service": spec.service,
        "timestamp": target.date(now),
        "memory": {
            "percent": used * 100.0,
            "available_mb": TOTAL_MB * (1.0 - used),
            "total_mb": TOTAL_MB,
            "threshold_percent": spec.memory_threshold.0 * 100.0,
        },
        "swap": { "percent": 0.0, "used_mb": 0.0, "total_mb": 0.0, "threshold_percent": 80.0 },
        "model": { "loaded": loaded, "engine": "perfgate", "model_name": "base", "device": "cpu" },
        "concurrency": { "active_requests": active, "max_concurrent": slots, "available_slots": slots - active.min(slots) },
        "config": {
            "idle_timeout_minutes": spec.idle_after.as_secs_f64() / 60.0,
            "max_upload_mb": spec.max_upload.0 / 1_000_000,
        },
    }))
}
