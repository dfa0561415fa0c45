//! One open connection.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use ::http::HeaderMap;
use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::framing::decode;
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::net::dial::dial;
use crate::protocol::net::timed_stream::{IoTimestamps, TimedStream};
use crate::protocol::{
    Closing, ConnectionOptions, DuplexStream, ExchangeError, Failure, Frame, HttpVersion, Reply,
    Request, StreamEvent, Timing,
};

/// How much is read at once.
const READ_BUFFER: usize = 16 << 10;

/// Messages both ways on one connection.
pub struct TcpMessages {
    socket: TimedStream,
    stamps: Rc<IoTimestamps>,
    clock: Clock,
    timing: Timing,
    headers: HeaderMap,
    outgoing: VecDeque<Bytes>,
    incoming: BytesMut,
    /// Something was sent whose leaving has not been told.
    unsent: bool,
    /// Nothing more is sent once `outgoing` is empty.
    finishes: bool,
}

impl TcpMessages {
    /// Connects to the request's origin.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    pub async fn open(
        request: &Request,
        options: &ConnectionOptions,
        clock: &Clock,
    ) -> Result<Self, Box<ExchangeError>> {
        let mut timing = Timing {
            started: clock.now(),
            ..Timing::default()
        };
        let version = (HttpVersion::One, true);
        let dialled = dial(&request.origin, options, version, clock, &mut timing).await;
        timing.ended = clock.now();
        let socket = match dialled {
            Ok(socket) => socket,
            Err(failure) => return Err(Box::new(ExchangeError { failure, timing })),
        };
        let stamps = Rc::new(IoTimestamps::default());
        Ok(Self {
            socket: TimedStream::new(socket, Rc::clone(&stamps), clock.clone(), false),
            stamps,
            clock: clock.clone(),
            timing,
            headers: HeaderMap::new(),
            outgoing: VecDeque::new(),
            incoming: BytesMut::new(),
            unsent: false,
            finishes: false,
        })
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<StreamEvent, Failure>> {
        if self.unsent
            && let Poll::Ready(written) = self.poll_write(cx)
        {
            self.unsent = false;
            // Where the target takes nothing more, what it has sent says why.
            if written.is_ok() {
                return Poll::Ready(Ok(StreamEvent::Sent(self.clock.now())));
            }
        }
        loop {
            match decode(&mut self.incoming) {
                Ok(Some(text)) => {
                    let at = self.stamps.last_read.get();
                    let at = at.unwrap_or_else(|| self.clock.now());
                    return Poll::Ready(Ok(StreamEvent::Message(at, text)));
                }
                Ok(None) => {}
                Err(error) => {
                    let message = format!("what came is not a message: {error}");
                    return Poll::Ready(Err(Failure::new(ErrorClass::Protocol, message)));
                }
            }
            match std::task::ready!(self.poll_read(cx)) {
                Ok(0) if self.incoming.is_empty() => {
                    return Poll::Ready(Ok(StreamEvent::Ended(Box::new(self.reply()))));
                }
                Ok(0) => {
                    let message = "connection closed by peer within a message";
                    return Poll::Ready(Err(Failure::new(ErrorClass::Reset, message)));
                }
                Ok(read) => self.timing.bytes_in += read as u64,
                Err(error) => {
                    let message = format!("connection broken in the stream: {error}");
                    return Poll::Ready(Err(Failure::new(ErrorClass::Reset, message)));
                }
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(first) = self.outgoing.front_mut() {
            let written = std::task::ready!(Pin::new(&mut self.socket).poll_write(cx, first))?;
            first.advance(written);
            if first.is_empty() {
                self.outgoing.pop_front();
            }
        }
        std::task::ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
        if self.finishes {
            return Pin::new(&mut self.socket).poll_shutdown(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // It is polled at every wake, mostly in vain: clearing it each time would be for nothing.
        let mut space = [MaybeUninit::uninit(); READ_BUFFER];
        let mut buffer = ReadBuf::uninit(&mut space);
        std::task::ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buffer))?;
        self.incoming.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

impl DuplexStream for TcpMessages {
    fn send(&mut self, frame: Frame) {
        match frame {
            Frame::Text(line) => {
                self.outgoing.push_back(line);
                self.outgoing.push_back(Bytes::from_static(b"\n"));
            }
            Frame::Binary(bytes) => self.outgoing.push_back(bytes),
            Frame::Finish => self.finishes = true,
        }
        self.unsent = true;
    }

    async fn next(&mut self) -> Result<StreamEvent, Failure> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn head(&self) -> (u16, &HeaderMap) {
        (0, &self.headers)
    }

    fn reply(&self) -> Reply {
        let timing = Timing {
            ended: self.clock.now(),
            ..self.stamps.of_stream(self.timing)
        };
        Reply::new(0, self.headers.clone(), Bytes::new(), timing).closed(Closing::End)
    }

    async fn leave(mut self) {
        self.finishes = true;
        // Once: a target that does not take it is not waited for.
        poll_fn(|cx| {
            let _ = self.poll_write(cx);
            Poll::Ready(())
        })
        .await;
    }
}

impl fmt::Debug for TcpMessages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TcpMessages")
            .field("timing", &self.timing)
            .finish_non_exhaustive()
    }
}
