//! Whether a condition holds of a value.

use std::borrow::Cow;

use serde_json::Value;

use super::condition::number;
use super::{Condition, Found};

impl Condition {
    /// Whether it holds of what was found: of every value, and, but for `absent`, there must be one.
    /// Else the value it does not hold of, `None` where nothing was found.
    pub(super) fn holds_of<'f, 'a>(
        &self,
        found: &'f [Found<'a>],
    ) -> Result<(), Option<&'f Found<'a>>> {
        match (self, found.first()) {
            (Self::Absent, None) => Ok(()),
            (Self::Absent, some) => Err(some),
            (_, None) => Err(None),
            _ => found
                .iter()
                .find(|value| !self.holds(value))
                .map_or(Ok(()), |value| Err(Some(value))),
        }
    }

    fn holds(&self, value: &Value) -> bool {
        let compared = |wanted: &dyn Fn(f64) -> bool| as_number(value).is_some_and(wanted);
        match self {
            Self::Is(wanted) => is(value, wanted),
            Self::IsText(wanted) => is_text(value, wanted),
            Self::IsNot(wanted) => !is_text(value, wanted),
            Self::OneOf(wanted) => wanted.iter().any(|wanted| is(value, wanted)),
            Self::Below(bound) => compared(&|number| number < *bound),
            Self::AtMost(bound) => compared(&|number| number <= *bound),
            Self::Above(bound) => compared(&|number| number > *bound),
            Self::AtLeast(bound) => compared(&|number| number >= *bound),
            Self::Between(from, to) => compared(&|number| (*from..=*to).contains(&number)),
            Self::Contains(wanted) => match value {
                Value::Array(all) => all.iter().any(|element| is_text(element, wanted)),
                other => text(other).contains(wanted.as_str()),
            },
            Self::Matches(regex) => regex.is_match(&text(value)),
            Self::Present => true,
            Self::Absent => false,
            Self::Empty => is_empty(value),
            Self::NotEmpty => !is_empty(value),
            Self::Has(keys) => keys.iter().all(|key| value.get(key).is_some()),
        }
    }
}

/// Numbers are compared as numbers, also with a text that reads as one: headers are texts.
fn is(value: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::String(wanted) => is_text(value, wanted),
        Value::Number(wanted) => {
            as_number(value).is_some_and(|number| Some(number) == wanted.as_f64())
        }
        Value::Bool(wanted) => text(value) == if *wanted { "true" } else { "false" },
        other => value == other,
    }
}

fn is_text(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Number(_) if text(value) != wanted => {
            number(wanted).is_some_and(|number| as_number(value) == Some(number))
        }
        _ => text(value) == wanted,
    }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => number(text),
        _ => None,
    }
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn holds_or_not() {
        for (condition, values, holds) in [
            ("200", json!([200]), true),
            ("200", json!(["200"]), true),
            ("200", json!([201]), false),
            ("true", json!([true]), true),
            ("true", json!(["true"]), true),
            ("true", json!([1]), false),
            ("> 0", json!([1]), true),
            ("> 0", json!(["0.5"]), true),
            ("> 0", json!([0]), false),
            ("> 0", json!(["many"]), false),
            ("> 0", json!([1, 2, 0]), false),
            ("1 .. 5", json!([1, 5, 2.5]), true),
            ("1 .. 5", json!([5.1]), false),
            ("is completed", json!(["completed"]), true),
            ("is 5", json!([5]), true),
            ("is 5", json!([5.0]), true),
            ("is 5", json!(["5.0"]), false),
            ("is not failed", json!(["completed"]), true),
            ("is not failed", json!([]), false),
            ("one of A, 2", json!(["A", 2]), true),
            ("one of A, 2", json!(["A", "B"]), false),
            ("contains ell", json!(["hello"]), true),
            ("contains a", json!([["a", "b"]]), true),
            ("contains c", json!([["abc", "b"]]), false),
            ("matches ^h.*o$", json!(["hello"]), true),
            ("matches ^e", json!(["hello"]), false),
            ("present", json!([null]), true),
            ("present", json!([]), false),
            ("absent", json!([]), true),
            ("absent", json!([null]), false),
            ("empty", json!(["", [], {}, null]), true),
            ("empty", json!([0]), false),
            ("empty", json!([]), false),
            ("not empty", json!(["x", 0, false]), true),
            ("not empty", json!(["x", ""]), false),
            ("not empty", json!([]), false),
            ("has id, text", json!([{"id": 1, "text": null}]), true),
            ("has id, text", json!([{"id": 1}]), false),
            ("has id", json!(["id"]), false),
        ] {
            let parsed: Condition = condition.parse().expect(condition);
            let found: Vec<Found<'_>> = values
                .as_array()
                .expect("array")
                .iter()
                .map(Cow::Borrowed)
                .collect();
            assert_eq!(
                parsed.holds_of(&found).is_ok(),
                holds,
                "{condition} of {values}"
            );
        }
    }
}
