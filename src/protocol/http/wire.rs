//! A socket that notes when it is written and read.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::clock::{Clock, Tick};

/// When a connection was first and last written and read within one exchange.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    pub(super) first_write: Cell<Option<Tick>>,
    pub(super) last_write: Cell<Option<Tick>>,
    pub(super) first_read: Cell<Option<Tick>>,
    pub(super) last_read: Cell<Option<Tick>>,
    /// Nothing is expected to be read: what can be read is the end, or nothing that was asked for.
    pub(super) idle: Cell<bool>,
}

impl Stamps {
    pub(super) fn reset(&self) {
        for stamp in [&self.first_write, &self.last_write, &self.first_read, &self.last_read] {
            stamp.set(None);
        }
        self.idle.set(false);
    }
}

fn note(first: &Cell<Option<Tick>>, last: &Cell<Option<Tick>>, begin: Tick, end: Tick) {
    if first.get().is_none() {
        first.set(Some(begin));
    }
    last.set(Some(end));
}

pub(super) struct Wire {
    pub(super) stream: TcpStream,
    pub(super) stamps: Rc<Stamps>,
    pub(super) clock: Clock,
}

impl Wire {
    /// A write begins to leave when the kernel is asked: on one machine the target may have it before the call is back.
    fn write(&mut self, write: impl FnOnce(Pin<&mut TcpStream>) -> Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let begin = self.clock.now();
        let result = write(Pin::new(&mut self.stream));
        if matches!(result, Poll::Ready(Ok(1..))) {
            note(&self.stamps.first_write, &self.stamps.last_write, begin, self.clock.now());
        }
        result
    }

    /// Asks the kernel, since what the runtime knows of the socket may be older than the last time it looked.
    fn has_something_to_read(&self) -> bool {
        let mut ask = [PollFd::new(&self.stream, PollFlags::IN)];
        poll(&mut ask, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.stamps.idle.get() && self.has_something_to_read() {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            let now = self.clock.now();
            note(&self.stamps.first_read, &self.stamps.last_read, now, now);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.write(|stream| stream.poll_write(cx, buf))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(|stream| stream.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
