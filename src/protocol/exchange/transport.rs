//! What sends requests and opens streams.

use std::future::Future;
use std::ops::ControlFlow;

use super::duplex::{DuplexStream, Opened, StreamRequest};
use super::failure::ExchangeError;
use super::framing::Framing;
use super::message::Message;
use super::reply::Reply;
use super::request::Request;

/// Something that sends a request and waits for its reply: the connections of one VU, or a script of a test.
pub trait Transport {
    /// Sends a request and waits for the whole reply. It may be dropped at any time; the next exchange then uses a new connection.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    fn exchange(
        &mut self,
        request: &Request,
    ) -> impl Future<Output = Result<Reply, Box<ExchangeError>>>;

    /// Like [`Self::exchange`], but hands over each message of the reply when it arrives; `framing` says what one is, by default the reply's
    /// Content-Type. `Break` ends the stream well: the rest is not read, and the connection is closed. A reply whose status is not 2xx is
    /// not framed but read whole. The body of the reply holds at most its first 64 KiB.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    fn stream(
        &mut self,
        request: &Request,
        framing: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> impl Future<Output = Result<Reply, Box<ExchangeError>>>;

    /// An open stream.
    type Stream: DuplexStream;

    /// Opens a stream on which both sides send messages. Like an exchange it may be dropped at any time.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    fn open_stream(
        &mut self,
        request: &StreamRequest,
    ) -> impl Future<Output = Result<Opened<Self::Stream>, Box<ExchangeError>>>;

    /// A new iteration begins: where each has connections of its own, those of the last are closed. Cookies stay.
    fn begin_iteration(&mut self) {}

    /// Whether the newest exchange got at least a byte of reply: asked about one that was dropped half-way.
    fn has_reply_started(&self) -> bool {
        false
    }

    /// How often a kept connection turned out to be closed by the target and was made anew, since the beginning.
    fn reconnects(&self) -> u64;
}
