//! A number together with the unit it was written in, as bounds of rules use it.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse::{UnitError, number_and_unit};
use super::{Duration, Rate, bytes};

/// What a number counts. Values are always held in the base unit named here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// A part of a whole, 0 to 1; printed as a percentage.
    Ratio,
    /// Events a second.
    PerSecond,
    /// Bytes.
    Bytes,
    /// How many.
    Count,
    /// A multiple, such as a real-time factor; printed with an `x`.
    Factor,
}

/// A number in the base unit of its kind. A bare number has no unit and fits every one but time, data and rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// The number, in the base unit.
    pub value: f64,
    /// Its unit, `None` for a bare number.
    pub unit: Option<Unit>,
}

impl Quantity {
    /// Whether it can be compared with a metric of `unit`.
    #[must_use]
    pub fn fits(self, unit: Unit) -> bool {
        match self.unit {
            Some(own) => own == unit,
            None => matches!(unit, Unit::Count | Unit::Factor) || self.value == 0.0,
        }
    }
}

impl FromStr for Quantity {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || {
            UnitError::new(
                text,
                "a value with its unit",
                Some("\"2s\", \"95%\", \"3/s\", \"10MB\" or \"4\""),
            )
        };
        // A slope is what a value grows by in an hour: `10MB/h`, `1%/h`.
        if let Some(grown) = text.trim().strip_suffix("/h") {
            let quantity: Option<Self> = grown.parse().ok();
            if let Some(quantity) =
                quantity.filter(|own| matches!(own.unit, Some(Unit::Bytes | Unit::Ratio)))
            {
                return Ok(quantity);
            }
        }
        let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
        let (value, unit) = match unit {
            "" => (number, None),
            "%" => (number / 100.0, Some(Unit::Ratio)),
            "x" => (number, Some(Unit::Factor)),
            unit if unit.starts_with('/') => {
                let rate: Rate = text.trim_start_matches('-').parse().map_err(|_| wrong())?;
                (rate.each_second().copysign(number), Some(Unit::PerSecond))
            }
            unit => match bytes::factor(unit) {
                Some(factor) => (number * factor, Some(Unit::Bytes)),
                None => {
                    let time: Duration = text
                        .trim()
                        .trim_start_matches('-')
                        .parse()
                        .map_err(|_| wrong())?;
                    (time.as_secs_f64().copysign(number), Some(Unit::Seconds))
                }
            },
        };
        Ok(Self { value, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_is_told_apart() {
        for (text, value, unit) in [
            ("2s", 2.0, Some(Unit::Seconds)),
            ("300ms", 0.3, Some(Unit::Seconds)),
            ("95%", 0.95, Some(Unit::Ratio)),
            ("-10%", -0.1, Some(Unit::Ratio)),
            ("90/min", 1.5, Some(Unit::PerSecond)),
            ("10MB", 1e7, Some(Unit::Bytes)),
            ("12x", 12.0, Some(Unit::Factor)),
            ("4", 4.0, None),
        ] {
            let read: Quantity = text.parse().expect(text);
            assert!((read.value - value).abs() < 1e-12, "{text}: {read:?}");
            assert_eq!(read.unit, unit, "{text}");
        }
        assert!("fast".parse::<Quantity>().is_err());
        assert!(
            !"5".parse::<Quantity>().expect("5").fits(Unit::Seconds),
            "5 what?"
        );
    }
}
