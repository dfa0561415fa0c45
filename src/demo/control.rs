//! Scaling the embedded target while it runs, as `docker compose up --scale` scales a real service.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::http::upload::refuse;
use super::spec::MOST_WORKERS;
use super::target::Target;

#[derive(Debug, Deserialize)]
pub(crate) struct Scale {
    workers: u64,
}

/// `POST /control?workers=3`
pub(crate) async fn control(State(target): State<Arc<Target>>, scale: Query<Scale>) -> Response {
    let workers = scale.workers;
    if target.spec.service.streams() {
        return refuse(
            StatusCode::CONFLICT,
            "a target that streams cannot be scaled",
        );
    }
    if !(1..=MOST_WORKERS).contains(&workers) {
        return refuse(
            StatusCode::BAD_REQUEST,
            "the number of workers is from 1 to 1000",
        );
    }
    target.scale(workers);
    Json(json!({ "workers": workers })).into_response()
}
