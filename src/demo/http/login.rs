//! Logging in: a name and a password are answered with a token.

use std::collections::HashSet;
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

/// Tokens that are known, the newest only.
#[derive(Debug, Default)]
pub(crate) struct Logins {
    known: HashSet<String>,
    pub(crate) count: u64,
}

/// More tokens than this are not kept: a client that logs in before every request must not fill the memory.
const KEPT: usize = 100_000;

#[derive(Deserialize)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

impl Logins {
    /// Whether a token was given out.
    pub(crate) fn knows(&self, token: &str) -> bool {
        self.known.contains(token)
    }

    fn enter(&mut self, name: &str) -> String {
        self.count += 1;
        let token = format!("token-of-{name}-{}", self.count);
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.insert(token.clone());
        token
    }
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
