//! Messages of a call on their way to the connection.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_util::Stream;

/// The most that is remembered of what the connection has taken.
const REMEMBERED: usize = 4 * 1024 * 1024;

/// What is still to be sent. Clones share it; it holds no more than one conversation says.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestQueue {
    inner: Arc<Mutex<QueueState>>,
}

#[derive(Debug, Default)]
struct QueueState {
    messages: VecDeque<Bytes>,
    /// What the connection has taken, as long as the call may have to begin anew.
    taken: Option<Vec<Bytes>>,
    closed: bool,
    waker: Option<Waker>,
}

impl RequestQueue {
    /// A queue that can be sent once more from its beginning.
    pub(crate) fn repeatable() -> Self {
        let queue = Self::default();
        queue.inner().taken = Some(Vec::new());
        queue
    }

    /// The call is under way: it will not begin anew.
    pub(crate) fn settle(&self) {
        self.inner().taken = None;
    }

    /// Begins anew with what the connection has taken; once, and not where that was too much to be remembered.
    pub(crate) fn rewind(&self) -> bool {
        let mut inner = self.inner();
        let Some(taken) = inner.taken.take() else {
            return false;
        };
        for message in taken.into_iter().rev() {
            inner.messages.push_front(message);
        }
        true
    }

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

impl QueueState {
    fn remember(&mut self, message: &Bytes) {
        let Some(taken) = &mut self.taken else { return };
        let size: usize = taken.iter().map(Bytes::len).sum();
        if size + message.len() > REMEMBERED {
            self.taken = None;
        } else {
            taken.push(message.clone());
        }
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
            Some(message) => {
                inner.remember(&message);
                Poll::Ready(Some(message))
            }
            None if inner.closed => Poll::Ready(None),
            None => {
                inner.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    fn texts(queue: &mut RequestQueue) -> Vec<Bytes> {
        std::iter::from_fn(|| queue.next().now_or_never().flatten()).collect()
    }

    #[test]
    fn a_call_that_begins_anew_says_everything_again_once() {
        let mut queue = RequestQueue::repeatable();
        for text in ["a", "b"] {
            queue.put(Bytes::from_static(text.as_bytes()));
        }
        assert_eq!(texts(&mut queue), ["a", "b"]);
        queue.put(Bytes::from_static(b"c"));
        assert!(queue.rewind());
        queue.close();
        assert_eq!(texts(&mut queue), ["a", "b", "c"]);
        assert!(!queue.rewind(), "once");
        for settle in [true, false] {
            let mut queue = RequestQueue::repeatable();
            queue.put(Bytes::from(vec![
                b'x';
                if settle { 1 } else { REMEMBERED + 1 }
            ]));
            assert_eq!(texts(&mut queue).len(), 1);
            if settle {
                queue.settle();
            }
            assert!(!queue.rewind());
        }
    }
}
