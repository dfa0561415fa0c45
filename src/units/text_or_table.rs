//! What a plan may write as one text or as a table.

use schemars::{Schema, json_schema};

/// Reads a type that derives `Deserialize` with `#[serde(remote = "Self")]` from a text or from its table, by the live deserializer, so
/// that errors keep their place. The last argument makes it of a text.
macro_rules! text_or_table {
    ($type:ty, $expected:literal, |$text:ident| $from_text:expr) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct ShortForm;
                impl<'de> serde::de::Visitor<'de> for ShortForm {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, $text: &str) -> Result<$type, E> {
                        $from_text
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        map: A,
                    ) -> Result<$type, A::Error> {
                        <$type>::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                    }
                }
                from.deserialize_any(ShortForm)
            }
        }
    };
}
pub(crate) use text_or_table;

/// Gives the schema of such a table its short form; for `#[schemars(transform = or_text)]`.
pub(crate) fn or_text(schema: &mut Schema) {
    let table = std::mem::take(schema);
    *schema = json_schema!({ "anyOf": [{ "type": "string", "description": "Short form: the value of its first key." }, table] });
}
