//! How what is selected by is read from a plan's texts.

/// Gives a type with `FromStr` its `Deserialize` from a string, by the live deserializer, so that errors keep their place.
macro_rules! plan_text {
    ($type:ty, $title:literal, $expected:literal, $examples:tt) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct SelectVisitor;
                impl serde::de::Visitor<'_> for SelectVisitor {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        $crate::select::fill::without_names(text)
                            .and_then(|text| text.parse())
                            .map_err(E::custom)
                    }
                }
                from.deserialize_str(SelectVisitor)
            }
        }

        impl $crate::select::FillIn for $type {
            const EXPECTED: &'static str = $expected;

            fn fill_in(
                written: &serde_json::Value,
                values: &[serde_json::Value],
            ) -> Result<Self, $crate::select::SelectError> {
                Self::read($crate::select::fill::text_of(written), values)
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "title": $title, "type": "string", "description": $expected, "examples": $examples
                })
            }
        }
    };
}
pub(super) use plan_text;
