//! Answers that arrive piece by piece, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use crate::demo::slots::SlotGuard;
use crate::demo::target::Target;
use crate::units::Duration;

/// One event for each message, spread evenly over the time of the work; the first comes after its first share. `[DONE]` ends
/// it.
pub(crate) fn stream(target: &Arc<Target>, turn: SlotGuard, messages: Vec<Value>) -> Response {
    let count = messages.len() as u64;
    let share = turn.finish.since(turn.start).as_nanos() / count.max(1);
    let target = Arc::clone(target);
    let pieces = futures_util::stream::unfold((0, messages), move |(n, messages)| {
        let target = Arc::clone(&target);
        async move {
            let event = match messages.get(usize::try_from(n).ok()?) {
                Some(message) => {
                    target
                        .wait_until(turn.start + Duration::from_nanos(share * (n + 1)))
                        .await;
                    format!("data: {message}\n\n")
                }
                None if n == count => {
                    target.books().tally.worked(target.now().since(turn.start));
                    "data: [DONE]\n\n".to_owned()
                }
                None => return None,
            };
            Some((Ok::<Bytes, Infallible>(event.into()), (n + 1, messages)))
        }
    });
    let mut reply = Response::new(Body::from_stream(pieces));
    reply.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    reply
}
