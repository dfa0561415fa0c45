//! What is sent, and who sends it.

use std::future::Future;
use std::ops::ControlFlow;
use std::sync::Arc;

use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, Method};

use super::{Call, Failed, Framing, Message, Opened, Origin, Payload, Reply, Talk};

/// A whole request. A clone shares the body.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub origin: Arc<Origin>,
    /// Path and query.
    pub target: PathAndQuery,
    /// The headers. Host and Content-Length are added where they are sent.
    pub headers: HeaderMap,
    /// The body.
    pub payload: Payload,
    /// So many redirects are followed; one more is the reply.
    pub follow: u64,
    /// Whether cookies of earlier replies are sent, and those of this one kept.
    pub cookies: bool,
    /// Whether compressed replies are asked for, and read.
    pub compression: bool,
}

/// Something that sends a request and waits for its reply: the connections of one VU, or a script of a test.
pub trait Exchange {
    /// Sends a request and waits for the whole reply. It may be dropped at any time; the next exchange then uses a new connection.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    fn exchange(&mut self, request: &Request) -> impl Future<Output = Result<Reply, Box<Failed>>>;

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
    ) -> impl Future<Output = Result<Reply, Box<Failed>>>;

    /// What a conversation is.
    type Talk: Talk;

    /// Opens a conversation. Like an exchange it may be dropped at any time.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    fn talk(
        &mut self,
        call: &Call,
    ) -> impl Future<Output = Result<Opened<Self::Talk>, Box<Failed>>>;

    /// A new iteration begins: where each has connections of its own, those of the last are closed. Cookies stay.
    fn begin_iteration(&mut self) {}

    /// Whether the newest exchange got at least a byte of reply: asked about one that was dropped half-way.
    fn was_heard(&self) -> bool {
        false
    }

    /// How often a kept connection turned out to be closed by the target and was made anew, since the beginning.
    fn reconnects(&self) -> u64;
}
