//! A message of a stream as a plan writes it.

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Deserialize;

use super::http::body::{BodyTemplate, Builder};
use super::{Attachment, Frame};
use crate::diag::{Problem, Spanned};
use crate::protocol::RequestError;
use crate::protocol::SpecError;
use crate::template::{Slots, Values};

/// What is sent: exactly one of `json`, `text` and `binary`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageSpec {
    /// Any value, with `{{names}}` in its texts. Over gRPC the message as protobuf JSON.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub json: Option<Spanned<serde_json::Value>>,
    /// A text.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub text: Option<Spanned<String>>,
    /// The bytes of a text, as a binary message.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub binary: Option<Spanned<String>>,
}

/// A message ready to be filled in and sent.
#[derive(Debug, Clone)]
pub struct MessageTemplate {
    binary: bool,
    body: BodyTemplate,
}

impl MessageSpec {
    /// What is wrong with it.
    #[must_use]
    pub fn check(&self) -> Option<Problem> {
        let given = [
            self.json.is_some(),
            self.text.is_some(),
            self.binary.is_some(),
        ];
        let many = given.iter().filter(|given| **given).count();
        (many != 1).then(|| {
            Problem::error(
                "",
                "a message is exactly one of `json`, `text` and `binary`",
                "{ json = { type = \"start\" } }",
            )
        })
    }

    /// Encodes what no iteration changes, and binds the names of the rest to slots.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn compile(&self, slots: &mut Slots) -> Result<MessageTemplate, Vec<SpecError>> {
        let (mut body, mut flaws) = (Builder::default(), Vec::new());
        match (&self.json, &self.text, &self.binary) {
            (Some(json), _, _) => body.json(json.get_ref(), &json.span(), slots, &mut flaws),
            (_, Some(text), _) | (_, _, Some(text)) => {
                body.text(text.get_ref(), &text.span(), slots, &mut flaws);
            }
            _ => {}
        }
        let say = MessageTemplate {
            binary: self.binary.is_some(),
            body: body.finish(),
        };
        if flaws.is_empty() {
            Ok(say)
        } else {
            Err(flaws)
        }
    }
}

impl MessageTemplate {
    /// The bytes of the message of now.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn bytes(&self, values: &Values) -> Result<Bytes, RequestError> {
        let (payload, _) = self
            .body
            .render(values, &|_: &str| -> Option<Attachment> { None })?;
        Ok(match payload.parts() {
            [one] => one.clone(),
            parts => parts.concat().into(),
        })
    }

    /// The message as a WebSocket sends it.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn frame(&self, values: &Values) -> Result<Frame, RequestError> {
        let bytes = self.bytes(values)?;
        Ok(if self.binary {
            Frame::Binary(bytes)
        } else {
            Frame::Text(bytes)
        })
    }
}
