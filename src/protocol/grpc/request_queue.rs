//! Messages of a call on their way to the connection.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_util::Stream;

/// What is still to be sent. Clones share it; it holds no more than one conversation says.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestQueue {
    inner: Arc<Mutex<QueueState>>,
}

#[derive(Debug, Default)]
struct QueueState {
    messages: VecDeque<Bytes>,
    closed: bool,
    waker: Option<Waker>,
}

impl RequestQueue {
    pub(crate) fn put(&self, message: Bytes) {
        let mut inner = self.inner();
        if !inner.closed {
            inner.messages.push_back(message);
            wake(inner);
        }
    }

    /// Nothing more follows.
    pub(crate) fn close(&self) {
        let mut inner = self.inner();
        inner.closed = true;
        wake(inner);
    }

    /// Whether the connection has taken everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.inner().messages.is_empty()
    }

    fn inner(&self) -> MutexGuard<'_, QueueState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake(mut inner: MutexGuard<'_, QueueState>) {
    let waker = inner.waker.take();
    drop(inner);
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Stream for RequestQueue {
    type Item = Bytes;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let mut inner = self.inner();
        match inner.messages.pop_front() {
            Some(message) => Poll::Ready(Some(message)),
            None if inner.closed => Poll::Ready(None),
            None => {
                inner.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
