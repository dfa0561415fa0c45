//! How often something happens.

use std::fmt;
use std::str::FromStr;

use super::Duration;
use super::parse::{UnitError, number_and_unit, plan_scalar};

const EXPECTED: &str = "a rate";
const EXAMPLE: &str = "\"3/s\", \"90/min\" or \"0.5/s\"";

/// So many in a period. Count and period are kept apart, so that due times are exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// How many in one period.
    pub count: f64,
    /// The period.
    pub per: Duration,
}

impl Rate {
    /// So many a second.
    #[must_use]
    pub const fn per_second(count: f64) -> Self {
        Self {
            count,
            per: Duration::from_secs(1),
        }
    }

    /// How many a second.
    #[must_use]
    pub fn each_second(self) -> f64 {
        self.count / self.per.as_secs_f64()
    }
}

impl FromStr for Rate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::new(text, EXPECTED, Some(EXAMPLE));
        let (count, unit) = number_and_unit(text).ok_or_else(wrong)?;
        let per = match unit.strip_prefix('/').map(str::trim) {
            Some("s" | "sec" | "second") => Duration::from_secs(1),
            Some("m" | "min" | "minute") => Duration::from_secs(60),
            Some("h" | "hour") => Duration::from_secs(3600),
            _ => return Err(wrong()),
        };
        if count < 0.0 {
            Err(wrong())
        } else {
            Ok(Self { count, per })
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per.as_nanos() / 1_000_000_000 {
            60 => "min",
            3600 => "h",
            _ => "s",
        };
        f.pad(&format!("{}/{unit}", self.count))
    }
}

plan_scalar!(Rate, "a rate", "\"3/s\", \"90/min\" or \"0.5/s\"", {
    "title": "rate",
    "type": "string",
    "pattern": r"^\s*\+?[0-9._]+\s*/\s*(s|sec|second|m|min|minute|h|hour)\s*$",
    "examples": ["3/s", "90/min", "0.5/s"]
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, each_second) in [
            ("3/s", 3.0),
            ("90/min", 1.5),
            ("0.5/s", 0.5),
            ("3600/h", 1.0),
            ("2 / s", 2.0),
        ] {
            let rate: Rate = text.parse().expect(text);
            assert!((rate.each_second() - each_second).abs() < 1e-12, "{text}");
            assert_eq!(rate.to_string().parse::<Rate>().expect("printed"), rate);
        }
        for text in ["3", "3/d", "/s", "-1/s", "3s"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
