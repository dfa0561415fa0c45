//! A stream that notes when it is written and read.

use std::cell::Cell;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame_scan::FrameScan;
use super::interim_scan::InterimScan;
use super::socket::Socket;
use crate::clock::{Clock, Tick};
use crate::protocol::Timing;
use crate::units::Duration;

/// When a connection was first and last written and read within one exchange: above TLS, and without HTTP/2's housekeeping.
#[derive(Debug, Default)]
pub(crate) struct IoTimestamps {
    pub(crate) first_write: Cell<Option<Tick>>,
    pub(crate) last_write: Cell<Option<Tick>>,
    pub(crate) first_read: Cell<Option<Tick>>,
    pub(crate) last_read: Cell<Option<Tick>>,
    /// The first byte of the reply itself, behind interim ones.
    pub(crate) first_of_reply: Cell<Option<Tick>>,
    /// An exchange begins: nothing of its reply was read.
    is_new: Cell<bool>,
    /// Nothing is expected to be read: what can be read is the end, or nothing that was asked for.
    pub(crate) idle: Cell<bool>,
    /// The kernel had something to read when an idle connection was looked at.
    pub(crate) readable: Cell<bool>,
    /// The target does not take the rest of the request.
    pub(crate) refused: Cell<Option<ErrorKind>>,
}

impl IoTimestamps {
    pub(crate) fn reset(&self) {
        for stamp in [
            &self.first_write,
            &self.last_write,
            &self.first_read,
            &self.last_read,
            &self.first_of_reply,
        ] {
            stamp.set(None);
        }
        self.idle.set(false);
        self.is_new.set(true);
    }

    /// From the last byte written to the first byte of the reply.
    pub(crate) fn first_byte(&self) -> Option<Duration> {
        Some(self.first_of_reply.get()?.since(self.last_write.get()?))
    }

    /// The moments of a stream on which both sides send messages: its first byte counts from the first that was sent.
    pub(crate) fn of_stream(&self, timing: Timing) -> Timing {
        let (sent, read) = (self.first_write.get(), self.first_read.get());
        Timing {
            sent,
            written: self.last_write.get(),
            first_byte: read.zip(sent).map(|(read, sent)| read.since(sent)),
            receive: self.receive(),
            ..timing
        }
    }

    /// From the first byte of the reply to the last.
    pub(crate) fn receive(&self) -> Option<Duration> {
        Some(self.last_read.get()?.since(self.first_of_reply.get()?))
    }
}

fn note(first: &Cell<Option<Tick>>, last: &Cell<Option<Tick>>, begin: Tick, end: Tick) {
    if first.get().is_none() {
        first.set(Some(begin));
    }
    last.set(Some(end));
}

pub(crate) struct TimedStream {
    stream: Socket,
    stamps: Rc<IoTimestamps>,
    clock: Clock,
    /// What goes out and what comes in, where it is HTTP/2.
    frames: Option<(FrameScan, FrameScan)>,
    /// What comes in, where it is HTTP/1.1.
    interim: InterimScan,
    /// A part of the message is still held back by TLS.
    held_back: bool,
}

impl TimedStream {
    pub(crate) fn new(stream: Socket, stamps: Rc<IoTimestamps>, clock: Clock, is_h2: bool) -> Self {
        let frames = is_h2.then(|| (FrameScan::outgoing(), FrameScan::default()));
        Self {
            stream,
            stamps,
            clock,
            frames,
            interim: InterimScan::default(),
            held_back: false,
        }
    }

    /// Writes a list of buffers. A write begins to leave when the kernel is asked: on one machine the target may have it before the call is
    /// back.
    fn write(
        &mut self,
        bufs: &[IoSlice<'_>],
        write: impl FnOnce(Pin<&mut Socket>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let size = bufs.iter().map(|buf| buf.len()).sum();
        if self.stamps.refused.get().is_some() {
            return Poll::Ready(Ok(size));
        }
        let begin = self.clock.now();
        match ready!(write(Pin::new(&mut self.stream))) {
            Ok(written) => {
                if written > 0 && self.is_message(bufs, written) {
                    note(
                        &self.stamps.first_write,
                        &self.stamps.last_write,
                        begin,
                        begin,
                    );
                    self.held_back |= self.stream.holds_back();
                }
                Poll::Ready(Ok(written))
            }
            // Whoever answers early and closes does not read the rest. What it has answered is still there to be read, and if it has not,
            // reading says so.
            Err(error) if self.stamps.first_write.get().is_some() && is_gone(error.kind()) => {
                self.stamps.refused.set(Some(error.kind()));
                Poll::Ready(Ok(size))
            }
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn is_message(&mut self, bufs: &[IoSlice<'_>], written: usize) -> bool {
        let Some((outgoing, _)) = &mut self.frames else {
            return true;
        };
        let (mut left, mut found) = (written, false);
        for buf in bufs {
            let part = &buf[..left.min(buf.len())];
            found |= outgoing.has_message(part);
            left -= part.len();
        }
        found
    }
}

const fn is_gone(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.stamps.idle.get() && self.stream.has_something_to_read() {
            self.stamps.readable.set(true);
            // In the clear, nothing that HTTP/1.1 sends unasked is worth reading; TLS and HTTP/2 have their housekeeping.
            if self.frames.is_none() && !self.stream.is_tls() {
                return Poll::Ready(Ok(()));
            }
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if self.stamps.is_new.take() {
            self.interim = InterimScan::default();
        }
        let read = &buf.filled()[before..];
        if read.is_empty() {
            // The end of a connection that has already refused a write is that refusal.
            let refused = self
                .stamps
                .refused
                .get()
                .filter(|_| self.stamps.first_read.get().is_none());
            return Poll::Ready(refused.map_or(Ok(()), |kind| Err(kind.into())));
        }
        let this = &mut *self;
        let now = this.clock.now();
        let of_reply = match &mut this.frames {
            Some((_, incoming)) => {
                if !incoming.has_message(read) {
                    return Poll::Ready(Ok(()));
                }
                Some(now)
            }
            None => this.interim.read(read, now),
        };
        let stamps = &this.stamps;
        note(&stamps.first_read, &stamps.last_read, now, now);
        stamps
            .first_of_reply
            .set(stamps.first_of_reply.get().or(of_reply));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(&[IoSlice::new(buf)], |stream| stream.poll_write(cx, buf))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(bufs, |stream| stream.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.stream).poll_flush(cx)) {
            Err(error) if self.stamps.first_write.get().is_some() && is_gone(error.kind()) => {
                self.stamps.refused.set(Some(error.kind()));
            }
            result => result?,
        }
        if std::mem::take(&mut self.held_back) {
            self.stamps.last_write.set(Some(self.clock.now()));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
