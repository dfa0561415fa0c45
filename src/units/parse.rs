//! Reading a number with its unit, and reading any quantity from TOML as a scalar or a string.

use thiserror::Error;

/// Why a text is not the quantity it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not {expected}{}", self.example.map(|example| format!(", for example {example}")).unwrap_or_default())]
pub struct UnitError {
    /// What was written.
    pub text: String,
    /// What should have been written.
    pub expected: &'static str,
    /// How it may look.
    pub example: Option<&'static str>,
}

impl UnitError {
    /// `text` is none of what is expected.
    #[must_use]
    pub fn new(text: &str, expected: &'static str, example: Option<&'static str>) -> Self {
        Self {
            text: text.to_owned(),
            expected,
            example,
        }
    }

    /// What is wrong in the first line, and in the second what to write.
    #[must_use]
    pub fn advised(&self) -> String {
        let Self { text, expected, .. } = self;
        let number = text.trim().parse::<f64>();
        let advice = match (*expected, self.example) {
            ("a whole number", _) if number.as_ref().is_ok_and(|number| *number < 0.0) => {
                return format!(
                    "`{text}` is below zero\nwrite a number without a sign, for example 4"
                );
            }
            ("a whole number", _) => {
                "write a number without sign and point, for example 4".to_owned()
            }
            ("a number", _) => "write for example 1.5".to_owned(),
            ("`true` or `false`", _) => "write true or false, without quotes or in them".to_owned(),
            ("a duration" | "a duration or a range", _) if number.is_ok() => {
                format!(
                    "write \"{text}s\" for {text} seconds, \"{text}ms\" for {text} milliseconds"
                )
            }
            ("a rate", _) if number.is_ok() => {
                format!(
                    "write \"{text}/s\" for {text} a second, \"{text}/min\" for {text} a minute"
                )
            }
            ("a duration or a number of iterations", _) if number.is_ok() => {
                format!("write \"{text}s\" for {text} seconds, \"{text} iterations\" for a count")
            }
            (_, Some(example)) => format!("write for example {example}"),
            (_, None) => return self.to_string(),
        };
        format!("`{text}` is not {expected}\n{advice}")
    }
}

/// Splits `12.5 MB` into its number and its unit, both trimmed. `None` where there is no number.
pub(super) fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text
        .char_indices()
        .find(|(at, c)| {
            !(c.is_ascii_digit()
                || *c == '.'
                || *c == '_'
                || (*at == 0 && (*c == '-' || *c == '+')))
        })
        .map_or(text.len(), |(at, _)| at);
    let number: f64 = text[..end].replace('_', "").parse().ok()?;
    number.is_finite().then(|| (number, text[end..].trim()))
}

/// What a text of a plan has in it where its value is not known before the plan is read, as a regular expression (ECMA 262).
pub const FILLED_LATER: &str = r"\$\{|\{\{";

/// The schema of something that a text may stand for: of texts either its `pattern` holds, or the text is filled in later.
#[must_use]
pub fn or_filled_later(mut schema: schemars::Schema, expected: &str) -> schemars::Schema {
    if let Some(pattern) = schema.get("pattern").and_then(serde_json::Value::as_str) {
        let either = format!("{FILLED_LATER}|{pattern}");
        schema.insert("pattern".to_owned(), either.into());
    }
    schema.insert("description".to_owned(), expected.into());
    schema
}

/// Gives a type with `FromStr` its serde and schema traits: a plan may write it as a string or as a bare scalar. The schema
/// holds what an editor can check; its `pattern` is about strings.
macro_rules! plan_scalar {
    (described $type:ty, $described:expr, $schema:tt) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct ScalarVisitor;
                impl serde::de::Visitor<'_> for ScalarVisitor {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($described)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse()
                            .map_err(|error: $crate::units::UnitError| E::custom(error.advised()))
                    }
                    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<$type, E> {
                        self.visit_str(&value.to_string())
                    }
                    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<$type, E> {
                        self.visit_str(&value.to_string())
                    }
                    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<$type, E> {
                        self.visit_str(&value.to_string())
                    }
                    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<$type, E> {
                        self.visit_str(&value.to_string())
                    }
                }
                from.deserialize_any(ScalarVisitor)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
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
                $crate::units::or_filled_later(schemars::json_schema!($schema), $described)
            }
        }
    };
    ($type:ty, $expected:literal, $schema:tt) => {
        plan_scalar!(described $type, $expected, $schema);
    };
    ($type:ty, $expected:literal, $example:literal, $schema:tt) => {
        plan_scalar!(described $type, concat!($expected, ", for example ", $example), $schema);
    };
}
pub(super) use plan_scalar;
