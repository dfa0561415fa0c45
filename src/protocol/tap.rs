//! Listens to what a user says and hears.

use std::ops::ControlFlow;

use bytes::Bytes;

use super::{Exchange, Failed, Framing, Message, Reply, Request};
use crate::clock::Tick;

/// One exchange as it was heard.
#[derive(Debug)]
pub struct Heard<'a> {
    /// What was sent.
    pub request: &'a Request,
    /// The messages of a streamed reply, when each came.
    pub messages: &'a [(Tick, Bytes)],
    /// What came back.
    pub result: Result<&'a Reply, &'a Failed>,
}

/// An [`Exchange`] that tells somebody of everything that goes through it.
#[derive(Debug)]
pub struct Tap<E, F> {
    inner: E,
    tell: F,
}

impl<E: Exchange, F: FnMut(&Heard<'_>)> Tap<E, F> {
    /// Tells `tell` of every exchange of `inner` once it is over.
    pub const fn new(inner: E, tell: F) -> Self {
        Self { inner, tell }
    }

    fn tell(&mut self, request: &Request, messages: &[(Tick, Bytes)], result: &Result<Reply, Box<Failed>>) {
        let result = result.as_ref().map_err(AsRef::as_ref);
        (self.tell)(&Heard { request, messages, result });
    }
}

impl<E: Exchange, F: FnMut(&Heard<'_>)> Exchange for Tap<E, F> {
    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<Failed>> {
        let result = self.inner.exchange(request).await;
        self.tell(request, &[], &result);
        result
    }

    async fn stream(
        &mut self,
        request: &Request,
        framing: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> Result<Reply, Box<Failed>> {
        let mut messages = Vec::new();
        let mut listen = |message: &Message<'_>| {
            messages.push((message.at, message.text.clone()));
            each(message)
        };
        let result = self.inner.stream(request, framing, &mut listen).await;
        self.tell(request, &messages, &result);
        result
    }

    fn begin_iteration(&mut self) {
        self.inner.begin_iteration();
    }

    fn was_heard(&self) -> bool {
        self.inner.was_heard()
    }

    fn reconnects(&self) -> u64 {
        self.inner.reconnects()
    }
}
