//! Plain numbers and flags that a plan may also write as strings, so that variables can stand for them.

use std::fmt;
use std::str::FromStr;

use super::parse::{UnitError, plan_scalar};

/// A whole number, `4` or `"4"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Count(pub u64);

/// Any number, `1.5` or `"1.5"`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Number(pub f64);

/// `true` or `false`, also as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flag(pub bool);

impl FromStr for Count {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::new(text, "a whole number", None);
        text.trim()
            .replace('_', "")
            .parse()
            .map(Self)
            .map_err(|_| wrong())
    }
}

impl FromStr for Number {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let number: Result<f64, _> = text.trim().replace('_', "").parse();
        number
            .ok()
            .filter(|n| n.is_finite())
            .map(Self)
            .ok_or_else(|| UnitError::new(text, "a number", None))
    }
}

impl FromStr for Flag {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        text.trim()
            .parse()
            .map(Self)
            .map_err(|_| UnitError::new(text, "`true` or `false`", None))
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

plan_scalar!(Count, "a whole number", {
    "title": "count",
    "type": ["integer", "string"],
    "minimum": 0,
    "pattern": r"^\s*\+?[0-9_]+\s*$"
});
plan_scalar!(Number, "a number", {
    "title": "number",
    "type": ["number", "string"],
    "pattern": r"^\s*[+-]?[0-9._]+([eE][+-]?[0-9]+)?\s*$"
});
plan_scalar!(Flag, "`true` or `false`", {
    "title": "flag",
    "type": ["boolean", "string"],
    "pattern": r"^\s*(true|false)\s*$"
});
