//! The connections of one VU.

use std::fmt;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use ::http::Uri;
use ::http::header::HOST;

use super::super::{Exchange, Failed, Failure, Framing, Message, Origin, Payload, Reply, Request, Timing};
use super::connection::{Connection, is_last};
use super::error::broken;
use super::reading::{Listener, Reading};
use super::wire::Stamps;
use super::wiring::{Connections, Wiring};
use crate::clock::Clock;
use crate::units::Duration;

/// HTTP for one VU: at most one open connection per origin, kept for the next exchange.
pub struct Client {
    clock: Clock,
    wiring: Arc<Wiring>,
    kept: Vec<(Arc<Origin>, Connection)>,
    /// The moments of the newest exchange, its connection may be gone.
    newest: Option<Rc<Stamps>>,
    reconnects: u64,
}

impl Client {
    /// A client without connections, timed by `clock`.
    #[must_use]
    pub const fn new(clock: Clock, wiring: Arc<Wiring>) -> Self {
        Self { clock, wiring, kept: Vec::new(), newest: None, reconnects: 0 }
    }

    /// The open connection to an origin. It is taken out, so that an exchange given up half-way closes it.
    async fn take(&mut self, origin: &Origin) -> Option<Connection> {
        let at = self.kept.iter().position(|(known, _)| **known == *origin)?;
        let (_, mut connection) = self.kept.swap_remove(at);
        if connection.is_open().await {
            return Some(connection);
        }
        self.reconnects += 1;
        None
    }

    fn failed(&self, failure: Failure, timing: Timing) -> Box<Failed> {
        Box::new(Failed { failure, timing: Timing { ended: self.clock.now(), ..timing } })
    }

    async fn send(&mut self, request: &Request, mut listener: Option<Listener<'_>>) -> Result<Reply, Box<Failed>> {
        let mut timing = Timing { started: self.clock.now(), ..Timing::default() };
        self.newest = None;
        let mut kept = self.take(&request.origin).await;
        loop {
            let reused = kept.is_some();
            let mut connection = match kept.take() {
                Some(connection) => connection,
                None => match Connection::open(&request.origin, &self.clock, &mut timing).await {
                    Ok(connection) => connection,
                    Err(failure) => return Err(self.failed(failure, timing)),
                },
            };
            self.newest = Some(Rc::clone(&connection.stamps));
            let error = match connection.ask(message(request)).await {
                Ok((parts, body)) => {
                    let mut reading = Reading::new(parts, listener.take());
                    let result = connection.read(body, &mut reading).await;
                    timing.bytes_in = reading.bytes;
                    stamp(&mut timing, &connection);
                    match result {
                        Ok(()) => {
                            return Ok(self.reply(request, reading, timing, connection));
                        }
                        Err(error) => error,
                    }
                }
                Err(error) => error,
            };
            stamp(&mut timing, &connection);
            let failure = broken(&error, &connection.stamps);
            // Nothing was written, so nothing can happen twice; a new connection is not retried.
            if !(reused && failure.retryable) {
                return Err(self.failed(failure, timing));
            }
            self.reconnects += 1;
        }
    }

    /// The reply, its connection kept where it can be used again.
    fn reply(&mut self, request: &Request, reading: Reading<'_>, timing: Timing, connection: Connection) -> Reply {
        let timing = Timing { ended: self.clock.now(), ..timing };
        let stopped = reading.stopped;
        let (parts, body) = reading.into_parts();
        if !stopped && !is_last(&request.method, &parts) {
            self.kept.push((Arc::clone(&request.origin), connection));
        }
        Reply::new(parts.status.as_u16(), parts.headers, body, timing)
    }
}

impl Exchange for Client {
    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<Failed>> {
        self.send(request, None).await
    }

    async fn stream(
        &mut self,
        request: &Request,
        framing: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> Result<Reply, Box<Failed>> {
        self.send(request, Some(Listener { framing, each: &mut |message| each(message) })).await
    }

    fn begin_iteration(&mut self) {
        if self.wiring.connections == Connections::PerIteration {
            self.kept.clear();
        }
    }

    fn was_heard(&self) -> bool {
        self.newest.as_ref().is_some_and(|stamps| stamps.first_read.get().is_some())
    }

    fn reconnects(&self) -> u64 {
        self.reconnects
    }
}

fn stamp(timing: &mut Timing, connection: &Connection) {
    let stamps = &connection.stamps;
    timing.sent = stamps.first_write.get();
    timing.written = stamps.last_write.get();
    timing.first_byte = stamps.first_read.get().zip(timing.written).map(|(read, written)| read.since(written));
    let received = stamps.last_read.get().zip(stamps.first_read.get());
    timing.receive = received.map(|(last, first): (_, _)| -> Duration { last.since(first) });
}

fn message(request: &Request) -> ::http::Request<Payload> {
    let mut message = ::http::Request::new(request.payload.clone());
    *message.method_mut() = request.method.clone();
    *message.uri_mut() = Uri::from(request.target.clone());
    *message.headers_mut() = request.headers.clone();
    message.headers_mut().entry(HOST).or_insert_with(|| request.origin.authority().clone());
    message
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept: Vec<_> = self.kept.iter().map(|(origin, _)| origin.to_string()).collect();
        f.debug_struct("Client").field("kept", &kept).field("reconnects", &self.reconnects).finish_non_exhaustive()
    }
}
