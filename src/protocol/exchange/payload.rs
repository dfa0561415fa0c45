//! Bodies that are encoded once and shared.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// A body as a list of shared bytes, its length known. A clone shares them all.
#[derive(Debug, Clone, Default)]
pub struct Payload {
    parts: Arc<[Bytes]>,
    next: usize,
    left: u64,
}

impl Payload {
    /// The bytes of these parts, one behind the other.
    #[must_use]
    pub fn new(parts: Vec<Bytes>) -> Self {
        let parts: Arc<[Bytes]> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let left = parts.iter().map(|part| part.len() as u64).sum();
        Self {
            parts,
            next: 0,
            left,
        }
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[Bytes] {
        &self.parts
    }

    /// The size in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.parts.iter().map(|part| part.len() as u64).sum()
    }

    /// Whether there is no body.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = self.parts.get(self.next).cloned();
        Poll::Ready(part.map(|part| {
            self.next += 1;
            self.left -= part.len() as u64;
            Ok(Frame::data(part))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.next == self.parts.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
