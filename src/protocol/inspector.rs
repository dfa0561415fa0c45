//! Listens to what a user says and hears.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use ::http::HeaderMap;
use bytes::Bytes;

use super::{
    Codec, DuplexStream, ExchangeError, Failure, Frame, Framing, Message, Opened, Reply, Request,
    StreamEvent, StreamRequest, Transport,
};
use crate::clock::{Clock, Tick};

/// One exchange as it was heard.
#[derive(Debug)]
pub struct ExchangeTrace<'a> {
    /// The scheme of its address, without the s of TLS: "http", "ws" or "grpc".
    pub scheme: &'static str,
    /// What was sent.
    pub request: &'a Request,
    /// What was sent in a conversation, when each left.
    pub frames: &'a [(Tick, Frame)],
    /// The messages of a streamed reply or a conversation, when each came.
    pub messages: &'a [(Tick, Bytes)],
    /// What reads them, where they are not text.
    pub codec: Option<&'a dyn Codec>,
    /// What came back.
    pub result: Result<&'a Reply, &'a ExchangeError>,
}

/// An [`Transport`] that tells somebody of everything that goes through it.
#[derive(Debug)]
pub struct Inspector<E, F> {
    inner: E,
    clock: Clock,
    tell: Rc<RefCell<F>>,
}

/// A conversation that is listened to.
#[derive(Debug)]
pub struct InspectedStream<T: DuplexStream, F: FnMut(&ExchangeTrace<'_>)> {
    inner: Option<T>,
    tell: Rc<RefCell<F>>,
    scheme: &'static str,
    request: Request,
    codec: Option<Arc<dyn Codec>>,
    frames: Vec<(Tick, Frame)>,
    messages: Vec<(Tick, Bytes)>,
    clock: Clock,
    /// How it ended; `None` while it goes on.
    result: Option<Result<Reply, Box<ExchangeError>>>,
}

impl<E: Transport, F: FnMut(&ExchangeTrace<'_>)> Inspector<E, F> {
    /// Tells `tell` of every exchange of `inner` once it is over.
    pub fn new(inner: E, clock: Clock, tell: F) -> Self {
        Self {
            inner,
            clock,
            tell: Rc::new(RefCell::new(tell)),
        }
    }

    fn tell(
        &mut self,
        scheme: &'static str,
        request: &Request,
        messages: &[(Tick, Bytes)],
        result: &Result<Reply, Box<ExchangeError>>,
    ) {
        let result = result.as_ref().map_err(AsRef::as_ref);
        (self.tell.borrow_mut())(&ExchangeTrace {
            scheme,
            request,
            frames: &[],
            messages,
            codec: None,
            result,
        });
    }
}

impl<E: Transport, F: FnMut(&ExchangeTrace<'_>)> Transport for Inspector<E, F> {
    type Stream = InspectedStream<E::Stream, F>;

    async fn open_stream(
        &mut self,
        call: &StreamRequest,
    ) -> Result<Opened<Self::Stream>, Box<ExchangeError>> {
        let scheme = call.kind.scheme;
        let opened = match self.inner.open_stream(call).await {
            Ok(Opened::Open(talk)) => talk,
            Ok(Opened::Refused(reply)) => {
                let result = Ok(*reply);
                self.tell(scheme, &call.request, &[], &result);
                return result.map(|reply| Opened::Refused(Box::new(reply)));
            }
            Err(failed) => {
                let result = Err(failed);
                self.tell(scheme, &call.request, &[], &result);
                return result.map(|reply| Opened::Refused(Box::new(reply)));
            }
        };
        Ok(Opened::Open(InspectedStream {
            inner: Some(opened),
            tell: Rc::clone(&self.tell),
            scheme,
            request: call.request.clone(),
            codec: call.codec.clone(),
            frames: Vec::new(),
            messages: Vec::new(),
            clock: self.clock.clone(),
            result: None,
        }))
    }

    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<ExchangeError>> {
        let result = self.inner.exchange(request).await;
        self.tell("http", request, &[], &result);
        result
    }

    async fn stream(
        &mut self,
        request: &Request,
        framing: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> Result<Reply, Box<ExchangeError>> {
        let mut messages = Vec::new();
        let mut listen = |message: &Message<'_>| {
            messages.push((message.at, message.text.clone()));
            each(message)
        };
        let result = self.inner.stream(request, framing, &mut listen).await;
        self.tell("http", request, &messages, &result);
        result
    }

    fn begin_iteration(&mut self) {
        self.inner.begin_iteration();
    }

    fn has_reply_started(&self) -> bool {
        self.inner.has_reply_started()
    }

    fn reconnects(&self) -> u64 {
        self.inner.reconnects()
    }
}

/// Before a conversation has its inner half taken out.
const THERE: &str = "a conversation that is left is not used any more";

impl<T: DuplexStream, F: FnMut(&ExchangeTrace<'_>)> DuplexStream for InspectedStream<T, F> {
    fn send(&mut self, frame: Frame) {
        self.frames.push((self.clock.now(), frame.clone()));
        self.inner.as_mut().expect(THERE).send(frame);
    }

    async fn next(&mut self) -> Result<StreamEvent, Failure> {
        let inner = self.inner.as_mut().expect(THERE);
        let event = inner.next().await;
        match &event {
            Ok(StreamEvent::Message(at, data)) => self.messages.push((*at, data.clone())),
            Ok(StreamEvent::Ended(reply)) => self.result = Some(Ok(Reply::clone(reply))),
            Ok(_) => {}
            Err(failure) => {
                let timing = inner.reply().timing;
                self.result = Some(Err(Box::new(ExchangeError {
                    failure: failure.clone(),
                    timing,
                })));
            }
        }
        event
    }

    fn head(&self) -> (u16, &HeaderMap) {
        self.inner.as_ref().expect(THERE).head()
    }

    fn reply(&self) -> Reply {
        self.inner.as_ref().expect(THERE).reply()
    }

    async fn leave(mut self) {
        if let Some(inner) = self.inner.take() {
            self.result.get_or_insert_with(|| Ok(inner.reply()));
            inner.leave().await;
        }
    }
}

impl<T: DuplexStream, F: FnMut(&ExchangeTrace<'_>)> Drop for InspectedStream<T, F> {
    fn drop(&mut self) {
        let inner = self.inner.take();
        // One that was given up half-way has said this much.
        let result = self
            .result
            .take()
            .or_else(|| inner.as_ref().map(|inner| Ok(inner.reply())));
        let Some(result) = result else { return };
        let heard = ExchangeTrace {
            scheme: self.scheme,
            request: &self.request,
            frames: &self.frames,
            messages: &self.messages,
            codec: self.codec.as_deref(),
            result: result.as_ref().map_err(AsRef::as_ref),
        };
        (self.tell.borrow_mut())(&heard);
    }
}
