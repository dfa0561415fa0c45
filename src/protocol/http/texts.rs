//! `NAME = text` in the order of the plan.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::diag::Spanned;
use crate::template::Template;
use crate::units::named_list;

/// A table of texts, in the order of the plan: headers, a query.
#[derive(Debug, Clone, Default)]
pub struct TextMap(pub Vec<(String, Spanned<MapText>)>);

/// A text; numbers and flags are written as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapText(pub String);

impl TextMap {
    /// The names in `{{ }}` of all the texts that can be read.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let templates = self
            .0
            .iter()
            .filter_map(|(_, text)| Template::parse(&text.get_ref().0).ok());
        templates.flat_map(|template| template.names().map(str::to_owned).collect::<Vec<_>>())
    }

    /// The texts that are known before anything was captured, without the empty ones.
    pub fn known(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().filter_map(|(name, text)| {
            let template = Template::parse(&text.get_ref().0).ok()?;
            Some((
                name.as_str(),
                template
                    .literal()
                    .filter(|text| !text.is_empty())?
                    .to_owned(),
            ))
        })
    }
}

impl<'de> Deserialize<'de> for TextMap {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        named_list(from, "a table of texts").map(Self)
    }
}

impl<'de> Deserialize<'de> for MapText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;
        impl Visitor<'_> for ScalarVisitor {
            type Value = MapText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<MapText, E> {
                Ok(MapText(text.to_owned()))
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<MapText, E> {
                Ok(MapText(value.to_string()))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<MapText, E> {
                Ok(MapText(value.to_string()))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<MapText, E> {
                Ok(MapText(value.to_string()))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<MapText, E> {
                Ok(MapText(value.to_string()))
            }
        }
        from.deserialize_any(ScalarVisitor)
    }
}

impl JsonSchema for TextMap {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Texts".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<MapText>() })
    }
}

impl JsonSchema for MapText {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "title": "text", "type": ["string", "number", "boolean"] })
    }
}
