//! Reading what a client sends, and refusing what it should not send.

use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::json;

use crate::demo::spec::DemoSpec;

/// Names longer than this are cut, so that jobs stay small.
const LONGEST_NAME: usize = 200;

/// The fields of a form with a file.
pub(crate) struct Upload {
    pub(crate) audio: Bytes,
    pub(crate) filename: String,
    pub(crate) model: Option<String>,
    /// The answer is wanted piece by piece.
    pub(crate) streams: bool,
}

impl Upload {
    /// Reads a form to its end, or says why it cannot be used.
    async fn read(form: Result<Multipart, MultipartRejection>) -> Result<Self, Response> {
        let wrong = |why: String| refuse(StatusCode::BAD_REQUEST, &why);
        let mut form = form.map_err(|why| wrong(why.body_text()))?;
        let (mut file, mut model, mut streams) = (None, None, false);
        while let Some(field) = form
            .next_field()
            .await
            .map_err(|why| wrong(why.body_text()))?
        {
            match field.name() {
                Some("file") => {
                    let filename = short(field.file_name().unwrap_or("audio"));
                    file = Some((
                        filename,
                        field.bytes().await.map_err(|why| wrong(why.body_text()))?,
                    ));
                }
                Some("model") => {
                    model = Some(short(
                        &field.text().await.map_err(|why| wrong(why.body_text()))?,
                    ));
                }
                Some("stream") => {
                    let text = field.text().await.map_err(|why| wrong(why.body_text()))?;
                    streams = text.eq_ignore_ascii_case("true");
                }
                _ => {}
            }
        }
        let (filename, audio) =
            file.ok_or_else(|| wrong("the form has no field `file`".to_owned()))?;
        Ok(Self {
            audio,
            filename,
            model,
            streams,
        })
    }

    /// Reads a form with one slice of a file.
    pub(crate) async fn chunk(
        form: Result<Multipart, MultipartRejection>,
    ) -> Result<Bytes, Response> {
        let wrong = |why: String| refuse(StatusCode::BAD_REQUEST, &why);
        let mut form = form.map_err(|why| wrong(why.body_text()))?;
        while let Some(field) = form
            .next_field()
            .await
            .map_err(|why| wrong(why.body_text()))?
        {
            if field.name() == Some("chunk_data") {
                return field.bytes().await.map_err(|why| wrong(why.body_text()));
            }
        }
        Err(wrong("the form has no field `chunk_data`".to_owned()))
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        Self::read(Multipart::from_request(request, state).await).await
    }
}

fn short(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

/// An answer that says what is wrong.
pub(crate) fn refuse(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}

/// The answer of a full queue.
pub(crate) fn busy(spec: &DemoSpec) -> Response {
    let (status, detail, after) = match spec.busy_status.0 {
        429 => (
            StatusCode::TOO_MANY_REQUESTS,
            "Server is processing maximum concurrent requests",
            "10",
        ),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many concurrent requests",
            "1",
        ),
    };
    let mut reply = refuse(status, detail);
    reply
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static(after));
    reply
}
