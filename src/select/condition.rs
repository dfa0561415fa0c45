//! What must hold of a value, as a plan writes it.

use std::fmt;
use std::str::FromStr;

use regex::Regex;
use serde_json::Value;

use super::error::SelectError;
use super::selector::regex;

const FORMS: [&str; 16] = [
    "< NUMBER",
    "<= NUMBER",
    "> NUMBER",
    ">= NUMBER",
    "NUMBER .. NUMBER",
    "is TEXT",
    "is not TEXT",
    "one of A, B",
    "contains TEXT",
    "matches REGEX",
    "present",
    "absent",
    "empty",
    "not empty",
    "has KEY, KEY",
    "true",
];

/// What must hold of a value: `200`, `"< 5"`, `"is completed"`, `"not empty"` …
#[derive(Debug, Clone)]
pub enum Condition {
    /// It is this number or flag; a text that reads as the number is it too.
    Is(Value),
    /// It is this text.
    IsText(String),
    /// It is not this text.
    IsNot(String),
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is a number below this.
    Below(f64),
    /// It is a number not above this.
    AtMost(f64),
    /// It is a number above this.
    Above(f64),
    /// It is a number not below this.
    AtLeast(f64),
    /// It is a number from the first to the second, both included.
    Between(f64, f64),
    /// It contains this text; an array, an element that is this text.
    Contains(String),
    /// It has a match of this pattern.
    Matches(Regex),
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// It is `""`, `[]`, `{}` or null.
    Empty,
    /// It is there and not empty.
    NotEmpty,
    /// It is an object with all of these keys.
    Has(Vec<String>),
}

impl Condition {
    /// Whether it says what the value is, and not only whether there is one.
    #[must_use]
    pub(super) const fn is_comparison(&self) -> bool {
        !matches!(
            self,
            Self::Present | Self::Absent | Self::Empty | Self::NotEmpty | Self::Has(_)
        )
    }
}

impl FromStr for Condition {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        let text = text.trim();
        let wrong = || SelectError::no_such_form(text, "a condition", &FORMS);
        let after = |words: &str| {
            let mut rest = text;
            for word in words.split(' ') {
                rest = rest.trim_start().strip_prefix(word)?;
                if !(rest.is_empty() || rest.starts_with(char::is_whitespace)) {
                    return None;
                }
            }
            Some(rest.trim()).filter(|rest| !rest.is_empty())
        };
        match text {
            "present" => return Ok(Self::Present),
            "absent" => return Ok(Self::Absent),
            "empty" => return Ok(Self::Empty),
            "not empty" => return Ok(Self::NotEmpty),
            "true" => return Ok(Self::Is(Value::Bool(true))),
            "false" => return Ok(Self::Is(Value::Bool(false))),
            _ => {}
        }
        if let Some(number) = number(text) {
            return Ok(Self::Is(scalar(text, number)));
        }
        for (sign, make) in [
            ("<=", Self::AtMost as fn(f64) -> Self),
            ("<", Self::Below),
            (">=", Self::AtLeast),
            (">", Self::Above),
        ] {
            if let Some(rest) = text.strip_prefix(sign) {
                return number(rest)
                    .map(make)
                    .ok_or_else(|| not_a_number(text, rest));
            }
        }
        if let Some((from, to)) = text.split_once("..")
            && let (Some(from), Some(to)) = (number(from), number(to))
        {
            return if from <= to {
                Ok(Self::Between(from, to))
            } else {
                Err(wrong())
            };
        }
        if let Some(text) = after("is not") {
            Ok(Self::IsNot(text.to_owned()))
        } else if let Some(text) = after("is") {
            Ok(Self::IsText(text.to_owned()))
        } else if let Some(list) = after("one of") {
            Ok(Self::OneOf(items(list).map(Value::from).collect()))
        } else if let Some(text) = after("contains") {
            Ok(Self::Contains(text.to_owned()))
        } else if let Some(pattern) = after("matches") {
            regex(pattern).map(Self::Matches)
        } else if let Some(list) = after("has") {
            Ok(Self::Has(items(list).map(ToOwned::to_owned).collect()))
        } else {
            Err(wrong())
        }
    }
}

fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

pub(super) fn number(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

fn scalar(text: &str, number: f64) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| Value::from(number), Value::from)
}

fn not_a_number(text: &str, rest: &str) -> SelectError {
    SelectError::new(format!(
        "`{text}` is not a condition: `{}` is not a number\na condition compares plain numbers; how long something takes is for a rule: [threshold] latency.p95 = \"< 2s\"",
        rest.trim()
    ))
}

/// What follows "expected SUBJECT to".
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => write!(f, "be {value}"),
            Self::IsText(text) => write!(f, "be {text:?}"),
            Self::IsNot(text) => write!(f, "not be {text:?}"),
            Self::OneOf(values) => {
                let all: Vec<_> = values.iter().map(ToString::to_string).collect();
                write!(f, "be one of {}", all.join(", "))
            }
            Self::Below(number) => write!(f, "be < {number}"),
            Self::AtMost(number) => write!(f, "be <= {number}"),
            Self::Above(number) => write!(f, "be > {number}"),
            Self::AtLeast(number) => write!(f, "be >= {number}"),
            Self::Between(from, to) => write!(f, "be {from} .. {to}"),
            Self::Contains(text) => write!(f, "contain {text:?}"),
            Self::Matches(regex) => write!(f, "match {regex}"),
            Self::Present => f.write_str("be present"),
            Self::Absent => f.write_str("be absent"),
            Self::Empty => f.write_str("be empty"),
            Self::NotEmpty => f.write_str("be not empty"),
            Self::Has(keys) => write!(f, "have {}", keys.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        for (text, reads_as) in [
            ("200", "be 200"),
            ("0.5", "be 0.5"),
            ("true", "be true"),
            ("< 5", "be < 5"),
            ("<=5", "be <= 5"),
            ("> -1.5", "be > -1.5"),
            (">= 5", "be >= 5"),
            ("1 .. 5", "be 1 .. 5"),
            ("0.5..1", "be 0.5 .. 1"),
            ("is [DONE]", "be \"[DONE]\""),
            ("is not failed", "not be \"failed\""),
            ("is  not  x", "not be \"x\""),
            ("is nothing", "be \"nothing\""),
            ("one of A, B C", "be one of \"A\", \"B C\""),
            ("contains a b", "contain \"a b\""),
            ("matches ^a+$", "match ^a+$"),
            ("present", "be present"),
            ("absent", "be absent"),
            ("empty", "be empty"),
            ("not empty", "be not empty"),
            ("has id, text", "have id, text"),
        ] {
            assert_eq!(
                text.parse::<Condition>().expect(text).to_string(),
                reads_as,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_condition_names_the_nearest() {
        for (text, says) in [
            ("completed", "`completed` is not a condition"),
            ("not_empty", "did you mean `not empty`?"),
            ("contain x", "did you mean `contains TEXT`?"),
            ("match x", "did you mean `matches REGEX`?"),
            ("on of A, B", "did you mean `one of A, B`?"),
            ("preset", "did you mean `present`?"),
            ("isnot a", "`isnot a` is not a condition"),
            ("< 5s", "`5s` is not a number"),
            ("5 .. 1", "`5 .. 1` is not a condition"),
            ("matches (", "unclosed group"),
            ("", "`` is not a condition"),
        ] {
            let error = text.parse::<Condition>().expect_err(text);
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }
}
