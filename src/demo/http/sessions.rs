//! Uploads in chunks: a session is opened, filled piece by piece, and closed to become a job.

use std::sync::Arc;

use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::open_uploads::{KEPT, OpenUpload};
use super::submit::queue;
use super::upload::{Upload, busy, refuse};
use crate::demo::target::Target;

#[derive(Deserialize)]
pub(crate) struct Opening {
    filename: String,
    file_size: u64,
    model_name: Option<String>,
}

/// `POST /uploads/initialize`
pub(crate) async fn initialize(
    State(target): State<Arc<Target>>,
    opening: Result<Json<Opening>, JsonRejection>,
) -> Response {
    let Ok(Json(Opening {
        filename,
        file_size,
        model_name,
    })) = opening
    else {
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "`filename` and `file_size` are needed",
        );
    };
    let chunk_size = target.spec.chunk_size.0;
    let total = file_size.div_ceil(chunk_size).max(1);
    if file_size > target.spec.max_upload.0 {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "File too large");
    }
    let mut books = target.books();
    let sessions = &mut books.sessions;
    if sessions.open.len() >= KEPT {
        sessions.open.clear();
    }
    sessions.opened += 1;
    let id = format!("upload-{}", sessions.opened);
    let chunks = vec![None; usize::try_from(total).unwrap_or(usize::MAX)];
    sessions.open.insert(
        id.clone(),
        OpenUpload {
            filename,
            model: model_name,
            size: file_size,
            chunks,
        },
    );
    Json(json!({ "session_id": id, "chunk_size": chunk_size, "total_chunks": total }))
        .into_response()
}

/// `POST /uploads/{session}/chunks/{n}`
pub(crate) async fn chunk(
    State(target): State<Arc<Target>>,
    Path((id, number)): Path<(String, usize)>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let data = match Upload::chunk(form).await {
        Ok(data) => data,
        Err(refusal) => return refusal,
    };
    let chunk_size = target.spec.chunk_size.0;
    let mut books = target.books();
    let Some(session) = books.sessions.open.get_mut(&id) else {
        return refuse(StatusCode::NOT_FOUND, "Upload session not found");
    };
    let Some(place) = session.chunks.get_mut(number) else {
        return refuse(StatusCode::BAD_REQUEST, "Chunk number out of range");
    };
    let expected = chunk_size.min(session.size.saturating_sub(number as u64 * chunk_size));
    if data.len() as u64 != expected {
        let detail = format!(
            "Chunk {number} has {} bytes, expected {expected}",
            data.len()
        );
        return refuse(StatusCode::BAD_REQUEST, &detail);
    }
    *place = Some(data);
    books.sessions.chunks += 1;
    Json(json!({ "chunk_number": number, "status": "received" })).into_response()
}

/// `POST /uploads/{session}/finalize`
pub(crate) async fn finalize(
    State(target): State<Arc<Target>>,
    Path(id): Path<String>,
) -> Response {
    let whole = {
        let mut books = target.books();
        let Some(session) = books.sessions.open.get(&id) else {
            return refuse(StatusCode::NOT_FOUND, "Upload session not found");
        };
        let missing: Vec<usize> = session
            .chunks
            .iter()
            .enumerate()
            .filter(|(_, chunk)| chunk.is_none())
            .map(|(number, _)| number)
            .collect();
        if !missing.is_empty() {
            return Json(json!({ "status": "incomplete", "missing_chunks": missing }))
                .into_response();
        }
        books.sessions.open.remove(&id)
    };
    let Some(session) = whole else {
        return refuse(StatusCode::NOT_FOUND, "Upload session not found");
    };
    let audio: Vec<u8> = session
        .chunks
        .iter()
        .flatten()
        .flat_map(|chunk| chunk.iter().copied())
        .collect();
    let upload = Upload {
        audio: audio.into(),
        filename: session.filename,
        model: session.model,
        streams: false,
    };
    let Some(number) = queue(&target, upload) else {
        return busy(&target.spec);
    };
    Json(json!({ "status": "completed", "job_id": format!("job-{number}") })).into_response()
}
