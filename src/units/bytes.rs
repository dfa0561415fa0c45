//! Amounts of data.

use std::fmt;
use std::str::FromStr;

use super::parse::{UnitError, number_and_unit, plan_scalar};

const UNITS: [(&str, f64); 9] = [
    ("B", 1.0),
    ("kB", 1e3),
    ("KB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
];

/// An amount of data in bytes: `10MB` is ten million, `10MiB` is 10,485,760.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

/// The factor of a unit's name, `None` where it is no unit of data.
pub(super) fn factor(unit: &str) -> Option<f64> {
    UNITS
        .iter()
        .find(|(name, _)| *name == unit)
        .map(|(_, factor)| *factor)
}

impl FromStr for Bytes {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::new(text, "an amount of data", Some("\"10MB\" or \"512KiB\""));
        let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
        let factor = factor(unit).filter(|_| number >= 0.0).ok_or_else(wrong)?;
        Ok(Self((number * factor).round() as u64))
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            0..1_000 => format!("{}B", self.0),
            1_000..1_000_000 => format!("{}kB", self.0 as f64 / 1e3),
            1_000_000..1_000_000_000 => format!("{}MB", self.0 as f64 / 1e6),
            _ => format!("{}GB", self.0 as f64 / 1e9),
        };
        f.pad(&text)
    }
}

plan_scalar!(Bytes, "an amount of data", "\"10MB\" or \"512KiB\"", {
    "title": "bytes",
    "type": "string",
    "pattern": r"^\s*\+?[0-9._]+\s*([kKMGT]?B|[KMG]iB)\s*$",
    "examples": ["10MB", "512KiB"]
});
