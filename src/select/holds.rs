//! Whether a condition holds of a value.

use serde_json::Value;

use super::fill::letters;
use super::number::ExactNumber;
use super::written_text::{WrittenText, is_same};
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
        let compared =
            |wanted: &dyn Fn(ExactNumber) -> bool| ExactNumber::of(value).is_some_and(wanted);
        match self {
            Self::Is(wanted) => is(value, wanted),
            Self::IsText(wanted) => wanted.is(value),
            Self::IsNot(wanted) => !wanted.is(value),
            Self::IsA(kind) => kind.is_of(value),
            Self::OneOf(wanted) => wanted.iter().any(|wanted| is(value, wanted)),
            Self::Below(bound) => compared(&|number| number < *bound),
            Self::AtMost(bound) => compared(&|number| number <= *bound),
            Self::Above(bound) => compared(&|number| number > *bound),
            Self::AtLeast(bound) => compared(&|number| number >= *bound),
            Self::Between(from, to) => compared(&|number| number >= *from && number <= *to),
            Self::Contains(wanted) => match value {
                Value::Array(all) => all.iter().any(|element| wanted.is(element)),
                other => letters(other).contains(wanted.as_str()),
            },
            Self::Matches(regex) => regex.is_match(&letters(value)),
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
        Value::String(wanted) => WrittenText::from(wanted.as_str()).is(value),
        Value::Number(_) => {
            ExactNumber::of(value).is_some_and(|number| Some(number) == ExactNumber::of(wanted))
        }
        Value::Bool(wanted) => letters(value) == if *wanted { "true" } else { "false" },
        other => is_same(value, other),
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
    use std::borrow::Cow;

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
            ("9007199254740993", json!([9_007_199_254_740_993_u64]), true),
            (
                "9007199254740993",
                json!([9_007_199_254_740_992_u64]),
                false,
            ),
            (
                "is 9007199254740993",
                json!([9_007_199_254_740_992_u64]),
                false,
            ),
            (
                "is not 9007199254740993",
                json!([9_007_199_254_740_992_u64]),
                true,
            ),
            (
                "one of 9007199254740993",
                json!([9_007_199_254_740_992_u64]),
                false,
            ),
            (
                "> 9007199254740992",
                json!([9_007_199_254_740_993_u64]),
                true,
            ),
            (
                "18446744073709551616",
                json!(["18446744073709551616"]),
                true,
            ),
            (
                "18446744073709551616",
                json!(["18446744073709551617"]),
                false,
            ),
            (
                "is {\"b\": [1, {}], \"a\": 2.0}",
                json!([{"a": 2, "b": [1, {}]}]),
                true,
            ),
            ("is {\"a\": 2}", json!([{"a": 2, "b": 1}]), false),
            ("is not [1,2]", json!([[2, 1]]), true),
            ("is [1, 2]", json!([[1, 2]]), true),
            ("is [DONE]", json!(["[DONE]"]), true),
            ("is \" a \"", json!([" a "]), true),
            ("is \" a \"", json!(["a"]), false),
            ("is \"5\"", json!(["5"]), true),
            ("is \"5\"", json!([5]), false),
            ("is a number", json!([5, 0.5]), true),
            ("is a number", json!(["5"]), false),
            ("is a whole number", json!([0.5]), false),
            ("is a flag", json!(["false"]), false),
            ("is a text", json!(["a"]), true),
            ("is a list", json!([[1]]), true),
            ("is an object", json!([[1]]), false),
            ("contains \" b\"", json!(["a b"]), true),
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
