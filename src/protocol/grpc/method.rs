//! A method with the types of its messages, and messages from JSON and to JSON.

use bytes::{BufMut, Bytes, BytesMut};
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, MethodDescriptor, SerializeOptions};
use serde_json::{Map, Value};

use super::fit;
use crate::diag::nearest;
use crate::protocol::RequestError;
use crate::protocol::exchange::codec::Codec;

/// A method as its description has it.
#[derive(Debug, Clone)]
pub(super) struct GrpcMethod {
    input: MessageDescriptor,
    output: MessageDescriptor,
    takes_many: bool,
    replies_once: bool,
}

/// As protobuf JSON, but with the names of the description; fields that have their default value are left out.
const AS_JSON: SerializeOptions = SerializeOptions::new()
    .use_proto_field_name(true)
    .skip_default_fields(true)
    .stringify_64_bit_integers(false);

impl GrpcMethod {
    pub(crate) fn new(described: &MethodDescriptor) -> Self {
        Self {
            input: described.input(),
            output: described.output(),
            takes_many: described.is_client_streaming(),
            replies_once: !described.is_server_streaming(),
        }
    }

    /// Whether it takes many messages.
    #[must_use]
    pub(super) const fn takes_many(&self) -> bool {
        self.takes_many
    }

    /// What of a request, as a plan writes it, can never be sent. Each says its field.
    #[must_use]
    pub(super) fn misfits(&self, json: &Value) -> Vec<String> {
        fit::misfits(&self.input, json)
    }

    /// What goes before the bytes of a chunk of audio, by its length: a request with nothing but this field.
    ///
    /// # Errors
    /// Says why the field takes no bytes, with the nearest name.
    pub(super) fn field(&self, name: &str) -> Result<BytesField, RequestError> {
        let known = || {
            self.input
                .fields()
                .filter(|field| field.kind() == Kind::Bytes)
        };
        match self.input.get_field_by_name(name) {
            Some(field) if field.kind() == Kind::Bytes && !field.is_list() => Ok(BytesField {
                number: field.number(),
            }),
            Some(_) => Err(RequestError(format!(
                "`{name}` of {} takes no bytes",
                self.input.full_name()
            ))),
            None => {
                let names: Vec<String> = known().map(|field| field.name().to_owned()).collect();
                let help = match (nearest(name, names.iter().map(String::as_str)), names.len()) {
                    (Some(close), _) => format!("did you mean `{close}`?"),
                    (None, 0) => "none of its fields takes bytes".to_owned(),
                    (None, _) => format!("its fields of bytes are {}", names.join(", ")),
                };
                Err(RequestError(format!(
                    "{} has no field `{name}`: {help}",
                    self.input.full_name()
                )))
            }
        }
    }
}

/// Messages are protobuf JSON.
impl Codec for GrpcMethod {
    fn encode(&self, json: &[u8]) -> Result<Bytes, RequestError> {
        let name = self.input.full_name();
        let json: Value =
            serde_json::from_slice(json).map_err(|error| format!("no {name}: {error}"))?;
        let message = fit::read(&self.input, &json).map_err(|error| {
            fit::misfits(&self.input, &json)
                .into_iter()
                .next()
                .unwrap_or_else(|| format!("no {name}: {error}"))
        })?;
        Ok(message.encode_to_vec().into())
    }

    fn decode_spelled_out(&self, message: &[u8], defaults: bool) -> Option<Value> {
        let message = DynamicMessage::decode(self.output.clone(), message).ok()?;
        let [own, other] = [true, false].map(|own| {
            let options = AS_JSON
                .use_proto_field_name(own)
                .skip_default_fields(!defaults);
            let json = message.serialize_with_options(serde_json::value::Serializer, &options);
            json.ok()
        });
        Some(both(own?, other?))
    }

    fn replies_once(&self) -> bool {
        self.replies_once
    }

    fn decode_request(&self, message: &[u8]) -> Option<Value> {
        let message = DynamicMessage::decode(self.input.clone(), message).ok()?;
        message
            .serialize_with_options(serde_json::value::Serializer, &AS_JSON)
            .ok()
    }

    fn decode(&self, message: &[u8]) -> Option<Value> {
        let message = DynamicMessage::decode(self.output.clone(), message).ok()?;
        message
            .serialize_with_options(serde_json::value::Serializer, &AS_JSON)
            .ok()
    }
}

/// One value with the names of both: they differ in nothing else, and have their fields in the same order.
fn both(own: Value, other: Value) -> Value {
    match (own, other) {
        (Value::Object(own), Value::Object(other)) => {
            let mut all = Map::new();
            for ((name, value), (spelled, other)) in own.into_iter().zip(other) {
                let value = both(value, other);
                if spelled != name {
                    all.insert(spelled, value.clone());
                }
                all.insert(name, value);
            }
            Value::Object(all)
        }
        (Value::Array(own), Value::Array(other)) => own
            .into_iter()
            .zip(other)
            .map(|(a, b)| both(a, b))
            .collect(),
        (own, _) => own,
    }
}

/// A field of bytes, and nothing else of the message.
#[derive(Debug, Clone, Copy)]
pub(super) struct BytesField {
    number: u32,
}

impl BytesField {
    /// The whole message with these bytes in the field.
    #[must_use]
    pub(super) fn message(self, bytes: &[u8]) -> Bytes {
        let mut message = BytesMut::with_capacity(bytes.len() + 12);
        encode_key(self.number, WireType::LengthDelimited, &mut message);
        encode_varint(bytes.len() as u64, &mut message);
        message.put_slice(bytes);
        message.freeze()
    }
}
