//! The `capture` table of a step.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::diag::Spanned;
use crate::select::Selector;

/// Values to be captured, in order.
#[derive(Debug, Clone, Default)]
pub struct Capture(pub Vec<(String, Spanned<CaptureSpec>)>);

/// One value: where it stands, and what stands for it where it is missing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct CaptureSpec {
    /// Where it stands.
    pub from: Selector,
    /// What is taken where it stands nowhere; without it the iteration fails.
    #[serde(default)]
    pub default: Option<String>,
}

impl<'de> Deserialize<'de> for CaptureSpec {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct SelectorOrTable;
        impl<'de> Visitor<'de> for SelectorOrTable {
            type Value = CaptureSpec;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a selector, for example \"$.job_id\", or { from = \"$.job_id\", default = \"none\" }")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<CaptureSpec, E> {
                Ok(CaptureSpec { from: text.parse().map_err(E::custom)?, default: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CaptureSpec, A::Error> {
                CaptureSpec::deserialize(MapAccessDeserializer::new(map))
            }
        }
        from.deserialize_any(SelectorOrTable)
    }
}

impl<'de> Deserialize<'de> for Capture {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Table;
        impl<'de> Visitor<'de> for Table {
            type Value = Capture;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of selectors, for example { job_id = \"$.job_id\" }")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Capture, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(Capture(all))
            }
        }
        from.deserialize_map(Table)
    }
}

impl JsonSchema for Capture {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Capture".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let selector = generator.subschema_for::<Selector>();
        let table = generator.subschema_for::<CaptureSpec>();
        json_schema!({ "type": "object", "additionalProperties": { "anyOf": [selector, table] } })
    }
}
