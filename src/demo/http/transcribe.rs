//! The transcription service: an upload waits for a slot, takes its time, and is answered with its text.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::sse::stream;
use super::upload::{Upload, busy};
use super::wav;
use crate::demo::target::Target;

pub(crate) async fn transcribe(State(target): State<Arc<Target>>, upload: Upload) -> Response {
    let (seconds, text) = (wav::seconds(&upload.audio), wav::text(&upload.audio));
    let admitted = target.admit(&upload.audio, seconds, target.spec.work(seconds));
    let Some(turn) = admitted else {
        return busy(&target.spec);
    };
    if upload.streams {
        let words = text
            .split_inclusive(' ')
            .map(|word| json!({ "text": word }));
        target.wait_until(turn.start).await;
        return stream(&target, turn, words.collect());
    }
    target.wait_until(turn.finish).await;
    target.books().tally.worked(target.now().since(turn.start));
    let segment = json!({ "id": 0, "start": 0.0, "end": seconds, "text": text, "audio_start": 0.0, "audio_end": seconds });
    Json(json!({ "text": text, "language": "en", "duration": seconds, "segments": [segment] }))
        .into_response()
}
