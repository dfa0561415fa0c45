//! The connections of one VU.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use super::super::{Failure, Framing, Message, Origin, Reply, Request, Timing};
use super::connection::{HttpConnection, is_last};
use super::jar::Jar;
use super::reading::{Listener, Reading};
use super::{outgoing, redirect};
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::ExchangeError;
use crate::protocol::net::classify::broken;
use crate::protocol::net::options::{ConnectionLifetime, ConnectionOptions};
use crate::protocol::net::timed_stream::IoTimestamps;

/// HTTP for one VU: at most one open connection per origin, kept for the next exchange.
pub struct HttpClient {
    clock: Clock,
    wiring: Arc<ConnectionOptions>,
    kept: Vec<(Arc<Origin>, HttpConnection)>,
    jar: Jar,
    /// The moments of the newest exchange, its connection may be gone.
    newest: Option<Rc<IoTimestamps>>,
    /// An earlier part of the newest exchange was answered: by a redirect.
    heard: bool,
    reconnects: u64,
}

impl HttpClient {
    /// A client without connections, timed by `clock`.
    #[must_use]
    pub fn new(clock: Clock, wiring: Arc<ConnectionOptions>) -> Self {
        Self {
            clock,
            wiring,
            kept: Vec::new(),
            jar: Jar::default(),
            newest: None,
            heard: false,
            reconnects: 0,
        }
    }

    /// The open connection to an origin. It is taken out, so that an exchange given up half-way closes it.
    async fn take(&mut self, origin: &Origin) -> Option<HttpConnection> {
        let at = self.kept.iter().position(|(known, _)| **known == *origin)?;
        let (_, mut connection) = self.kept.swap_remove(at);
        if connection.is_open().await {
            return Some(connection);
        }
        self.reconnects += 1;
        None
    }

    fn failed(&self, failure: Failure, timing: Timing) -> Box<ExchangeError> {
        Box::new(ExchangeError {
            failure,
            timing: Timing {
                ended: self.clock.now(),
                ..timing
            },
        })
    }

    /// Sends a request and follows the redirects that it may follow.
    async fn send(
        &mut self,
        request: &Request,
        mut listener: Option<Listener<'_>>,
    ) -> Result<Reply, Box<ExchangeError>> {
        let mut timing = Timing {
            started: self.clock.now(),
            ..Timing::default()
        };
        let mut current = Cow::Borrowed(request);
        self.heard = false;
        for redirects in 0.. {
            self.newest = None;
            let reply = match self.hop(&current, listener.as_mut(), timing).await {
                Ok(reply) => reply,
                Err(mut failed) => {
                    failed.timing.ended = self.clock.now();
                    return Err(failed);
                }
            };
            if current.cookies {
                self.jar.keep(&current, &reply.headers);
            }
            let secrets = &self.wiring.secrets;
            match redirect::next(&current, reply.status, &reply.headers, secrets) {
                Some(next) if redirects < request.follow => current = Cow::Owned(next),
                _ => return Ok(reply),
            }
            (timing, self.heard) = (reply.timing, true);
        }
        unreachable!("the redirects that are followed are counted")
    }

    /// One request and its reply; `so_far` has the moments of the redirects before.
    async fn hop(
        &mut self,
        request: &Request,
        mut listener: Option<&mut Listener<'_>>,
        so_far: Timing,
    ) -> Result<Reply, Box<ExchangeError>> {
        let mut timing = so_far;
        let mut kept = self.take(&request.origin).await;
        loop {
            let reused = kept.is_some();
            let mut connection = match kept.take() {
                Some(connection) => connection,
                None => match self.open(&request.origin, &mut timing).await {
                    Ok(connection) => connection,
                    Err(failure) => return Err(self.failed(failure, timing)),
                },
            };
            self.newest = Some(Rc::clone(&connection.stamps));
            let cookies = if request.cookies {
                self.jar.header(request)
            } else {
                None
            };
            let message = outgoing::message(request, cookies, &self.wiring, connection.is_h2());
            let error = match connection.ask(message).await {
                Ok((parts, body)) => {
                    let mut reading = Reading::new(parts, request.compression, listener.take());
                    let result = connection.read(body, &mut reading).await;
                    timing.bytes_in = so_far.bytes_in + reading.bytes;
                    match result {
                        Ok(()) => {
                            return Ok(self
                                .reply(request, reading, timing, so_far, connection)
                                .await);
                        }
                        Err(error) => error,
                    }
                }
                Err(error) => error,
            };
            stamp(&mut timing, &so_far, &connection);
            let failure = broken(&error, &connection.stamps, &request.origin);
            // Once: a new connection is not retried.
            if !(reused && may_repeat(request, &failure, &connection.stamps)) {
                return Err(self.failed(failure, timing));
            }
            self.reconnects += 1;
        }
    }

