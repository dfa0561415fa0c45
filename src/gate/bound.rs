//! What a rule demands of a metric.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::units::Quantity;

/// A bound: `< 2s`, `>= 95%`, `1s .. 3s`, `0`, `any`.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricBound {
    /// On one side of a value.
    OneSided(Side, Operand),
    /// From the first to the second, both included.
    Between(Operand, Operand),
    /// Exactly this.
    Exactly(Operand),
    /// Nothing: lifts a rule that would hold otherwise.
    Any,
}

/// Which side of its operand a bound allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// What a metric is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A value as it was written.
    Value(Quantity, String),
    /// So many times another metric.
    Metric(f64, String),
}

/// Why a text is no bound.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not a bound\nwrite for example \"< 2s\", \">= 95%\", \"1s .. 3s\", \"0\" or \"any\""
)]
pub struct BoundError(String);

impl Side {
    const ALL: [(&'static str, Self); 4] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("<", Self::Below),
        (">", Self::Above),
    ];

    /// The sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether it bounds from above.
    #[must_use]
    pub const fn is_upper(self) -> bool {
        matches!(self, Self::Below | Self::AtMost)
    }

    /// Whether `value` is on the allowed side of `limit`.
    #[must_use]
    pub fn allows(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Below => value < limit,
            Self::AtMost => value <= limit,
            Self::Above => value > limit,
            Self::AtLeast => value >= limit,
        }
    }
}

impl MetricBound {
    /// Every operand, for checking.
    #[must_use]
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::OneSided(_, operand) | Self::Exactly(operand) => vec![operand],
            Self::Between(low, high) => vec![low, high],
            Self::Any => vec![],
        }
    }

    /// The same bound with the names of its metrics replaced.
    #[must_use]
    pub fn rename(self, full: impl Fn(&str) -> String) -> Self {
        let rename = |operand| match operand {
            Operand::Metric(factor, name) => Operand::Metric(factor, full(&name)),
            value => value,
        };
        match self {
            Self::OneSided(side, operand) => Self::OneSided(side, rename(operand)),
            Self::Exactly(operand) => Self::Exactly(rename(operand)),
            Self::Between(low, high) => Self::Between(rename(low), rename(high)),
            Self::Any => Self::Any,
        }
    }
}

impl FromStr for MetricBound {
    type Err = BoundError;

    fn from_str(text: &str) -> Result<Self, BoundError> {
        let wrong = || BoundError(text.to_owned());
        let trimmed = text.trim();
        if trimmed == "any" {
            return Ok(Self::Any);
        }
        // As reports print it.
        if let Some(rest) = trimmed.strip_prefix('=') {
            return operand(rest).map(Self::Exactly).ok_or_else(wrong);
        }
        if let Some((side, rest)) = Side::ALL
            .iter()
            .find_map(|(sign, side)| Some((*side, trimmed.strip_prefix(sign)?)))
        {
            return operand(rest)
                .map(|operand| Self::OneSided(side, operand))
                .ok_or_else(wrong);
        }
        match trimmed.split_once("..") {
            Some((low, high)) => match (operand(low), operand(high)) {
                (Some(low), Some(high)) => Ok(Self::Between(low, high)),
                _ => Err(wrong()),
            },
            None => operand(trimmed).map(Self::Exactly).ok_or_else(wrong),
        }
    }
}

fn operand(text: &str) -> Option<Operand> {
    let text = text.trim();
    if let Ok(value) = text.parse::<Quantity>() {
        return Some(Operand::Value(value, text.to_owned()));
    }
    let (factor, name) = match text.split_once('*') {
        Some((factor, name)) => (factor.trim().parse().ok()?, name.trim()),
        None => (1.0, text),
    };
    let named = name.starts_with(|c: char| c.is_ascii_lowercase());
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-/@".contains(c));
    (named && plain).then(|| Operand::Metric(factor, name.to_owned()))
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_, text) => f.write_str(text),
            Self::Metric(factor, name) if (*factor - 1.0).abs() < f64::EPSILON => f.write_str(name),
            Self::Metric(factor, name) => write!(f, "{factor} * {name}"),
        }
    }
}

impl fmt::Display for MetricBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneSided(side, operand) => write!(f, "{} {operand}", side.sign()),
            Self::Between(low, high) => write!(f, "{low} .. {high}"),
            Self::Exactly(operand) => operand.fmt(f),
            Self::Any => f.write_str("any"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_printed_back() {
        for text in [
            "< 2s",
            "<= 2s",
            "> 5/s",
            ">= 95%",
            "1s .. 3s",
            "0",
            "any",
            "< 1.2 * normal.latency.mean",
            "< warm/load.latency.mean",
            "100%",
        ] {
            let bound: MetricBound = text.parse().expect(text);
            assert_eq!(bound.to_string(), text);
        }
        let equal: MetricBound = "= 0%".parse().expect("as reports print it");
        assert_eq!(equal.to_string(), "0%");
        for text in ["", "<", "< fast!", "..", "=", "= = 5", "< 5 *"] {
            assert!(text.parse::<MetricBound>().is_err(), "{text}");
        }
    }
}
