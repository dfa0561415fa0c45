//! How long a load runs before it counts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::units::{Duration, UnitError};

/// A time or a number of iterations that are reported apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmUpSpec {
    /// For this long.
    For(Duration),
    /// Until so many iterations: closed loads finish them, in open ones they are the first arrivals.
    Iterations(u64),
}

impl WarmUpSpec {
    /// Whether there is none.
    #[must_use]
    pub const fn is_none(self) -> bool {
        match self {
            Self::For(time) => time.is_zero(),
            Self::Iterations(n) => n == 0,
        }
    }
}

impl Default for WarmUpSpec {
    fn default() -> Self {
        Self::For(Duration::ZERO)
    }
}

impl FromStr for WarmUpSpec {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let count = text
            .trim()
            .strip_suffix("iterations")
            .or_else(|| text.trim().strip_suffix("iteration"));
        let wrong = || {
            UnitError::new(
                text,
                "a duration or a number of iterations",
                Some("\"15s\" or \"20 iterations\""),
            )
        };
        match count {
            Some(count) => count
                .trim()
                .parse()
                .map(Self::Iterations)
                .map_err(|_| wrong()),
            None => text.parse().map(Self::For).map_err(|_| wrong()),
        }
    }
}

impl fmt::Display for WarmUpSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For(time) => time.fmt(f),
            Self::Iterations(n) => write!(f, "{n} iterations"),
        }
    }
}

impl<'de> Deserialize<'de> for WarmUpSpec {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(|error: UnitError| serde::de::Error::custom(error.advised()))
    }
}

impl serde::Serialize for WarmUpSpec {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl schemars::JsonSchema for WarmUpSpec {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WarmUp".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let either = schemars::json_schema!({
            "title": "duration or \"N iterations\"",
            "type": "string",
            "pattern": r"^[^-:]*[0-9]\s*[A-Za-zµ][^:]*$",
            "examples": ["15s", "20 iterations"]
        });
        crate::units::or_filled_later(either, "a duration or a number of iterations")
    }
}
