//! Several values of one kind, as an array or in one text.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// `[8, 1, 1]`, or `"8, 1, 1"` where only a text can be written, as in `--set`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamRecordRow<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de> + FromStr> Deserialize<'de> for StreamRecordRow<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ArrayOrText(PhantomData))
    }
}

struct ArrayOrText<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + FromStr> Visitor<'de> for ArrayOrText<T> {
    type Value = StreamRecordRow<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array, or a text with commas in it")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<StreamRecordRow<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(StreamRecordRow)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<StreamRecordRow<T>, E> {
        let text = text.trim();
        let text = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
            .unwrap_or(text);
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let read = parts.map(|part| {
            part.parse()
                .map_err(|_| E::custom(format!("`{part}` is no value of this list")))
        });
        read.collect::<Result<_, E>>().map(StreamRecordRow)
    }
}

impl<T: Serialize> Serialize for StreamRecordRow<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<T: JsonSchema> JsonSchema for StreamRecordRow<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("RowOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": generator.subschema_for::<T>() }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Count;

    #[test]
    fn an_array_and_a_text_are_the_same() {
        #[derive(serde::Deserialize)]
        struct Doc {
            a: StreamRecordRow<Count>,
            b: StreamRecordRow<String>,
        }
        let array: Doc = toml::from_str("a = [8, 1]\nb = ['uid']").expect("arrays");
        let text: Doc = toml::from_str("a = '8, 1'\nb = 'uid'").expect("texts");
        assert_eq!(
            (array.a.clone(), array.b.clone()),
            (
                StreamRecordRow(vec![Count(8), Count(1)]),
                StreamRecordRow(vec!["uid".to_owned()])
            )
        );
        assert_eq!((array.a, array.b), (text.a, text.b));
        assert!(toml::from_str::<Doc>("a = '8, x'\nb = ''").is_err());
    }
}
