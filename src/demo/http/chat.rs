//! Chat completions, whole or token by token.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::sse::stream;
use super::upload::{busy, refuse};
use crate::demo::target::Target;

const ANSWER: &str = "It is a quarter past nine in the morning in Lisbon.";

#[derive(Deserialize)]
pub(crate) struct ChatStream {
    messages: Vec<Value>,
    #[serde(default)]
    stream: bool,
}

/// `POST /v1/chat/completions`
pub(crate) async fn complete(
    State(target): State<Arc<Target>>,
    conversation: Result<Json<ChatStream>, JsonRejection>,
) -> Response {
    let Ok(Json(conversation)) = conversation else {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "`messages` are needed");
    };
    if conversation.messages.is_empty() {
        return refuse(StatusCode::BAD_REQUEST, "`messages` must not be empty");
    }
    let Some(turn) = target.admit(b"", 0.0, target.spec.work(0.0)) else {
        return busy(&target.spec);
    };
    if conversation.stream {
        let delta =
            |content: &str| json!({ "choices": [{ "index": 0, "delta": { "content": content } }] });
        // As services do, the first message names the role and has no content yet.
        let role =
            json!({ "choices": [{ "index": 0, "delta": { "role": "assistant", "content": "" } }] });
        let tokens = ANSWER.split_inclusive(' ').map(delta);
        target.wait_until(turn.start).await;
        return stream(&target, turn, std::iter::once(role).chain(tokens).collect());
    }
    target.wait_until(turn.finish).await;
    target.books().tally.worked(target.now().since(turn.start));
    let message = json!({ "role": "assistant", "content": ANSWER });
    Json(json!({ "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }] }))
        .into_response()
}
