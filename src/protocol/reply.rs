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
    json: OnceCell<Option<Value>>,
}

impl Reply {
    /// A reply of these parts.
    #[must_use]
    pub fn new(status: u16, headers: HeaderMap, body: Bytes, timing: Timing) -> Self {
        Self { status, headers, body, timing, json: OnceCell::new() }
    }
}

impl Evidence for Reply {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn body(&self) -> &[u8] {
        &self.body
    }

    fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_slice(&self.body).ok()).as_ref()
    }
}
