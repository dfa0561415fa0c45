//! What came back.

use std::cell::OnceCell;

use ::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

use super::Timing;
use crate::select::Evidence;

/// A whole reply.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// When what happened.
    pub timing: Timing,
    /// How it ended, in the words of its protocol.
    pub closing: Closing,
    json: OnceCell<Option<Value>>,
}

/// The close code that stands for a WebSocket dropped without a close frame (RFC 6455, 7.4.1).
pub const DROPPED: u16 = 1006;

/// How a reply ended, in the words of its protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Closing {
    /// An HTTP reply: its status says it.
    #[default]
    Http,
    /// The handshake of a WebSocket was answered with something else.
    NoWebSocket,
    /// A WebSocket was closed with this code and reason; `None` while it is open.
    WebSocket(Option<(u16, String)>),
    /// A gRPC call ended with this status, by its name, and this message.
    Grpc(&'static str, String),
}

impl Reply {
    /// The reply with its end.
    #[must_use]
    pub fn closed(self, closing: Closing) -> Self {
        Self { closing, ..self }
    }

    /// The reply with another body.
    #[must_use]
    pub fn with_body(self, body: Bytes) -> Self {
        Self {
            body,
            json: OnceCell::new(),
            ..self
        }
    }

    /// Whether its protocol calls the status good: a 2xx of HTTP, a WebSocket's 101, gRPC's OK.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        match self.closing {
            Closing::Http => 200 <= self.status && self.status < 300,
            Closing::NoWebSocket => false,
            Closing::WebSocket(_) => self.status == 101,
            Closing::Grpc(..) => self.status == 0,
        }
    }

    /// The close code of a WebSocket.
    #[must_use]
    pub const fn close_code(&self) -> Option<u16> {
        match &self.closing {
            Closing::WebSocket(Some((code, _))) => Some(*code),
            _ => None,
        }
    }

    /// A reply of these parts.
    #[must_use]
    pub fn new(status: u16, headers: HeaderMap, body: Bytes, timing: Timing) -> Self {
        Self {
            status,
            headers,
            body,
            timing,
            closing: Closing::Http,
            json: OnceCell::new(),
        }
    }
}

impl Evidence for Reply {
    fn status(&self) -> u16 {
        self.status
    }

    fn status_name(&self) -> Option<&str> {
        match self.closing {
            Closing::Grpc(name, _) => Some(name),
            _ => None,
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn body(&self) -> &[u8] {
        &self.body
    }

    fn json(&self) -> Option<&Value> {
        self.json
            .get_or_init(|| serde_json::from_slice(&self.body).ok())
            .as_ref()
    }

    fn named(&self, subject: &str) -> Option<Value> {
        self.close_code()
            .filter(|_| subject == "close")
            .map(Value::from)
    }
}
