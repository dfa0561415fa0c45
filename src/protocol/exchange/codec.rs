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

    /// The same with every spelling of its names, and with fields that have their default value where `defaults` says so.
    fn decode_spelled_out(&self, _message: &[u8], _defaults: bool) -> Option<Value> {
        None
    }

    /// Whether a call that ends well has brought one message, no more and no less.
    fn replies_once(&self) -> bool {
        false
    }

    /// What a message to the target says.
    fn decode_request(&self, message: &[u8]) -> Option<Value>;
}
