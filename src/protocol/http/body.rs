//! Bodies encoded once: what no iteration changes is shared, and only the rest is written each time.

use bytes::Bytes;
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::super::{Attachment, Payload};
use super::insert::{Insert, InsertSource};
use super::texts::TextMap;
use crate::diag::Span;
use crate::protocol::RequestError;
use crate::protocol::SpecError;
use crate::template::{Bound, Slots, Template, Values};

/// A body with holes.
#[derive(Debug, Clone)]
pub(crate) struct BodyTemplate {
    pieces: Vec<BodyPiece>,
    /// The whole of it, where it has no holes.
    fixed: Option<Payload>,
}

#[derive(Debug, Clone)]
enum BodyPiece {
    Fixed(Bytes),
    Text(Bound),
    /// A value as JSON.
    Json(Bound),
    /// A text as a form of a web page writes it.
    Encoded(Bound),
    Insert(Box<Insert>),
}

impl BodyTemplate {
    pub(crate) fn pools(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            BodyPiece::Insert(insert) => match &insert.source {
                InsertSource::Pool(pool) => Some(pool.as_str()),
                InsertSource::File(_) => None,
            },
            _ => None,
        })
    }

    /// The body of now, and the media type of the clip that is all of it.
    pub(crate) fn render(
        &self,
        values: &Values,
        attachment: &dyn Fn(&str) -> Option<Attachment>,
    ) -> Result<(Payload, Option<String>), RequestError> {
        if let Some(fixed) = &self.fixed {
            return Ok((fixed.clone(), None));
        }
        let (mut parts, mut fresh, mut content_type) = (Vec::new(), Vec::new(), None);
        for piece in &self.pieces {
            match piece {
                BodyPiece::Fixed(bytes) => share(&mut parts, &mut fresh, bytes.clone()),
                BodyPiece::Text(bound) => {
                    let mut text = String::new();
                    bound
                        .render(values, &mut text)
                        .map_err(|missing| missing.to_string())?;
                    fresh.extend_from_slice(text.as_bytes());
                }
                BodyPiece::Json(bound) => {
                    let value = bound.view(values).map_err(|missing| missing.to_string())?;
                    serde_json::to_writer(&mut fresh, &*value)
                        .map_err(|error| error.to_string())?;
                }
                BodyPiece::Encoded(bound) => {
                    let mut text = String::new();
                    bound
                        .render(values, &mut text)
                        .map_err(|missing| missing.to_string())?;
                    byte_serialize(text.as_bytes())
                        .for_each(|part| fresh.extend_from_slice(part.as_bytes()));
                }
                BodyPiece::Insert(insert) => {
                    let (head, inserted, own_type) = insert.render(values, attachment)?;
                    fresh.extend_from_slice(head.as_bytes());
                    inserted
                        .into_iter()
                        .for_each(|part| share(&mut parts, &mut fresh, part));
                    content_type = own_type.or(content_type);
                }
            }
        }
        share(&mut parts, &mut fresh, Bytes::new());
        Ok((Payload::new(parts), content_type))
    }
}

fn share(parts: &mut Vec<Bytes>, fresh: &mut Vec<u8>, shared: Bytes) {
    parts.push(Bytes::from(std::mem::take(fresh)));
    parts.push(shared);
}

/// Gathers a body, what is fixed in as few pieces as possible.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pieces: Vec<BodyPiece>,
    open: Vec<u8>,
}

impl Builder {
    pub(crate) fn fixed(&mut self, bytes: &[u8]) {
        self.open.extend_from_slice(bytes);
    }

    /// Bytes that are large and not to be copied.
    pub(crate) fn shared(&mut self, bytes: Bytes) {
        self.push(BodyPiece::Fixed(bytes));
    }

    pub(crate) fn text(
        &mut self,
        text: &str,
        span: &Span,
        slots: &mut Slots,
        flaws: &mut Vec<SpecError>,
    ) {
        match Template::parse(text) {
            Err(error) => flaws.push(SpecError::new(error.message, Some(span.clone()))),
            Ok(template) => match template.literal() {
                Some(literal) => self.fixed(literal.as_bytes()),
                None => self.push(BodyPiece::Text(template.bind(slots))),
            },
        }
    }

    pub(crate) fn json(
        &mut self,
        value: &Value,
        span: &Span,
        slots: &mut Slots,
        flaws: &mut Vec<SpecError>,
    ) {
        match value {
            Value::String(text) => match Template::parse(text) {
                Err(error) => flaws.push(SpecError::new(error.message, Some(span.clone()))),
                Ok(template) => match template.constant() {
                    Some(constant) => self.fixed(constant.to_string().as_bytes()),
                    None => self.push(BodyPiece::Json(template.bind(slots))),
                },
            },
            Value::Array(all) => {
                self.fixed(b"[");
                for (nth, element) in all.iter().enumerate() {
                    self.fixed(if nth == 0 { b"" } else { b"," });
                    self.json(element, span, slots, flaws);
                }
                self.fixed(b"]");
            }
            Value::Object(all) => {
                self.fixed(b"{");
                for (nth, (key, element)) in all.iter().enumerate() {
                    self.fixed(if nth == 0 { b"" } else { b"," });
                    self.fixed(Value::from(key.as_str()).to_string().as_bytes());
                    self.fixed(b":");
                    self.json(element, span, slots, flaws);
                }
                self.fixed(b"}");
            }
            scalar => self.fixed(scalar.to_string().as_bytes()),
        }
    }

    /// The fields of a form of a web page.
    pub(crate) fn form(&mut self, fields: &TextMap, slots: &mut Slots, flaws: &mut Vec<SpecError>) {
        for (nth, (name, text)) in fields.0.iter().enumerate() {
            self.fixed(if nth == 0 { b"" } else { b"&" });
            byte_serialize(name.as_bytes()).for_each(|part| self.fixed(part.as_bytes()));
            self.fixed(b"=");
            match Template::parse(&text.get_ref().0) {
                Err(error) => flaws.push(SpecError::new(error.message, Some(text.span()))),
                Ok(template) => match template.literal() {
                    Some(text) => {
                        byte_serialize(text.as_bytes())
                            .for_each(|part| self.fixed(part.as_bytes()));
                    }
                    None => self.push(BodyPiece::Encoded(template.bind(slots))),
                },
            }
        }
    }

    pub(crate) fn insert(&mut self, insert: Insert) {
        self.push(BodyPiece::Insert(Box::new(insert)));
    }

    fn push(&mut self, piece: BodyPiece) {
        self.close();
        self.pieces.push(piece);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.pieces
                .push(BodyPiece::Fixed(Bytes::from(std::mem::take(
                    &mut self.open,
                ))));
        }
    }

    pub(crate) fn finish(mut self) -> BodyTemplate {
        self.close();
        let fixed: Option<Vec<Bytes>> = self
            .pieces
            .iter()
            .map(|piece| match piece {
                BodyPiece::Fixed(bytes) => Some(bytes.clone()),
                _ => None,
            })
            .collect();
        BodyTemplate {
            fixed: fixed.map(Payload::new),
            pieces: self.pieces,
        }
    }
}
