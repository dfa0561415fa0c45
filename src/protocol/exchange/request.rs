//! What is sent.

use std::sync::Arc;

use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, Method};

use super::origin::Origin;
use super::payload::Payload;

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
    /// The most redirects to follow; one more is the reply.
    pub follow: u64,
    /// Whether cookies of earlier replies are sent, and those of this one kept.
    pub cookies: bool,
    /// Whether compressed replies are asked for, and read.
    pub compression: bool,
}
