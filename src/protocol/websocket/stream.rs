//! One open WebSocket.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use ::http::HeaderMap;
use bytes::Bytes;
use futures_util::{Sink, Stream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{
    CloseFrame, Message as Said, Role, WebSocketConfig,
};
use tokio_tungstenite::tungstenite::{Error, Utf8Bytes};

use super::failure::broken;
use super::handshake::{Handshake, handshake};
use crate::clock::{Clock, Tick};
use crate::protocol::net::dial::dial;
use crate::protocol::net::timed_stream::{IoTimestamps, TimedStream};
use crate::protocol::{
    Closing, DROPPED, DuplexStream, ExchangeError, Failure, Frame, Opened, Reply, Request,
    StreamEvent, Timing,
};
use crate::protocol::{ConnectionOptions, HttpVersion};

/// What stands for a close frame without a code.
const NO_CODE: u16 = 1005;
/// It is cleared before each look for something to read, for each connection anew: the library's 128 KiB would cost more time and memory
/// than everything else.
const READ_BUFFER: usize = 16 << 10;

/// The most that waits for a target that does not read: what is said after that, a pong for example, waits its turn or fails.
const WRITE_BUFFER: usize = 80 << 20;
/// So many frames without a message are read before others have their turn.
const FRAMES: usize = 16;

/// An open WebSocket.
pub struct WebSocketConnection {
    socket: WebSocketStream<TimedStream>,
    stamps: Rc<IoTimestamps>,
    clock: Clock,
    status: u16,
    headers: HeaderMap,
    timing: Timing,
    /// Something was taken that is not handed to the socket yet.
    unsent: bool,
    /// What could not be taken.
    failed: Option<Failure>,
}

impl WebSocketConnection {
    /// Dials and makes the handshake.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    pub async fn open(
        request: &Request,
        wiring: &ConnectionOptions,
        clock: &Clock,
    ) -> Result<Opened<Self>, Box<ExchangeError>> {
        let mut timing = Timing {
            started: clock.now(),
            ..Timing::default()
        };
        let failed = |failure: Failure, timing: Timing| {
            Box::new(ExchangeError {
                failure,
                timing: Timing {
                    ended: clock.now(),
                    ..timing
                },
            })
        };
        let stream = match dial(
            &request.origin,
            wiring,
            (HttpVersion::One, true),
            clock,
            &mut timing,
        )
        .await
        {
            Ok(stream) => stream,
            Err(failure) => return Err(failed(failure, timing)),
        };
        let stamps = Rc::new(IoTimestamps::default());
        let wire = TimedStream::new(stream, Rc::clone(&stamps), clock.clone(), false);
        let made = handshake(request, wire).await;
        stamp(&mut timing, &stamps);
        timing.ended = clock.now();
        match made {
            Ok(Handshake::Done(head, wire, more)) => {
                let config = WebSocketConfig::default()
                    .read_buffer_size(READ_BUFFER)
                    .max_write_buffer_size(WRITE_BUFFER);
                let socket = WebSocketStream::from_partially_read(
                    *wire,
                    more.into(),
                    Role::Client,
                    Some(config),
                )
                .await;
                Ok(Opened::Open(Self {
                    socket,
                    stamps,
                    clock: clock.clone(),
                    status: head.status.as_u16(),
                    headers: head.headers,
                    timing,
                    unsent: false,
                    failed: None,
                }))
            }
            Ok(Handshake::Refused(head, body)) => {
                timing.bytes_in = body.len() as u64;
                let reply = Reply::new(head.status.as_u16(), head.headers, body, timing);
                Ok(Opened::Refused(Box::new(
                    reply.closed(Closing::HandshakeRefused),
                )))
            }
            Err(failure) => Err(failed(failure, timing)),
        }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<StreamEvent, Failure>> {
        if let Some(failure) = self.failed.take() {
            return Poll::Ready(Err(failure));
        }
        if self.unsent {
            match Pin::new(&mut self.socket).poll_flush(cx) {
                Poll::Ready(Ok(())) => {
                    self.unsent = false;
                    return Poll::Ready(Ok(StreamEvent::Sent(self.clock.now())));
                }
                // The end is still there to be read, and says more.
                Poll::Ready(Err(_)) => self.unsent = false,
                Poll::Pending => {}
            }
        }
        for _ in 0..FRAMES {
            let said = ready!(Pin::new(&mut self.socket).poll_next(cx));
            let at = self.stamps.last_read.get().unwrap_or_default();
            return Poll::Ready(match said {
                Some(Ok(Said::Text(text))) => self.message(at, text.into()),
                Some(Ok(Said::Binary(bytes))) => self.message(at, bytes),
                Some(Ok(Said::Close(frame))) => {
                    // The other side waits for the answer to its close frame, which the library has made.
                    let _ = Pin::new(&mut self.socket).poll_flush(cx);
                    let frame = frame
                        .map_or((NO_CODE, String::new()), |CloseFrame { code, reason }| {
                            (code.into(), reason.to_string())
                        });
                    self.ended(frame)
                }
                // The library has queued the pong.
                Some(Ok(Said::Ping(_))) => {
                    let _ = Pin::new(&mut self.socket).poll_flush(cx);
                    continue;
                }
                Some(Ok(Said::Pong(_) | Said::Frame(_))) => continue,
                None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) => {
                    self.ended((DROPPED, String::new()))
                }
                Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => {
                    self.ended((DROPPED, String::new()))
                }
                Some(Err(error)) => Err(broken(&error)),
            });
        }
        // A flood of frames that say nothing keeps nobody from looking at the clock.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn message(&mut self, at: Tick, data: Bytes) -> Result<StreamEvent, Failure> {
        self.timing.bytes_in += data.len() as u64;
        Ok(StreamEvent::Message(at, data))
    }

    fn ended(&self, frame: (u16, String)) -> Result<StreamEvent, Failure> {
        Ok(StreamEvent::Ended(Box::new(
            self.reply().closed(Closing::Code(Some(frame))),
        )))
    }

    fn take(&mut self, said: Said) {
        if let Err(error) = Pin::new(&mut self.socket).start_send(said) {
            // After a close frame nothing can be said, and what is read tells why.
            if !matches!(
                error,
                Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(_)
            ) {
                self.failed = Some(broken(&error));
            }
            return;
        }
        self.unsent = true;
    }
}

