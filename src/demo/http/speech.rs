//! Speech synthesis: a text is answered with a recording of its length.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::upload::{busy, refuse};
use crate::audio::{ClipKind, synthesize};
use crate::demo::target::Target;

/// Seconds that a letter takes to say.
const LETTER: f64 = 0.06;
/// A text longer than this is refused, as services do.
const LONGEST: usize = 4096;

#[derive(Deserialize)]
pub(crate) struct Wish {
    input: String,
}

/// `POST /v1/audio/speech`
pub(crate) async fn speak(
    State(target): State<Arc<Target>>,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Response {
    let Ok(Json(Wish { input })) = wish else {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "`input` is needed");
    };
    let letters = input.chars().count();
    if letters == 0 || letters > LONGEST {
        return refuse(
            StatusCode::BAD_REQUEST,
            "`input` must have from 1 to 4096 letters",
        );
    }
    let seconds = (letters as f64 * LETTER).max(0.1);
    let Some(turn) = target.admit(input.as_bytes(), 0.0, target.spec.work(seconds)) else {
        return busy(&target.spec);
    };
    target.wait_until(turn.finish).await;
    target.books().tally.worked(target.now().since(turn.start));
    (
        [(header::CONTENT_TYPE, "audio/wav")],
        synthesize(ClipKind::Speech, seconds, 1, letters as u64),
    )
        .into_response()
}
