//! One value or an array of them.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// What a plan may write as one value or as an array: `files = "a.wav"` or `files = ["a.wav", "b.wav"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneOrMany(PhantomData))
    }
}

struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one value or an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<List<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<List<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| List(vec![one]))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<List<T>, E> {
        T::deserialize(text.into_deserializer()).map(|one| List(vec![one]))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<List<T>, E> {
        T::deserialize(value.into_deserializer()).map(|one| List(vec![one]))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<List<T>, E> {
        T::deserialize(value.into_deserializer()).map(|one| List(vec![one]))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<List<T>, E> {
        T::deserialize(value.into_deserializer()).map(|one| List(vec![one]))
    }
}

/// One value as itself, any other number of them as an array.
impl<T: serde::Serialize> serde::Serialize for List<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(to),
            all => all.serialize(to),
        }
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_a_list_of_one() {
        #[derive(serde::Deserialize)]
        struct Doc {
            a: List<String>,
            b: List<u64>,
        }
        let doc: Doc = toml::from_str("a = \"x\"\nb = [1, 2]").expect("both forms");
        assert_eq!((doc.a.0, doc.b.0), (vec!["x".to_owned()], vec![1, 2]));
    }
}
