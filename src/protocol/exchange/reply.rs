//! What came back.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use ::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

use super::charset;
use super::codec::Codec;
use crate::protocol::Timing;
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
    /// The message that the body stands for, and what reads it.
    message: Option<(Arc<dyn Codec>, Bytes)>,
}

/// The close code that stands for a connection dropped without a close frame (RFC 6455, 7.4.1).
pub const DROPPED: u16 = 1006;

/// How a reply ended, in the words of its protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Closing {
    /// Its status says it.
    #[default]
    Status,
    /// A handshake was answered with something else.
    HandshakeRefused,
    /// A stream was closed with this code and reason; `None` while it is open.
    Code(Option<(u16, String)>),
    /// A stream without statuses has ended.
    End,
    /// A status that has a name, and the target's message.
    Named {
        /// The protocol, as it is written.
        protocol: &'static str,
        /// The name of the status.
        name: &'static str,
        /// What the target says of it; may be empty.
        message: String,
    },
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

    /// The reply whose body stands for this message.
    #[must_use]
    pub(crate) fn with_message(self, codec: Arc<dyn Codec>, message: Bytes) -> Self {
        Self {
            message: Some((codec, message)),
            ..self
        }
    }

    /// Whether its protocol calls the status good: 2xx, 101 of a stream with close codes, 0 of one with named statuses.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        match self.closing {
            Closing::Status => 200 <= self.status && self.status < 300,
            Closing::HandshakeRefused => false,
            Closing::Code(_) => self.status == 101,
            Closing::End => true,
            Closing::Named { .. } => self.status == 0,
        }
    }

    /// Whether the target has noticed first that the time was up.
    #[must_use]
    pub fn is_deadline_exceeded(&self) -> bool {
        matches!(&self.closing, Closing::Named { name, .. } if *name == "DEADLINE_EXCEEDED")
    }

    /// The close code of a stream.
    #[must_use]
    pub const fn close_code(&self) -> Option<u16> {
        match &self.closing {
            Closing::Code(Some((code, _))) => Some(*code),
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
            closing: Closing::Status,
            json: OnceCell::new(),
            message: None,
        }
    }
}

impl Evidence for Reply {
    fn status(&self) -> u16 {
        self.status
    }

    fn status_name(&self) -> Option<&str> {
        match self.closing {
            Closing::Named { name, .. } => Some(name),
            _ => None,
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn body(&self) -> &[u8] {
        &self.body
    }

    fn text(&self) -> Cow<'_, str> {
        charset::text_of(&self.headers, &self.body)
    }

    fn json(&self) -> Option<&Value> {
        let read = || {
            if charset::is_plain(&self.headers, &self.body) {
                serde_json::from_slice(&self.body).ok()
            } else {
                serde_json::from_str(&self.text()).ok()
            }
        };
        self.json.get_or_init(read).as_ref()
    }

    fn spelled_out(&self, defaults: bool) -> Option<Value> {
        let (codec, message) = self.message.as_ref()?;
        codec.decode_spelled_out(message, defaults)
    }

    fn named(&self, subject: &str) -> Option<Value> {
        self.close_code()
            .filter(|_| subject == "close")
            .map(Value::from)
    }
}
