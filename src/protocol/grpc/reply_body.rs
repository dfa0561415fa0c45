//! The body of a gRPC reply, watched on its way: whether it ends in the middle of a message, and who says how the call ended.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use ::http::HeaderMap;
use ::http::header::HeaderValue;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming};

/// What stands before each message: whether it is compressed, and its length.
const PREFIX: usize = 5;
/// The encodings that are read.
const READ: [&str; 3] = ["identity", "gzip", "deflate"];
const STATUS: &str = "grpc-status";

/// What is known of the reply of one call. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReplyScan {
    inner: Arc<Mutex<ScanState>>,
}

#[derive(Debug, Default)]
struct ScanState {
    prefix: [u8; PREFIX],
    known: usize,
    /// What is left of the message.
    left: usize,
    /// The target has said how the call ended.
    has_status: bool,
    /// The name of an encoding that is not read.
    unread: Option<String>,
}

/// Why a reply is not what gRPC replies are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReplyFlaw {
    #[error("the reply is compressed with `{0}`, which is not read: gzip and deflate are")]
    Encoding(String),
    #[error("the reply ends in the middle of a message")]
    Cut,
    #[error("the reply is not gRPC: {0}")]
    NoStatus(String),
}

impl ReplyScan {
    /// Looks at the head of the reply.
    pub(crate) fn head(&self, headers: &HeaderMap) {
        let mut state = self.state();
        state.has_status |= headers.contains_key(STATUS);
        let encoding = headers.get("grpc-encoding").map(HeaderValue::as_bytes);
        let unread = encoding.filter(|name| !READ.iter().any(|known| known.as_bytes() == *name));
        state.unread = unread.map(|name| String::from_utf8_lossy(name).into_owned());
    }

    /// What is wrong with a reply that ended so; `None` where it ended as the target wanted it to.
    pub(crate) fn flaw(&self, is_ok: bool, message: &str) -> Option<ReplyFlaw> {
        let state = self.state();
        if let Some(name) = &state.unread {
            return Some(ReplyFlaw::Encoding(name.clone()));
        }
        if state.known > 0 || state.left > 0 {
            return Some(ReplyFlaw::Cut);
        }
        (!is_ok && !state.has_status).then(|| ReplyFlaw::NoStatus(message.to_owned()))
    }

    fn state(&self) -> MutexGuard<'_, ScanState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ScanState {
    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.left > 0 {
                let taken = self.left.min(bytes.len());
                self.left -= taken;
                bytes = &bytes[taken..];
                continue;
            }
            let taken = (PREFIX - self.known).min(bytes.len());
            self.prefix[self.known..self.known + taken].copy_from_slice(&bytes[..taken]);
            self.known += taken;
            bytes = &bytes[taken..];
            if self.known == PREFIX {
                let [_, length @ ..] = self.prefix;
                self.left = u32::from_be_bytes(length) as usize;
                self.known = 0;
            }
        }
    }
}

/// The body, which tells what passes.
#[derive(Debug)]
pub(crate) struct ReplyBody {
    body: Incoming,
    scan: ReplyScan,
}

impl ReplyBody {
    pub(crate) const fn new(body: Incoming, scan: ReplyScan) -> Self {
        Self { body, scan }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let mut state = self.scan.state();
            if let Some(data) = frame.data_ref() {
                state.take(data);
            }
            let trailers = frame.trailers_ref();
            state.has_status |= trailers.is_some_and(|trailers| trailers.contains_key(STATUS));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_followed_however_they_are_cut() {
        let two = b"\0\0\0\0\x02hi\0\0\0\0\0";
        for size in [1, 3, 100] {
            let scan = ReplyScan::default();
            two.chunks(size).for_each(|piece| scan.state().take(piece));
            assert_eq!(scan.flaw(true, ""), None);
            scan.state().take(b"\0\0\0\0");
            assert_eq!(scan.flaw(true, ""), Some(ReplyFlaw::Cut));
            scan.state().take(b"\x02h");
            assert_eq!(scan.flaw(true, ""), Some(ReplyFlaw::Cut));
        }
    }

    #[test]
    fn an_end_that_the_target_has_not_said_is_none_of_its_statuses() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            HeaderMap::from_iter(pairs.iter().map(|(name, value)| {
                (
                    ::http::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            }))
        };
        for (head, flaw) in [
            (headers(&[(STATUS, "5")]), None),
            (headers(&[("grpc-encoding", "gzip"), (STATUS, "5")]), None),
            (headers(&[]), Some(ReplyFlaw::NoStatus("why".to_owned()))),
            (
                headers(&[("grpc-encoding", "snappy")]),
                Some(ReplyFlaw::Encoding("snappy".to_owned())),
            ),
        ] {
            let scan = ReplyScan::default();
            scan.head(&head);
            assert_eq!(scan.flaw(false, "why"), flaw, "{head:?}");
        }
    }
}
