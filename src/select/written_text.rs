//! A text that a condition compares with.

use std::fmt;

use serde_json::{Map, Value};

use super::fill::{letters, plain, whole};
use super::number::ExactNumber;

/// What stands behind `is` or `contains`: plain words, a text in quotes, or a list or an object as JSON.
#[derive(Debug, Clone)]
pub struct WrittenText {
    text: String,
    meant: Meant,
}

#[derive(Debug, Clone)]
enum Meant {
    /// Any value that has these letters, or is the number that they read as.
    Letters(Option<ExactNumber>),
    /// A text, with the blanks at its ends.
    Quoted,
    /// A list or an object, in whatever order its keys are.
    Json(Value),
}

impl WrittenText {
    /// Reads it; a value that stands alone is itself.
    pub(super) fn read(text: &str, values: &[Value]) -> Self {
        let filled = plain(text, values).into_owned();
        match whole(text, values) {
            Some(value @ (Value::Array(_) | Value::Object(_))) => {
                let meant = Meant::Json(value.clone());
                return Self {
                    text: filled,
                    meant,
                };
            }
            Some(_) => return Self::of_letters(filled),
            None => {}
        }
        if let Some(inner) = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            // A text of JSON, or letters between quotes where they are none.
            let read: Option<String> = serde_json::from_str(text).ok();
            let inner = read.unwrap_or_else(|| inner.to_owned());
            return Self {
                text: plain(&inner, values).into_owned(),
                meant: Meant::Quoted,
            };
        }
        match serde_json::from_str(&filled) {
            Ok(json @ (Value::Array(_) | Value::Object(_))) => Self {
                text: filled,
                meant: Meant::Json(json),
            },
            _ => Self::of_letters(filled),
        }
    }

    fn of_letters(text: String) -> Self {
        let number = ExactNumber::read(&text);
        Self {
            text,
            meant: Meant::Letters(number),
        }
    }

    /// Its letters.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a value is this.
    pub(super) fn is(&self, value: &Value) -> bool {
        match (&self.meant, value) {
            (Meant::Quoted, value) => value.as_str() == Some(&self.text),
            (Meant::Json(wanted), Value::Array(_) | Value::Object(_)) => is_same(value, wanted),
            (Meant::Letters(Some(wanted)), Value::Number(_)) => {
                ExactNumber::of(value).is_some_and(|number| number == *wanted)
            }
            _ => letters(value) == self.text,
        }
    }
}

impl From<&str> for WrittenText {
    fn from(text: &str) -> Self {
        Self::of_letters(text.to_owned())
    }
}

impl fmt::Display for WrittenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meant {
            Meant::Json(_) => f.write_str(&self.text),
            Meant::Letters(_) | Meant::Quoted => write!(f, "{:?}", self.text),
        }
    }
}

/// Whether two values are the same JSON: the order of keys does not count, nor how a number is written.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(_), Value::Number(_)) => ExactNumber::of(one) == ExactNumber::of(other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => is_same_object(one, other),
        _ => one == other,
    }
}

fn is_same_object(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let same =
        |(key, value): (&String, &Value)| other.get(key).is_some_and(|other| is_same(value, other));
    one.len() == other.len() && one.iter().all(same)
}
