//! How far a metric may drift from its baseline.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::metric::{Address, Better};
use crate::units::{Quantity, Unit};

/// `15%`, `50ms`, or both: then the larger drift must be passed. Of a share the percentage is points.
#[derive(Debug, Clone, PartialEq)]
pub struct Tolerance {
    percent: Option<f64>,
    amount: Option<Quantity>,
    text: String,
}

/// The drift allowed of a metric of known unit, at least one of both.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Allowed {
    /// A share of the baseline.
    pub relative: Option<f64>,
    /// An amount in the metric's base unit.
    pub absolute: Option<f64>,
}

/// Why a text is no tolerance of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ToleranceError {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
}

impl Tolerance {
    /// What it allows a metric of `unit` whose name is `metric`.
    ///
    /// # Errors
    /// When the unit is another, a share of nothing would be allowed, or no drift would ever be too large.
    pub fn allows(
        &self,
        metric: &Address,
        unit: Unit,
        better: Better,
    ) -> Result<Allowed, ToleranceError> {
        let wrong = |message: String, help: &str| ToleranceError {
            message,
            help: help.to_owned(),
        };
        if better == Better::Neither {
            return Err(wrong(
                format!("no direction of `{metric}` is better, so it cannot regress"),
                "compare a latency, a rate or a throughput, or bound it by a threshold",
            ));
        }
        let fits = self.amount.is_none_or(|amount| amount.fits(unit));
        let allowed = match unit {
            // Of a share everything is points.
            Unit::Ratio => Allowed {
                relative: None,
                absolute: self.percent.or(self.amount.map(|amount| amount.value)),
            },
            _ => Allowed {
                relative: self.percent,
                absolute: self.amount.map(|amount| amount.value),
            },
        };
        if !fits {
            return Err(wrong(
                format!("`{}` cannot be a drift of `{metric}`", self.text),
                help_for(unit),
            ));
        }
        if unit == Unit::Count && allowed.relative.is_some() {
            return Err(wrong(
                format!("`{metric}` can be zero, and a share of zero is nothing"),
                "write how many more are allowed, for example \"5\"",
            ));
        }
        if better == Better::Higher && allowed.relative.is_some_and(|share| share >= 1.0) {
            return Err(wrong(
                format!(
                    "`{metric}` cannot fall by {}: nothing would ever be too much",
                    self.text
                ),
                "write less than 100%",
            ));
        }
        Ok(allowed)
    }

    /// What is allowed of a metric that nothing is said about, by its kind.
    #[must_use]
    pub fn by_default(metric: &Address, unit: Unit) -> Self {
        let text = match (unit, metric.stat().unwrap_or_default()) {
            (Unit::Ratio, _) => "0.5%",
            (Unit::Count, _) => "5",
            (_, "p90" | "p95") => "15%",
            (_, "p99" | "p99_9" | "max" | "min" | "stddev") => "25%",
            _ => "10%",
        };
        Self {
            percent: None,
            amount: None,
            text: String::new(),
        }
        .or_parsed(text)
    }

    fn or_parsed(self, text: &str) -> Self {
        text.parse().unwrap_or(self)
    }
}

fn help_for(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "write for example \"15%\", \"50ms\" or \"10% and 50ms\"",
        Unit::Ratio => "write percentage points, for example \"0.5%\"",
        Unit::PerSecond => "write for example \"10%\" or \"5/s\"",
        Unit::Bytes => "write for example \"10%\" or \"10MB\"",
        Unit::Count => "write for example \"5\"",
        Unit::Factor => "write for example \"10%\" or \"0.5x\"",
    }
}

impl FromStr for Tolerance {
    type Err = ToleranceError;

    fn from_str(text: &str) -> Result<Self, ToleranceError> {
        let wrong = || ToleranceError {
            message: format!("`{text}` is not a tolerance"),
            help: "write for example \"15%\", \"50ms\" or \"10% and 50ms\"".to_owned(),
        };
        let mut found = Self {
            percent: None,
            amount: None,
            text: text.trim().to_owned(),
        };
        for part in text.split(" and ") {
            let value: Quantity = part.parse().map_err(|_| wrong())?;
            let place = if value.unit == Some(Unit::Ratio) {
                found.percent.is_none()
            } else {
                found.amount.is_none()
            };
            if !place
                || !value.value.is_finite()
                || value.value < 0.0
                || part.trim().starts_with('-')
            {
                return Err(wrong());
            }
            match value.unit {
                Some(Unit::Ratio) => found.percent = Some(value.value),
                _ => found.amount = Some(value),
            }
        }
        Ok(found)
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, unit: Unit) -> Result<Allowed, ToleranceError> {
        text.parse::<Tolerance>()?
            .allows(&"x".into(), unit, Better::Lower)
    }

    #[test]
    fn shares_amounts_and_both() {
        for (text, unit, relative, absolute) in [
            ("15%", Unit::Seconds, Some(0.15), None),
            ("50ms", Unit::Seconds, None, Some(0.05)),
            ("10% and 50ms", Unit::Seconds, Some(0.1), Some(0.05)),
            ("50ms and 10%", Unit::Seconds, Some(0.1), Some(0.05)),
            ("0.5%", Unit::Ratio, None, Some(0.005)),
            ("0", Unit::Ratio, None, Some(0.0)),
            ("3", Unit::Count, None, Some(3.0)),
            ("10%", Unit::PerSecond, Some(0.1), None),
            ("5/s", Unit::PerSecond, None, Some(5.0)),
            ("0.5x", Unit::Factor, None, Some(0.5)),
        ] {
            assert_eq!(
                allows(text, unit),
                Ok(Allowed { relative, absolute }),
                "{text}"
            );
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (text, unit, said) in [
            ("", Unit::Seconds, "is not a tolerance"),
            ("15", Unit::Seconds, "cannot be a drift"),
            ("-5%", Unit::Seconds, "is not a tolerance"),
            ("5% and 6%", Unit::Seconds, "is not a tolerance"),
            ("50ms", Unit::PerSecond, "cannot be a drift"),
            ("10%", Unit::Count, "can be zero"),
        ] {
            assert!(
                allows(text, unit).unwrap_err().message.contains(said),
                "{text}"
            );
        }
        let whole: Tolerance = "100%".parse().unwrap();
        assert!(
            whole
                .allows(&"throughput".into(), Unit::PerSecond, Better::Higher)
                .is_err()
        );
        assert!(
            whole
                .allows(&"planned".into(), Unit::Count, Better::Neither)
                .is_err()
        );
    }

    #[test]
    fn each_kind_has_a_tolerance_of_its_own() {
        for (metric, unit, text) in [
            ("a.latency.p50", Unit::Seconds, "10%"),
            ("a.latency.p95", Unit::Seconds, "15%"),
            ("a.latency.p99", Unit::Seconds, "25%"),
            ("a.throughput", Unit::PerSecond, "10%"),
            ("a.error_rate", Unit::Ratio, "0.5%"),
        ] {
            assert_eq!(
                Tolerance::by_default(&metric.into(), unit).to_string(),
                text
            );
        }
    }
}
