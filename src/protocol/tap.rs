//! Listens to what a user says and hears.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use ::http::HeaderMap;
use bytes::Bytes;

use super::grpc::Method;
use super::{
    Call, Event, Exchange, Failed, Failure, Frame, Framing, Manner, Message, Opened, Reply,
    Request, Talk,
};
use crate::clock::{Clock, Tick};

/// One exchange as it was heard.
#[derive(Debug)]
pub struct Heard<'a> {
    /// The scheme of its address, without the s of TLS: "http", "ws" or "grpc".
    pub scheme: &'static str,
    /// What was sent.
    pub request: &'a Request,
    /// What was sent in a conversation, when each left.
    pub frames: &'a [(Tick, Frame)],
    /// The messages of a streamed reply or a conversation, when each came.
    pub messages: &'a [(Tick, Bytes)],
    /// What reads them, where they are no text.
    pub method: Option<&'a Method>,
    /// What came back.
    pub result: Result<&'a Reply, &'a Failed>,
}

/// An [`Exchange`] that tells somebody of everything that goes through it.
#[derive(Debug)]
pub struct Tap<E, F> {
    inner: E,
    clock: Clock,
    tell: Rc<RefCell<F>>,
}

/// A conversation that is listened to.
#[derive(Debug)]
pub struct Tapped<T: Talk, F: FnMut(&Heard<'_>)> {
    inner: Option<T>,
    tell: Rc<RefCell<F>>,
    scheme: &'static str,
    request: Request,
    method: Option<Method>,
    frames: Vec<(Tick, Frame)>,
    messages: Vec<(Tick, Bytes)>,
    clock: Clock,
    /// How it ended; `None` while it goes on.
    result: Option<Result<Reply, Box<Failed>>>,
}

impl<E: Exchange, F: FnMut(&Heard<'_>)> Tap<E, F> {
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
        result: &Result<Reply, Box<Failed>>,
    ) {
        let result = result.as_ref().map_err(AsRef::as_ref);
        (self.tell.borrow_mut())(&Heard {
            scheme,
            request,
            frames: &[],
            messages,
            method: None,
            result,
        });
    }
}

impl<E: Exchange, F: FnMut(&Heard<'_>)> Exchange for Tap<E, F> {
    type Talk = Tapped<E::Talk, F>;

    async fn talk(&mut self, call: &Call) -> Result<Opened<Self::Talk>, Box<Failed>> {
        let scheme = match &call.manner {
            Manner::Grpc { .. } => "grpc",
            Manner::WebSocket(_) => "ws",
        };
        let opened = match self.inner.talk(call).await {
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
        let method = match &call.manner {
            Manner::Grpc { method, .. } => method.clone(),
            Manner::WebSocket(_) => None,
        };
        Ok(Opened::Open(Tapped {
            inner: Some(opened),
            tell: Rc::clone(&self.tell),
            scheme,
            request: call.request.clone(),
            method,
            frames: Vec::new(),
            messages: Vec::new(),
            clock: self.clock.clone(),
            result: None,
        }))
    }

    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<Failed>> {
        let result = self.inner.exchange(request).await;
        self.tell("http", request, &[], &result);
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
        self.tell("http", request, &messages, &result);
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

/// Before a conversation has its inner half taken out.
const THERE: &str = "a conversation that is left is not used any more";

impl<T: Talk, F: FnMut(&Heard<'_>)> Talk for Tapped<T, F> {
    fn send(&mut self, frame: Frame) {
        self.frames.push((self.clock.now(), frame.clone()));
        self.inner.as_mut().expect(THERE).send(frame);
    }

    async fn next(&mut self) -> Result<Event, Failure> {
        let inner = self.inner.as_mut().expect(THERE);
        let event = inner.next().await;
        match &event {
            Ok(Event::Message(at, data)) => self.messages.push((*at, data.clone())),
            Ok(Event::Ended(reply)) => self.result = Some(Ok(Reply::clone(reply))),
            Ok(_) => {}
            Err(failure) => {
                let timing = inner.reply().timing;
                self.result = Some(Err(Box::new(Failed {
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

impl<T: Talk, F: FnMut(&Heard<'_>)> Drop for Tapped<T, F> {
    fn drop(&mut self) {
        let inner = self.inner.take();
        // One that was given up half-way has said this much.
        let result = self
            .result
            .take()
            .or_else(|| inner.as_ref().map(|inner| Ok(inner.reply())));
        let Some(result) = result else { return };
        let heard = Heard {
            scheme: self.scheme,
            request: &self.request,
            frames: &self.frames,
            messages: &self.messages,
            method: self.method.as_ref(),
            result: result.as_ref().map_err(AsRef::as_ref),
        };
        (self.tell.borrow_mut())(&heard);
    }
}
