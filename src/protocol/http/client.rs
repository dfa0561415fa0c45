//! The connections of one VU.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use ::http::Uri;
use ::http::header::HOST;

use super::super::{Exchange, Failed, Failure, Origin, Payload, Reply, Request, Timing};
use super::connection::{Connection, is_last};
use super::error::broken;
use super::wire::Stamps;
use crate::clock::Clock;
use crate::units::Duration;

/// HTTP/1.1 for one VU: at most one open connection per origin, kept for the next exchange.
pub struct Client {
    clock: Clock,
    kept: Vec<(Arc<Origin>, Connection)>,
    /// The moments of the newest exchange, its connection may be gone.
    newest: Option<Rc<Stamps>>,
    reconnects: u64,
}

impl Client {
    /// A client without connections, timed by `clock`.
    #[must_use]
    pub const fn new(clock: Clock) -> Self {
        Self { clock, kept: Vec::new(), newest: None, reconnects: 0 }
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
}

impl Exchange for Client {
    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<Failed>> {
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
            let message = message(request);
            self.newest = Some(Rc::clone(&connection.stamps));
            let result = connection.exchange(message).await;
            stamp(&mut timing, &connection);
            match result {
                Ok((parts, body)) => {
                    timing.ended = self.clock.now();
                    timing.bytes_in = body.len() as u64;
                    if !is_last(&request.method, &parts) {
                        self.kept.push((Arc::clone(&request.origin), connection));
                    }
                    return Ok(Reply::new(parts.status.as_u16(), parts.headers, body, timing));
                }
                Err(error) => {
                    let failure = broken(&error, &connection.stamps);
                    // Nothing was written, so nothing can happen twice; a new connection is not retried.
                    if !(reused && failure.retryable) {
                        return Err(self.failed(failure, timing));
                    }
                    self.reconnects += 1;
                }
            }
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
