//! A body that comes in small pieces over a long time.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;

use super::request_guard::RequestGuard;
use crate::demo::target::Target;
use crate::units::Duration;

const PIECES: u64 = 10;

/// The same answer, its body spread evenly over `time`; the visit ends with its last piece.
pub(crate) async fn trickle(
    reply: Response,
    time: Duration,
    target: Arc<Target>,
    visit: RequestGuard,
) -> Response {
    let (mut head, body) = reply.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers
        .insert(header::CONTENT_LENGTH, body.len().into());
    let (begin, status) = (target.now(), head.status);
    let whole = body.len() as u64;
    let pieces = futures_util::stream::unfold((0, Some(visit)), move |(n, mut visit)| {
        let (target, body) = (Arc::clone(&target), body.clone());
        async move {
            if n == PIECES {
                return None;
            }
            target
                .wait_until(begin + Duration::from_nanos(time.as_nanos() / PIECES * (n + 1)))
                .await;
            if n + 1 == PIECES {
                // Counted before the client can have the last byte, and so before it can ask for the count.
                visit
                    .take()
                    .into_iter()
                    .for_each(|visit| visit.answered(status));
            }
            let piece = (whole * n / PIECES) as usize..(whole * (n + 1) / PIECES) as usize;
            Some((Ok::<Bytes, Infallible>(body.slice(piece)), (n + 1, visit)))
        }
    });
    Response::from_parts(head, Body::from_stream(pieces))
}
