//! The routes that faults never touch, and the answer to every path that is none.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::target::Target;
use super::upload::refuse;

pub(super) async fn health(State(target): State<Arc<Target>>) -> Json<Value> {
    let worker = target.next_worker();
    let mut books = target.books();
    let now = target.now();
    Json(json!({
        "status": "ok",
        "service": target.spec.service,
        "worker_id": worker,
        "workers": target.spec.workers.0,
        "slots": target.spec.slots(),
        "active": target.roll.active() + books.slots.active(now) as u64,
        "waiting": books.slots.waiting(now),
    }))
}

pub(super) async fn truth(State(target): State<Arc<Target>>) -> Json<Value> {
    let books = target.books();
    let mut report = books.tally.report(books.slots.max_active(), books.jobs.submitted());
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
pub(super) async fn moments(State(target): State<Arc<Target>>) -> Json<Value> {
    Json(target.roll.recent())
}

pub(super) async fn not_found() -> Response {
    refuse(StatusCode::NOT_FOUND, "Not Found")
}
