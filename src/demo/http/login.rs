//! Logging in: a name and a password are answered with a token.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::upload::refuse;
use crate::demo::target::Target;

#[derive(Deserialize)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

/// Whether a path needs neither key nor room.
pub(crate) fn is_open(path: &str) -> bool {
    path == "/auth/login"
}

pub(crate) async fn login(
    State(target): State<Arc<Target>>,
    credentials: Result<Json<Credentials>, JsonRejection>,
) -> Response {
    let Ok(Json(Credentials { username, password })) = credentials else {
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "`username` and `password` are needed",
        );
    };
    if username.is_empty() || password.is_empty() {
        return refuse(StatusCode::UNAUTHORIZED, "Incorrect username or password");
    }
    let token = target
        .spec
        .token
        .clone()
        .unwrap_or_else(|| target.books().logins.enter(&username));
    Json(json!({ "access_token": token, "token_type": "bearer" })).into_response()
}
