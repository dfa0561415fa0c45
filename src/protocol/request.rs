//! What is sent, and who sends it.

use std::future::Future;
use std::sync::Arc;

use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, Method};

use super::{Failed, Origin, Payload, Reply};

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
}

/// Something that sends a request and waits for its reply: the connections of one VU, or a script of a test.
pub trait Exchange {
    /// Sends a request and waits for the whole reply. It may be dropped at any time; the next exchange then uses a new connection.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    fn exchange(&mut self, request: &Request) -> impl Future<Output = Result<Reply, Box<Failed>>>;

    /// Whether the newest exchange got at least a byte of reply: asked about one that was dropped half-way.
    fn was_heard(&self) -> bool {
        false
    }

    /// How often a kept connection turned out to be closed by the target and was made anew, since the beginning.
    fn reconnects(&self) -> u64;
}