impl DuplexStream for WebSocketConnection {
    fn send(&mut self, frame: Frame) {
        match frame {
            Frame::Text(text) => match Utf8Bytes::try_from(text) {
                Ok(text) => self.take(Said::Text(text)),
                Err(error) => self.failed = Some(broken(&error.into())),
            },
            Frame::Binary(bytes) => self.take(Said::Binary(bytes)),
            Frame::Finish => self.take(Said::Close(Some(goodbye()))),
        }
    }

    async fn next(&mut self) -> Result<StreamEvent, Failure> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn head(&self) -> (u16, &HeaderMap) {
        (self.status, &self.headers)
    }

    fn reply(&self) -> Reply {
        let timing = Timing {
            ended: self.clock.now(),
            ..self.timing
        };
        Reply::new(self.status, self.headers.clone(), Bytes::new(), timing)
            .closed(Closing::Code(None))
    }

    async fn leave(mut self) {
        self.take(Said::Close(Some(goodbye())));
        // Once: a target that does not take it is not waited for.
        poll_fn(|cx| {
            let _ = Pin::new(&mut self.socket).poll_flush(cx);
            Poll::Ready(())
        })
        .await;
    }
}

fn goodbye() -> CloseFrame {
    CloseFrame {
        code: CloseCode::Normal,
        reason: Utf8Bytes::default(),
    }
}

fn stamp(timing: &mut Timing, stamps: &IoTimestamps) {
    timing.sent = stamps.first_write.get();
    timing.written = stamps.last_write.get();
    timing.first_byte = stamps.first_byte();
}

impl fmt::Debug for WebSocketConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketConnection")
            .field("status", &self.status)
            .field("timing", &self.timing)
            .finish_non_exhaustive()
    }
}
