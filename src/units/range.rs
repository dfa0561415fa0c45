//! A duration, or two durations to choose between.

use std::fmt;
use std::str::FromStr;

use super::Duration;
use super::parse::{UnitError, plan_scalar};

/// `2s`, or `1s .. 3s`: any duration from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DurationRange {
    /// The shortest.
    pub low: Duration,
    /// The longest; equal to `low` where one duration was written.
    pub high: Duration,
}

impl DurationRange {
    /// Whether it never takes any time.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.high.is_zero()
    }

    /// The duration at `share` (0 to 1) of the way from the shortest to the longest.
    #[must_use]
    pub fn at(self, share: f64) -> Duration {
        let width = (self.high - self.low).as_nanos() as f64;
        self.low + Duration::from_nanos((width * share) as u64)
    }
}

impl FromStr for DurationRange {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || {
            UnitError::new(
                text,
                "a duration or a range",
                Some("\"2s\" or \"1s .. 3s\""),
            )
        };
        let (low, high) = text.split_once("..").unwrap_or((text, text));
        let (low, high): (Duration, Duration) = (
            low.parse().map_err(|_| wrong())?,
            high.parse().map_err(|_| wrong())?,
        );
        if low > high {
            Err(UnitError::new(
                text,
                "a range: it ends before it begins",
                Some("\"1s .. 3s\""),
            ))
        } else {
            Ok(Self { low, high })
        }
    }
}

impl fmt::Display for DurationRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.low == self.high {
            write!(f, "{}", self.low)
        } else {
            write!(f, "{} .. {}", self.low, self.high)
        }
    }
}

plan_scalar!(DurationRange, "a duration or a range", "\"2s\" or \"1s .. 3s\"", {
    "title": "duration or range",
    "type": "string",
    "pattern": r"^[^-:]*[0-9]\s*[A-Za-zµ][^:]*$",
    "examples": ["2s", "1s .. 3s"]
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_or_two_durations() {
        let one: DurationRange = "2s".parse().expect("one");
        assert_eq!(
            (one.at(0.0), one.at(1.0)),
            (Duration::from_secs(2), Duration::from_secs(2))
        );
        let two: DurationRange = "1s .. 3s".parse().expect("two");
        assert_eq!(two.at(0.5), Duration::from_secs(2));
        assert!("3s .. 1s".parse::<DurationRange>().is_err());
    }
}
