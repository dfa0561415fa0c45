//! Numbers as they are written: integers to their last digit.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

/// A number of an answer, or of a condition.
#[derive(Debug, Clone, Copy)]
pub enum ExactNumber {
    /// An integer.
    Whole(i128),
    /// Any other.
    Real(f64),
}

impl ExactNumber {
    /// The number that a text reads as.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(whole) = text.parse() {
            return Some(Self::Whole(whole));
        }
        text.parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Self::Real)
    }

    /// The number that a value is, or that its text reads as: headers are texts.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number
                .as_i64()
                .map(i128::from)
                .or_else(|| number.as_u64().map(i128::from))
                .map(Self::Whole)
                .or_else(|| number.as_f64().map(Self::Real)),
            Value::String(text) => Self::read(text),
            _ => None,
        }
    }

    fn as_real(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }

    /// The integer that it is.
    fn as_whole(self) -> Option<i128> {
        match self {
            Self::Whole(whole) => Some(whole),
            // Beyond 2^126 a float may stand for what is no i128.
            Self::Real(real) if real.fract() == 0.0 && real.abs() < 2_f64.powi(126) => {
                Some(real as i128)
            }
            Self::Real(_) => None,
        }
    }
}

impl PartialEq for ExactNumber {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for ExactNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.as_whole(), other.as_whole()) {
            (Some(own), Some(other)) => Some(own.cmp(&other)),
            _ => self.as_real().partial_cmp(&other.as_real()),
        }
    }
}

impl fmt::Display for ExactNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(whole) => whole.fmt(f),
            Self::Real(real) => real.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_compared_to_their_last_digit() {
        for (one, other, order) in [
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            (
                "18446744073709551616",
                "18446744073709551615",
                Ordering::Greater,
            ),
            ("5", "5.0", Ordering::Equal),
            ("9007199254740993", "9007199254740992.0", Ordering::Greater),
            ("-3", "2.5", Ordering::Less),
            ("1e300", "5", Ordering::Greater),
        ] {
            let read = |text| ExactNumber::read(text).expect(text);
            assert_eq!(
                read(one).partial_cmp(&read(other)),
                Some(order),
                "{one} {other}"
            );
        }
        assert!(ExactNumber::read("nan").is_none() && ExactNumber::read("5s").is_none());
    }
}
