//! The values of a sweep: an array, or one text with blanks or commas between them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde_json::Value;

/// Values in the order in which they are taken.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::plan) struct SweepValues(pub(in crate::plan) Vec<Value>);

impl SweepValues {
    /// `1 2 3` and `1,2,3` are three values.
    pub(in crate::plan) fn of_text(text: &str) -> Self {
        let words = text.split(|c: char| c == ',' || c.is_whitespace());
        Self(words.filter(|word| !word.is_empty()).map(typed).collect())
    }
}

/// The value as documents and rules name it: `3`, `0.5`, `5/s`.
pub(in crate::plan) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A word as the number that it reads as.
fn typed(word: &str) -> Value {
    let number = serde_json::from_str::<serde_json::Number>(word);
    number.map_or_else(|_| Value::String(word.to_owned()), Value::Number)
}

impl<'de> Deserialize<'de> for SweepValues {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct ValuesVisitor;
        impl<'de> Visitor<'de> for ValuesVisitor {
            type Value = SweepValues;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values, for example [1, 2, 4, 8] or \"1 2 4 8\"")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<SweepValues, E> {
                Ok(SweepValues::of_text(text))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<SweepValues, E> {
                Ok(SweepValues(vec![value.into()]))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<SweepValues, E> {
                Ok(SweepValues(vec![value.into()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<SweepValues, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element::<Value>()? {
                    values.push(match value {
                        Value::String(text) => typed(&text),
                        Value::Number(_) => value,
                        other => {
                            return Err(A::Error::custom(format!(
                                "`{other}` is not a value of a sweep: write numbers or texts"
                            )));
                        }
                    });
                }
                Ok(SweepValues(values))
            }
        }
        from.deserialize_any(ValuesVisitor)
    }
}

impl schemars::JsonSchema for SweepValues {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SweepValues".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "values of a sweep",
            "anyOf": [
                { "type": ["string", "number"] },
                { "type": "array", "items": { "type": ["string", "number"] } }
            ],
            "examples": [[1, 2, 4, 8], "1 2 3"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbers_where_they_read_as_one() {
        for (text, expected) in [
            ("values = [1, 2, 4]", vec!["1", "2", "4"]),
            ("values = '1 2  4'", vec!["1", "2", "4"]),
            ("values = '1,2, 4'", vec!["1", "2", "4"]),
            ("values = ['5/s', '10/s']", vec!["5/s", "10/s"]),
            ("values = [0.5, 'large']", vec!["0.5", "large"]),
            ("values = 3", vec!["3"]),
            ("values = ''", vec![]),
        ] {
            #[derive(serde::Deserialize)]
            struct Doc {
                values: SweepValues,
            }
            let doc: Doc = toml::from_str(text).unwrap();
            let values: Vec<String> = doc.values.0.iter().map(written).collect();
            assert_eq!(values, expected, "{text}");
        }
        assert!(SweepValues::of_text("3").0[0].is_number());
    }
}
