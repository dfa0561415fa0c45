//! What must hold of a value, as a plan writes it.

use std::fmt;
use std::str::FromStr;

use regex::Regex;
use serde_json::Value;

use super::FillIn;
use super::bare_text::is_bare;
use super::error::SelectError;
use super::fill::{pattern, plain, whole};
use super::number::ExactNumber;
use super::selector::regex;
use super::value_type::ValueType;
use super::written_text::WrittenText;

const FORMS: [&str; 17] = [
    "< NUMBER",
    "<= NUMBER",
    "> NUMBER",
    ">= NUMBER",
    "NUMBER .. NUMBER",
    "is TEXT",
    "is not TEXT",
    "is a TYPE",
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

/// Statuses of gRPC in the order of their numbers: where a number of HTTP stands for itself, so do these names.
pub const GRPC_STATUS_NAMES: &[&str] = &[
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// What must hold of a value: `200`, `"< 5"`, `"is completed"`, `"not empty"` …
#[derive(Debug, Clone)]
pub enum Condition {
    /// It is this number or flag; a text that reads as the number is it too.
    Is(Value),
    /// It is what is written.
    IsText(WrittenText),
    /// It is not what is written.
    IsNot(WrittenText),
    /// It is of this type.
    IsA(ValueType),
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is a number below this.
    Below(ExactNumber),
    /// It is a number not above this.
    AtMost(ExactNumber),
    /// It is a number above this.
    Above(ExactNumber),
    /// It is a number not below this.
    AtLeast(ExactNumber),
    /// It is a number from the first to the second, both included.
    Between(ExactNumber, ExactNumber),
    /// It contains this text; an array, an element that is this text.
    Contains(WrittenText),
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
        Self::read(text, &[])
    }
}

impl FillIn for Condition {
    const EXPECTED: &'static str =
        "a condition, for example 200, \"< 5\", \"is done\" or \"not empty\"";
    const IS_TEXT: bool = false;

    fn fill_in(written: &Value, values: &[Value]) -> Result<Self, SelectError> {
        Ok(match written {
            Value::String(text) => match Self::read(text, values) {
                Err(_) if is_bare(text.trim(), &FORMS) => {
                    Self::IsText(WrittenText::read(text.trim(), values))
                }
                read => read?,
            },
            Value::Array(items) => {
                let item = |item: &Value| match item {
                    Value::String(text) => whole(text, values)
                        .cloned()
                        .unwrap_or_else(|| plain(text, values).into()),
                    other => other.clone(),
                };
                Self::OneOf(items.iter().map(item).collect())
            }
            other => Self::Is(other.clone()),
        })
    }
}

impl Condition {
    /// Reads a condition. A value in it is never read as a part of the form.
    pub(super) fn read(text: &str, values: &[Value]) -> Result<Self, SelectError> {
        let text = text.trim();
        if let Some(value) = whole(text, values) {
            return Ok(Self::Is(value.clone()));
        }
        let number = |text: &str| ExactNumber::read(&plain(text, values));
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
            name if GRPC_STATUS_NAMES.contains(&name) => return Ok(Self::IsText(name.into())),
            _ => {}
        }
        if let Some(number) = number(text) {
            return Ok(Self::Is(scalar(&plain(text, values), number)));
        }
        for (sign, make) in [
            ("<=", Self::AtMost as fn(ExactNumber) -> Self),
            ("<", Self::Below),
            (">=", Self::AtLeast),
            (">", Self::Above),
        ] {
            if let Some(rest) = text.strip_prefix(sign) {
                return number(rest)
                    .map(make)
                    .ok_or_else(|| not_a_number(&plain(text, values), &plain(rest, values)));
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
        let written = |text: &str| WrittenText::read(text, values);
        if let Some(text) = after("is not") {
            Ok(Self::IsNot(written(text)))
        } else if let Some(kind) = after("is").and_then(ValueType::read) {
            Ok(Self::IsA(kind))
        } else if let Some(text) = after("is") {
            Ok(Self::IsText(written(text)))
        } else if let Some(list) = after("one of") {
            let item = |item: &str| match whole(item, values) {
                Some(value) => value.clone(),
                None => plain(item, values).into(),
            };
            Ok(Self::OneOf(items(list).map(item).collect()))
        } else if let Some(text) = after("contains") {
            Ok(Self::Contains(written(text)))
        } else if let Some(text) = after("matches") {
            regex(&pattern(text, values)).map(Self::Matches)
        } else if let Some(list) = after("has") {
            let keys = items(list).map(|item| plain(item, values).into_owned());
            Ok(Self::Has(keys.collect()))
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

fn scalar(text: &str, number: ExactNumber) -> Value {
    let text = text.trim();
    text.parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<u64>().map(Value::from))
        .unwrap_or_else(|_| match number {
            // Larger than every number of JSON that is read exactly: its digits are.
            ExactNumber::Whole(whole) => whole.to_string().into(),
            ExactNumber::Real(real) => real.into(),
        })
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
            Self::IsText(text) => write!(f, "be {text}"),
            Self::IsNot(text) => write!(f, "not be {text}"),
            Self::IsA(kind) => write!(f, "be {kind}"),
            Self::OneOf(values) => {
                let all: Vec<_> = values.iter().map(ToString::to_string).collect();
                write!(f, "be one of {}", all.join(", "))
            }
            Self::Below(number) => write!(f, "be < {number}"),
            Self::AtMost(number) => write!(f, "be <= {number}"),
            Self::Above(number) => write!(f, "be > {number}"),
            Self::AtLeast(number) => write!(f, "be >= {number}"),
            Self::Between(from, to) => write!(f, "be {from} .. {to}"),
            Self::Contains(text) => write!(f, "contain {text}"),
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
            ("is \" a \"", "be \" a \""),
            ("is a number", "be a number"),
            ("NOT_FOUND", "be \"NOT_FOUND\""),
            ("is \"a number\"", "be \"a number\""),
            ("is {\"a\":1}", "be {\"a\":1}"),
            ("9007199254740993", "be 9007199254740993"),
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
