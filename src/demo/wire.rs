//! The socket of a connection, which can be cut whatever speaks over it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

const GARBAGE: &[u8] = b"\x00\xff\x15\x03 this is not HTTP \x00\r\n\r\n";

/// How a fault ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectionEnd {
    Reset,
    Garbage,
}

/// Cuts a wire, once.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    how: AtomicU8,
    reader: AtomicWaker,
}

impl Cut {
    /// Cuts it; how it was cut first is how it ends.
    pub(crate) fn set(&self, how: ConnectionEnd) {
        let code = match how {
            ConnectionEnd::Reset => 1,
            ConnectionEnd::Garbage => 2,
        };
        let _ = self
            .how
            .compare_exchange(0, code, Ordering::AcqRel, Ordering::Acquire);
        self.reader.wake();
    }

    fn get(&self) -> Option<ConnectionEnd> {
        match self.how.load(Ordering::Acquire) {
            0 => None,
            2 => Some(ConnectionEnd::Garbage),
            _ => Some(ConnectionEnd::Reset),
        }
    }
}

/// A socket that says when it is gone, and that ends as its cut says.
pub(crate) struct Wire {
    socket: TcpStream,
    cut: Arc<Cut>,
    /// Dropped with the wire, which wakes who waits for its end.
    _gone: oneshot::Sender<()>,
}

impl Wire {
    pub(crate) fn new(socket: TcpStream) -> (Self, Arc<Cut>, oneshot::Receiver<()>) {
        let (gone, is_gone) = oneshot::channel();
        let cut = Arc::new(Cut::default());
        (
            Self {
                socket,
                cut: Arc::clone(&cut),
                _gone: gone,
            },
            cut,
            is_gone,
        )
    }

    fn whole(&self) -> io::Result<()> {
        match self.cut.get() {
            None => Ok(()),
            Some(_) => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        match self.cut.get() {
            None => {}
            Some(ConnectionEnd::Reset) => {
                let _ = self.socket.set_zero_linger();
            }
            // Few bytes, which have room unless the client reads nothing at all.
            Some(ConnectionEnd::Garbage) => {
                let _ = self.socket.try_write(GARBAGE);
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.socket).poll_read(cx, into);
        if read.is_pending() {
            self.cut.reader.register(cx.waker());
        }
        self.whole()?;
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Whoever is told that the other side ended shuts down in good order, which a reset is not.
        self.whole()?;
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.socket).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}