    /// A new connection; what it took is added to what those of redirects before it took.
    async fn open(&self, origin: &Origin, timing: &mut Timing) -> Result<HttpConnection, Failure> {
        let mut own = Timing::default();
        let made = HttpConnection::open(origin, &self.wiring, &self.clock, &mut own).await;
        for (all, one) in [
            (&mut timing.dns, own.dns),
            (&mut timing.connect, own.connect),
            (&mut timing.tls, own.tls),
        ] {
            *all = one.map(|one| all.map_or(one, |all| all + one)).or(*all);
        }
        made
    }

    /// The reply, its connection kept where it can be used again.
    async fn reply(
        &mut self,
        request: &Request,
        reading: Reading<'_>,
        mut timing: Timing,
        so_far: Timing,
        mut connection: HttpConnection,
    ) -> Reply {
        stamp(&mut timing, &so_far, &connection);
        timing.ended = self.clock.now();
        let stopped = reading.stopped;
        let (parts, body) = reading.into_parts();
        let usable = !stopped && !is_last(&request.method, &parts);
        if usable && (request.payload.is_empty() || connection.has_sent_all().await) {
            self.kept.push((Arc::clone(&request.origin), connection));
        }
        Reply::new(parts.status.as_u16(), parts.headers, body, timing)
    }
}

impl HttpClient {
    /// Sends a request and waits for the whole reply.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    pub async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<ExchangeError>> {
        self.send(request, None).await
    }

    /// Like [`Self::exchange`], but hands over each message of the reply when it arrives.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    pub async fn stream(
        &mut self,
        request: &Request,
        framing: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> Result<Reply, Box<ExchangeError>> {
        self.send(
            request,
            Some(Listener {
                framing,
                each: &mut |message| each(message),
            }),
        )
        .await
    }

    /// A new iteration begins.
    pub fn begin_iteration(&mut self) {
        if self.wiring.connections == ConnectionLifetime::PerIteration {
            self.kept.clear();
        }
    }

    /// Whether the newest exchange got at least a byte of reply.
    #[must_use]
    pub fn has_reply_started(&self) -> bool {
        self.heard
            || self
                .newest
                .as_ref()
                .is_some_and(|stamps| stamps.first_read.get().is_some())
    }

    /// How often a kept connection was made anew.
    #[must_use]
    pub const fn reconnects(&self) -> u64 {
        self.reconnects
    }
}

/// Whether sending the request again harms nobody: nothing has happened yet, or a connection that was kept died without a byte of reply
/// and the request means the same twice as once (RFC 9110, 9.2.2).
fn may_repeat(request: &Request, failure: &Failure, stamps: &IoTimestamps) -> bool {
    let unanswered = failure.class == ErrorClass::Reset && stamps.first_read.get().is_none();
    failure.retryable || (unanswered && request.method.is_idempotent())
}

/// The moments that the connection has noted. Behind a redirect the first byte sent is that of the first request.
fn stamp(timing: &mut Timing, so_far: &Timing, connection: &HttpConnection) {
    let stamps = &connection.stamps;
    timing.sent = so_far.sent.or(stamps.first_write.get());
    timing.written = stamps.last_write.get();
    timing.first_byte = stamps.first_byte();
    timing.receive = stamps.receive();
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept: Vec<_> = self
            .kept
            .iter()
            .map(|(origin, _)| origin.to_string())
            .collect();
        f.debug_struct("HttpClient")
            .field("kept", &kept)
            .field("reconnects", &self.reconnects)
            .finish_non_exhaustive()
    }
}
