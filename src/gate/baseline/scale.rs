//! On which scale a metric is compared, and what is usual for its spread.

use super::document::{MetricPolicy, RecordedValues};
use super::tolerance::{Allowed, Tolerance, ToleranceError};
use crate::metric::{Address, Better};
use crate::summary::MetricValue;
use crate::units::{Quantity, Unit};

/// How the values of one metric are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricScale {
    /// Logarithms are compared: the drift allowed is a share.
    pub logarithmic: bool,
    /// A share of exchanges that went one way: counted, not spread.
    pub counted: bool,
    /// 1 where more is worse, −1 where less is.
    pub sign: f64,
    /// The drift allowed.
    pub allowed: Allowed,
    prior: Option<f64>,
    kind: f64,
}

/// Standard deviations between sessions, as a share, by statistic; from `docs/design/gate.md`.
const USUAL: [(&str, f64); 14] = [
    ("p50", 0.05),
    ("p75", 0.05),
    ("mean", 0.05),
    ("throughput", 0.05),
    ("requests.throughput", 0.05),
    ("audio_throughput", 0.05),
    ("rtfx", 0.05),
    ("p90", 0.06),
    ("p95", 0.06),
    ("p99", 0.10),
    ("p99_9", 0.25),
    ("max", 0.40),
    ("min", 0.12),
    ("stddev", 0.15),
];
/// Of a statistic that nothing is known about.
const UNUSUAL: f64 = 0.10;

impl MetricScale {
    /// How `metric` is compared.
    ///
    /// # Errors
    /// When its tolerance or its prior cannot be meant.
    pub fn of(metric: &Address, compared: &MetricPolicy) -> Result<Self, ToleranceError> {
        let tolerance = match &compared.tolerance {
            Some(text) => text.parse()?,
            None => Tolerance::by_default(metric, compared.unit),
        };
        let allowed = tolerance.allows(metric, compared.unit, compared.better)?;
        let last = metric.stat().unwrap_or_else(|| metric.quantity());
        let prior = compared.prior.as_deref().map(share).transpose()?;
        Ok(Self {
            logarithmic: allowed.relative.is_some() && compared.unit != Unit::Ratio,
            counted: metric.is_share(compared.unit),
            sign: if compared.better == Better::Higher {
                -1.0
            } else {
                1.0
            },
            allowed,
            prior,
            kind: USUAL
                .iter()
                .find(|(name, _)| *name == last)
                .map_or(UNUSUAL, |(_, spread)| *spread),
        })
    }

    /// A value on this scale; worse than everything where it is only known to be worse.
    #[must_use]
    pub fn transform(&self, value: f64, beyond: bool) -> f64 {
        match (beyond, self.logarithmic) {
            (true, _) => self.sign * f64::INFINITY,
            (false, true) if value <= 0.0 => f64::NEG_INFINITY,
            (false, true) => value.ln(),
            (false, false) => value,
        }
    }

    /// The value at a place of this scale.
    #[must_use]
    pub fn value(&self, place: f64) -> f64 {
        if self.logarithmic { place.exp() } else { place }
    }

    /// The value of a session: the median of its runs.
    #[must_use]
    pub fn session(&self, runs: &[f64]) -> Option<f64> {
        middle(
            &runs
                .iter()
                .map(|value| self.transform(*value, false))
                .collect::<Vec<_>>(),
        )
    }

    /// The place of a session as it was measured: the median of its runs, or a counted share over all of them. `None` where
    /// a run has no value.
    #[must_use]
    pub fn measured(&self, runs: &[MetricValue]) -> Option<f64> {
        if self.counted {
            let values: Option<Vec<f64>> = runs
                .iter()
                .map(|run| run.value.filter(|value| value.is_finite()))
                .collect();
            let samples = runs.iter().map(|run| run.samples).collect();
            let (part, whole) = RecordedValues {
                runs: values?,
                samples,
            }
            .counted()?;
            return Some(part / whole);
        }
        let places: Option<Vec<f64>> = runs
            .iter()
            .map(|run| Some(self.transform(run.value?, run.beyond)))
            .collect();
        middle(&places?)
    }

    /// A change on this scale, positive for worse, as it is shown: a share, or an amount; positive is more.
    #[must_use]
    pub fn shown_change(&self, change: f64) -> f64 {
        let signed = self.sign * change;
        if self.logarithmic {
            signed.exp_m1()
        } else {
            signed
        }
    }

    /// The change that is too large, beside a centre on this scale.
    #[must_use]
    pub fn bound(&self, centre: f64) -> f64 {
        let amount = self.allowed.absolute.unwrap_or(0.0);
        if !self.logarithmic {
            return amount;
        }
        let share = self
            .allowed
            .relative
            .unwrap_or(0.0)
            .max(amount / centre.exp());
        if self.sign > 0.0 {
            share.ln_1p()
        } else {
            -(-share.min(1.0)).ln_1p()
        }
    }

    /// The spread between sessions to begin with, when each has so many runs.
    #[must_use]
    pub fn prior(&self, centre: f64, runs: usize) -> f64 {
        let few = match runs {
            0 | 1 => 1.3,
            2 => 1.1,
            _ => 1.0,
        };
        match (self.prior, self.logarithmic) {
            (Some(own), true) => own,
            (Some(own), false) => own * centre.abs(),
            (None, true) => self.kind * few,
            (None, false) => {
                (self.kind * few * centre.abs()).max(self.allowed.absolute.unwrap_or(0.0) / 2.0)
            }
        }
    }
}

/// The median; unlike that of finite numbers, what is beyond all of them takes part.
pub(in crate::gate) fn middle(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[half]),
        _ if sorted[half - 1] == sorted[half] => Some(sorted[half]),
        _ => Some(f64::midpoint(sorted[half - 1], sorted[half])),
    }
    .filter(|middle| !middle.is_nan())
}

fn share(text: &str) -> Result<f64, ToleranceError> {
    match text.parse::<Quantity>() {
        Ok(Quantity {
            value,
            unit: Some(Unit::Ratio),
        }) if value > 0.0 => Ok(value),
        _ => Err(ToleranceError {
            message: format!("`{text}` is not a prior"),
            help: "write the spread between sessions as a share, for example \"2%\"".to_owned(),
        }),
    }
}
