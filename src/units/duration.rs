//! Lengths of time, in whole nanoseconds.

use std::fmt;
use std::ops::{Add, Mul, Sub};
use std::str::FromStr;

use super::parse::{UnitError, plan_scalar};

const EXPECTED: &str = "a duration";
const EXAMPLE: &str = "\"1m30s\", \"500ms\" or \"2h\"";

/// A length of time in whole nanoseconds. Read from `1m30s`, printed as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration {
    nanos: u64,
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self { nanos: 0 };
    /// The longest duration that can be held, about 584 years.
    pub const MAX: Self = Self { nanos: u64::MAX };

    /// A duration of whole nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self { nanos }
    }

    /// A duration of whole microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self::from_nanos(micros.saturating_mul(1_000))
    }

    /// A duration of whole milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self {
            nanos: millis.saturating_mul(1_000_000),
        }
    }

    /// A duration of whole seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self {
            nanos: secs.saturating_mul(1_000_000_000),
        }
    }

    /// A duration of fractional seconds, rounded to the nearest nanosecond; negative and non-finite ones are zero.
    #[must_use]
    pub fn from_secs_f64(secs: f64) -> Self {
        Self {
            nanos: (secs * 1e9).round().max(0.0) as u64,
        }
    }

    /// Nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.nanos
    }

    /// Seconds, as a fraction.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.nanos as f64 / 1e9
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// The difference, or zero where `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self {
            nanos: self.nanos.saturating_sub(other.nanos),
        }
    }
}

impl Add for Duration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            nanos: self.nanos.saturating_add(other.nanos),
        }
    }
}

impl Sub for Duration {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.saturating_sub(other)
    }
}

impl Mul<u64> for Duration {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self {
            nanos: self.nanos.saturating_mul(times),
        }
    }
}

impl std::iter::Sum for Duration {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

impl From<std::time::Duration> for Duration {
    fn from(from: std::time::Duration) -> Self {
        Self {
            nanos: u64::try_from(from.as_nanos()).unwrap_or(u64::MAX),
        }
    }
}

impl From<Duration> for std::time::Duration {
    fn from(from: Duration) -> Self {
        Self::from_nanos(from.nanos)
    }
}

impl FromStr for Duration {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::new(text, EXPECTED, Some(EXAMPLE));
        let trimmed = text.trim();
        // A bare number has no unit, and guessing one is how milliseconds become seconds.
        if trimmed.is_empty()
            || trimmed
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == ':')
        {
            return Err(wrong());
        }
        let signed: jiff::SignedDuration = trimmed.parse().map_err(|_| wrong())?;
        std::time::Duration::try_from(signed)
            .map(Self::from)
            .map_err(|_| wrong())
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 {
            return f.write_str("0s");
        }
        let (mut rest, mut text) = (self.nanos, String::new());
        for (unit, size) in [("h", 3_600_000_000_000), ("m", 60_000_000_000)] {
            if rest >= size {
                text.push_str(&format!("{}{unit}", rest / size));
                rest %= size;
            }
        }
        match rest {
            0 => {}
            1_000_000_000.. => text.push_str(&format!("{}s", rest as f64 / 1e9)),
            1_000_000.. => text.push_str(&format!("{}ms", rest as f64 / 1e6)),
            1_000.. => text.push_str(&format!("{}us", rest as f64 / 1e3)),
            _ => text.push_str(&format!("{rest}ns")),
        }
        f.pad(&text)
    }
}

plan_scalar!(Duration, "a duration", "\"1m30s\", \"500ms\" or \"2h\"", {
    "title": "duration",
    "type": "string",
    "pattern": r"^[^-:]*[0-9]\s*[A-Za-zµ][^:]*$",
    "examples": ["1m30s", "500ms", "2h"]
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_plan_writes_and_prints_it_back() {
        for (text, nanos) in [
            ("1m30s", 90_000_000_000),
            ("500ms", 500_000_000),
            ("1s500ms", 1_500_000_000),
            ("0s", 0),
            ("2h", 7_200_000_000_000),
            ("250us", 250_000),
        ] {
            let read: Duration = text.parse().expect(text);
            assert_eq!(read.as_nanos(), nanos, "{text}");
            assert_eq!(
                read.to_string().parse::<Duration>().expect("printed"),
                read,
                "{text}"
            );
        }
    }

    #[test]
    fn a_bare_number_a_negative_and_nonsense_are_refused() {
        for text in ["5", "1.5", "", "-3s", "abc", "1:30:00", "1d"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
