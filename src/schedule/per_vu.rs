//! How many iterations each virtual user has.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

use crate::units::or_filled_later;

/// A number of iterations for each virtual user, or no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerVu {
    /// No limit.
    Unlimited,
    /// So many.
    Times(u64),
}

impl<'de> Deserialize<'de> for PerVu {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = PerVu;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or \"unlimited\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<PerVu, E> {
                if text == "unlimited" {
                    return Ok(PerVu::Unlimited);
                }
                let wrong =
                    || E::custom(format!("`{text}` is not a whole number or \"unlimited\""));
                text.parse().map(PerVu::Times).map_err(|_| wrong())
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<PerVu, E> {
                self.visit_str(&n.to_string())
            }
        }
        from.deserialize_any(Visitor)
    }
}

impl JsonSchema for PerVu {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "PerVu".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({
            "title": "count or \"unlimited\"",
            "type": ["integer", "string"],
            "minimum": 0,
            "pattern": r"^([0-9]+|unlimited)$"
        });
        or_filled_later(number, "a whole number or \"unlimited\"")
    }
}
