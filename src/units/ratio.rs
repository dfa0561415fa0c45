//! Parts of a whole.

use std::fmt;
use std::str::FromStr;

use super::parse::{UnitError, number_and_unit, plan_scalar};

/// A part of a whole: `95%` is 0.95.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Ratio(pub f64);

impl FromStr for Ratio {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        match number_and_unit(text) {
            Some((number, "%")) => Ok(Self(number / 100.0)),
            _ => Err(UnitError::new(text, "a ratio", Some("\"95%\""))),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}%", (self.0 * 1e8).round() / 1e6))
    }
}

plan_scalar!(Ratio, "a ratio", "\"95%\"", {
    "title": "ratio",
    "type": "string",
    "pattern": r"^\s*[+-]?[0-9._]+\s*%\s*$",
    "examples": ["95%"]
});
