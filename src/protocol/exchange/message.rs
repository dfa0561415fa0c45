//! One message of a streamed reply.

use std::cell::OnceCell;

use ::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

use super::codec::Codec;
use crate::clock::Tick;
use crate::select::Evidence;

/// One message, when it came, and the head of the reply that it belongs to.
#[derive(Debug)]
pub struct Message<'a> {
    /// When its last byte was read from the socket.
    pub at: Tick,
    /// What it says: the data of an event, a line without its end, a piece.
    pub text: Bytes,
    /// The name of a server-sent event that has one.
    pub event: Option<String>,
    /// The id of a server-sent event that has one.
    pub id: Option<String>,
    status: u16,
    headers: &'a HeaderMap,
    /// What reads it, where it is not text.
    codec: Option<&'a dyn Codec>,
    read: OnceCell<Bytes>,
    json: OnceCell<Option<Value>>,
}

impl<'a> Message<'a> {
    /// A message of a reply with this status and these headers.
    #[must_use]
    pub const fn new(
        at: Tick,
        text: Bytes,
        event: Option<String>,
        status: u16,
        headers: &'a HeaderMap,
    ) -> Self {
        Self {
            at,
            text,
            event,
            id: None,
            status,
            headers,
            codec: None,
            read: OnceCell::new(),
            json: OnceCell::new(),
        }
    }

    /// The same message, read by a codec: its text is what it says as JSON.
    #[must_use]
    pub fn with_codec(self, codec: Option<&'a dyn Codec>) -> Self {
        Self { codec, ..self }
    }

    /// The same message with the id of its event.
    #[must_use]
    pub fn with_id(self, id: Option<String>) -> Self {
        Self { id, ..self }
    }

    /// Whether it was read as JSON in vain.
    #[must_use]
    pub fn is_no_json(&self) -> bool {
        matches!(self.json.get(), Some(None))
    }
}

impl Evidence for Message<'_> {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn named(&self, subject: &str) -> Option<Value> {
        let field = match subject {
            "event" => &self.event,
            "id" => &self.id,
            _ => return None,
        };
        field.as_deref().map(Value::from)
    }

    fn body(&self) -> &[u8] {
        match self.codec {
            None => &self.text,
            Some(_) => self.read.get_or_init(|| match self.json() {
                Some(json) => json.to_string().into(),
                None => self.text.clone(),
            }),
        }
    }

    fn spelled_out(&self, defaults: bool) -> Option<Value> {
        self.codec?.decode_spelled_out(&self.text, defaults)
    }

    fn json(&self) -> Option<&Value> {
        let read = || match self.codec {
            Some(codec) => codec.decode(&self.text),
            None => {
                let text = self.text.strip_prefix("\u{feff}".as_bytes());
                serde_json::from_slice(text.unwrap_or(&self.text)).ok()
            }
        };
        self.json.get_or_init(read).as_ref()
    }
}
