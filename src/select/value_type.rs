//! What kind of value something is.

use std::fmt;

use serde_json::Value;

/// A type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A number.
    Number,
    /// An integer.
    Whole,
    /// A text.
    Text,
    /// True or false.
    Flag,
    /// A list.
    List,
    /// An object.
    Object,
}

const NAMES: [(&str, ValueType); 6] = [
    ("a number", ValueType::Number),
    ("a whole number", ValueType::Whole),
    ("a text", ValueType::Text),
    ("a flag", ValueType::Flag),
    ("a list", ValueType::List),
    ("an object", ValueType::Object),
];

impl ValueType {
    /// The type that these words name, for example `a whole number`.
    pub(super) fn read(words: &str) -> Option<Self> {
        let same = |name: &str| name.split(' ').eq(words.split_whitespace());
        NAMES
            .iter()
            .find(|(name, _)| same(name))
            .map(|(_, own)| *own)
    }

    /// Whether a value is of it.
    pub(super) fn is_of(self, value: &Value) -> bool {
        match self {
            Self::Number => value.is_number(),
            Self::Whole => {
                value.is_i64()
                    || value.is_u64()
                    || value.as_f64().is_some_and(|it| it.fract() == 0.0)
            }
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = NAMES.iter().find(|(_, own)| own == self);
        f.write_str(own.map_or("", |(name, _)| name))
    }
}
