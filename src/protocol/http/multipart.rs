//! Forms with files.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::body::Builder;
use super::file::{self, escaped, file_head};
use super::insert::{Insert, InsertSource, Slice};
use super::texts::MapText;
use crate::diag::{Span, Spanned};
use crate::protocol::SpecError;
use crate::template::{Slots, Template};
use crate::units::named_list;

/// Between two parts. Long and fixed: no clip contains it by chance, and equal requests have equal bytes.
pub(crate) const BOUNDARY: &str = "perfgate-7f3a91c2d85e4b06a1f9c4e27d60b83f";

/// The parts of a form in the order of the plan.
#[derive(Debug, Clone, Default)]
pub struct Parts(pub Vec<(String, Spanned<FormPart>)>);

/// One part of a form.
#[derive(Debug, Clone)]
pub enum FormPart {
    /// A text.
    Text(String),
    /// A clip or a file.
    Attached(Attached),
}

/// A part that is a clip or a file: exactly one of the two.
#[derive(Debug, Clone, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Attached {
    /// The clip of this pool.
    pub audio: Option<String>,
    /// The file at this path.
    pub file: Option<String>,
    /// The name to send it under; by default the clip's or the file's own.
    #[schemars(with = "Option<MapText>")]
    pub filename: Option<Spanned<MapText>>,
    /// Its media type; by default the clip's own or by the file's extension.
    #[schemars(with = "Option<MapText>")]
    pub r#type: Option<Spanned<MapText>>,
    /// Only this slice of it, counted from 0; needs `chunk_bytes`.
    #[schemars(with = "Option<MapText>")]
    pub chunk: Option<Spanned<MapText>>,
    /// How many bytes a slice has; the last may have fewer.
    #[schemars(with = "Option<MapText>")]
    pub chunk_bytes: Option<Spanned<MapText>>,
}

/// Encodes the parts into `body`.
pub(crate) fn encode(
    parts: &Parts,
    folder: &Path,
    body: &mut Builder,
    slots: &mut Slots,
    flaws: &mut Vec<SpecError>,
) {
    for (name, part) in &parts.0 {
        let span = part.span();
        body.fixed(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"",
                escaped(name)
            )
            .as_bytes(),
        );
        match part.get_ref() {
            FormPart::Text(text) => {
                body.fixed(b"\r\n\r\n");
                body.text(text, &span, slots, flaws);
            }
            FormPart::Attached(attached) => attach(attached, folder, body, &span, slots, flaws),
        }
        body.fixed(b"\r\n");
    }
    body.fixed(format!("--{BOUNDARY}--\r\n").as_bytes());
}

fn attach(
    part: &Attached,
    folder: &Path,
    body: &mut Builder,
    span: &Span,
    slots: &mut Slots,
    flaws: &mut Vec<SpecError>,
) {
    let slice = slice(part, span, slots, flaws);
    let mut bind = |text: &Option<Spanned<MapText>>| {
        let text = text.as_ref()?;
        match Template::parse(&text.get_ref().0) {
            Ok(template) => Some(template.bind(slots)),
            Err(error) => {
                flaws.push(SpecError::new(error.message, Some(text.span())));
                None
            }
        }
    };
    let names = Some((bind(&part.filename), bind(&part.r#type)));
    let named = part.filename.is_some() || part.r#type.is_some();
    match (&part.audio, &part.file) {
        (Some(pool), None) => body.insert(Insert {
            source: InsertSource::Pool(pool.clone()),
            part: names,
            slice,
        }),
        (None, Some(path)) => match file::read(path, folder) {
            Err(error) => flaws.push(SpecError::new(error.0, Some(span.clone()))),
            Ok(file) if slice.is_some() || named => {
                body.insert(Insert {
                    source: InsertSource::File(file),
                    part: names,
                    slice,
                });
            }
            Ok(file) => {
                body.fixed(file_head(&file.name, &file.content_type).as_bytes());
                file.parts.into_iter().for_each(|part| body.shared(part));
            }
        },
        _ => {
            let message = "a part is a text, or a table with exactly one of `audio` and `file`\n{ audio = \"POOL\" } or { file = \"PATH\" }";
            flaws.push(SpecError::new(message, Some(span.clone())));
        }
    }
}

fn slice(
    part: &Attached,
    span: &Span,
    slots: &mut Slots,
    flaws: &mut Vec<SpecError>,
) -> Option<Slice> {
    let mut bind = |text: &Spanned<MapText>| match Template::parse(&text.get_ref().0) {
        Ok(template) => Some(template.bind(slots)),
        Err(error) => {
            flaws.push(SpecError::new(error.message, Some(text.span())));
            None
        }
    };
    match (&part.chunk, &part.chunk_bytes) {
        (Some(chunk), Some(chunk_bytes)) => Some(Slice {
            chunk: bind(chunk)?,
            chunk_bytes: bind(chunk_bytes)?,
        }),
        (None, None) => None,
        _ => {
            let message =
                "`chunk` and `chunk_bytes` need each other: which slice, and how long each is";
            flaws.push(SpecError::new(message, Some(span.clone())));
            None
        }
    }
}

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        named_list(from, "a table of texts, clips and files").map(Self)
    }
}

impl<'de> Deserialize<'de> for FormPart {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct TextOrTable;
        impl<'de> Visitor<'de> for TextOrTable {
            type Value = FormPart;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a table with `audio` or `file`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<FormPart, E> {
                Ok(FormPart::Text(text.to_owned()))
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<FormPart, E> {
                Ok(FormPart::Text(value.to_string()))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<FormPart, E> {
                Ok(FormPart::Text(value.to_string()))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<FormPart, E> {
                Ok(FormPart::Text(value.to_string()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FormPart, A::Error> {
                Attached::deserialize(MapAccessDeserializer::new(map)).map(FormPart::Attached)
            }
        }
        from.deserialize_any(TextOrTable)
    }
}

impl JsonSchema for Parts {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Parts".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let attached = generator.subschema_for::<Attached>();
        let part = json_schema!({ "anyOf": [generator.subschema_for::<MapText>(), attached] });
        json_schema!({ "type": "object", "additionalProperties": part })
    }
}
