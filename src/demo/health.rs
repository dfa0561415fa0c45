//! The routes that faults never touch, and the answer to every path that is none.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use super::http::upload::refuse;
use super::target::Target;

pub(crate) async fn health(State(target): State<Arc<Target>>) -> Json<Value> {
    let worker = target.next_worker();
    let mut books = target.books();
    let now = target.now();
    Json(json!({
        "status": "ok",
        "service": target.spec.service,
        "worker_id": worker,
        "workers": books.workers,
        "slots": target.spec.slots(),
        "active": target.roll.active() + books.slots.active(now) as u64,
        "waiting": books.slots.waiting(now),
    }))
}

pub(crate) async fn truth(State(target): State<Arc<Target>>) -> Json<Value> {
    let books = target.books();
    let mut report = books
        .tally
        .report(books.slots.max_active(), books.jobs.submitted());
    report["cache_hits"] = books.model.cache_hits.into();
    report["cold_starts"] = books.model.cold_starts.into();
    report["logins"] = books.logins.count.into();
    report["uploads"] = json!({ "opened": books.sessions.opened, "chunks": books.sessions.chunks });
    if target.spec.service.streams() {
        report["streams"] = target.roll.report();
    }
    Json(report)
}

/// `/truth/streams`
pub(crate) async fn moments(State(target): State<Arc<Target>>) -> Response {
    let streams = target.roll.recent().enumerate();
    let streams = streams.map(|(n, stream)| format!("{}{stream}", if n == 0 { "" } else { ",\n" }));
    let pieces = std::iter::once("[".to_owned())
        .chain(streams)
        .chain(["]\n".to_owned()]);
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<String, Infallible>)));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

pub(crate) async fn not_found() -> Response {
    refuse(StatusCode::NOT_FOUND, "Not Found")
}
