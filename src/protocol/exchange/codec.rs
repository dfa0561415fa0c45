//! Messages that are not text.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use super::failure::RequestError;

/// What encodes messages from JSON, and decodes them to JSON.
pub trait Codec: fmt::Debug {
    /// A message to the target, from JSON.
    ///
    /// # Errors
    /// Says what does not fit, with the nearest name.
    fn encode(&self, json: &[u8]) -> Result<Bytes, RequestError>;

    /// What a message of the target says; `None` where it is not of the type that it should be.
    fn decode(&self, message: &[u8]) -> Option<Value>;

    /// What a message to the target says.
    fn decode_request(&self, message: &[u8]) -> Option<Value>;
}
