//! How much one metric varies while nothing changes.

use crate::gate::baseline::{MetricPolicy, MetricScale, Recorded, Severity, middle};
use crate::gate::compare::{Candidate, Contrast, Prior, ShareContrast, of_centre, of_median};
use crate::metric::{Address, Better};
use crate::stats::components::Components;
use crate::stats::spread::{mean, sd};
use crate::stats::student;
use crate::units::Unit;

/// Sessions that decide a night: the first and the two that confirm it.
pub(super) const DECIDING: usize = 3;
/// A night in which noise alone breaks some tolerance is to be one of twenty.
const NIGHTLY: f64 = 0.05;

/// What sessions of an unchanged target say about one metric. Spreads are standard deviations: shares of the value where
/// `relative`, else in its base unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    /// The metric's full address.
    pub metric: Address,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// What leaving the tolerance means.
    pub severity: Severity,
    /// The drift allowed, as it is written.
    pub tolerance: String,
    /// Changes are shares of the value.
    pub relative: bool,
    /// The median of the sessions, in the base unit.
    pub centre: f64,
    /// Between the runs of one session; `None` where each has one.
    pub within: Option<f64>,
    /// Between sessions, by their medians.
    pub between: f64,
    /// The drift that noise alone reaches in one of twenty nights, all failing metrics taken together.
    pub noise: f64,
    /// The drift allowed, as a change for the worse.
    pub allowed: f64,
    /// The change for the worse that is seen in eight of ten nights; `None` where none is.
    pub seen: Option<f64>,
    /// Sessions differ by more than their runs explain: more runs would not help.
    pub sessions_dominate: bool,
    /// The fewest samples behind it in a run.
    pub samples: u64,
}

/// A metric on its scale, with the place of every session.
pub(super) struct Placed<'a> {
    pub(super) metric: &'a Address,
    pub(super) compared: &'a MetricPolicy,
    pub(super) scale: MetricScale,
    /// One a session.
    pub(super) places: Vec<f64>,
    /// Of a share: how many of how many in each session.
    pub(super) counts: Vec<(f64, f64)>,
    /// The spread to begin with.
    pub(super) usual: f64,
    /// Runs of a session, the fewest.
    pub(super) runs: usize,
    pub(super) bound: f64,
}

impl<'a> Placed<'a> {
    /// `None` where a session has no value of it, or it is judged by a fixed bound.
    pub(super) fn of(
        metric: &'a Address,
        compared: &'a MetricPolicy,
        sessions: &[&Recorded],
    ) -> Option<Self> {
        let scale = MetricScale::of(metric, compared)
            .ok()
            .filter(|_| compared.bound.is_none())?;
        let places: Option<Vec<f64>> = sessions
            .iter()
            .map(|own| {
                own.transformed(metric, &scale)
                    .filter(|place| place.is_finite())
            })
            .collect();
        let places = places?;
        let counts: Option<Vec<_>> = sessions
            .iter()
            .map(|own| own.metrics.get(metric)?.counted())
            .collect();
        let centre = middle(&places)?;
        let runs = sessions
            .iter()
            .filter_map(|own| own.metrics.get(metric))
            .map(|own| own.runs.len())
            .min()?;
        let usual = scale.prior(centre, runs);
        let bound = scale.bound(centre);
        let counts = if scale.counted { counts? } else { Vec::new() };
        Some(Self {
            metric,
            compared,
            scale,
            places,
            counts,
            usual,
            runs,
            bound,
        })
    }
}

impl Noise {
    /// Of a metric with its sessions, one of so many that fail a run. `None` with fewer than two sessions.
    pub(super) fn of(placed: &Placed<'_>, sessions: &[&Recorded], failing: usize) -> Option<Self> {
        let Placed {
            metric,
            compared,
            scale,
            places,
            ..
        } = placed;
        let runs: Vec<Vec<f64>> = sessions
            .iter()
            .filter_map(|own| own.metrics.get(*metric))
            .map(|own| {
                own.runs
                    .iter()
                    .map(|value| scale.transform(*value, false))
                    .collect()
            })
            .collect();
        let components = Components::of(&runs);
        let spread = placed.spread()?;
        let change = |drift: f64| {
            scale.sign
                * if scale.logarithmic {
                    (scale.sign * drift).exp_m1()
                } else {
                    scale.sign * drift
                }
        };
        let noise =
            quantile(NIGHTLY / failing.max(1) as f64, places.len())? * error(spread, places.len());
        let as_share = |sd: f64| if scale.logarithmic { sd.exp_m1() } else { sd };
        let samples = sessions
            .iter()
            .filter_map(|own| own.metrics.get(*metric))
            .flat_map(|own| &own.samples)
            .min();
        Some(Self {
            metric: (*metric).to_owned(),
            unit: compared.unit,
            better: compared.better,
            severity: compared.severity,
            tolerance: compared.tolerance.clone().unwrap_or_default(),
            relative: scale.logarithmic,
            centre: scale.value(middle(places)?),
            within: components.as_ref().map(|own| as_share(own.var_run.sqrt())),
            between: as_share(spread),
            noise: change(noise),
            allowed: change(placed.bound),
            seen: placed.seen().map(change),
            sessions_dominate: components.is_none_or(|own| own.sessions_dominate()),
            samples: samples.copied().unwrap_or(0),
        })
    }

    /// Noise alone breaks the tolerance more often than it should.
    #[must_use]
    pub fn is_beyond_tolerance(&self) -> bool {
        self.noise > self.allowed
    }
}

impl Placed<'_> {
    /// The standard deviation of the sessions. Of counted shares at least what counting alone makes: half a case more than there
    /// was, so that no case at all is not taken for certainty.
    fn spread(&self) -> Option<f64> {
        let spread = sd(&self.places)?;
        let all = self
            .counts
            .iter()
            .copied()
            .reduce(|a, b| (a.0 + b.0, a.1 + b.1));
        let Some((part, whole)) = all else {
            return Some(spread);
        };
        let share = (part.min(whole - part) + 0.5) / (whole + 1.0);
        let each = mean(&self.counts.iter().map(|(_, of)| *of).collect::<Vec<_>>())?;
        Some(spread.max((share * (1.0 - share) / each).sqrt()))
    }

    /// The change that is seen in eight of ten nights once it is confirmed.
    fn seen(&self) -> Option<f64> {
        if self.scale.counted {
            let own = self.counts.first().map(std::slice::from_ref)?;
            return ShareContrast::of_counts(&self.scale, &self.counts, own)?
                .detectable(self.bound, DECIDING as f64);
        }
        let candidate = Candidate {
            value: middle(&self.places)?,
            class: 0,
        };
        let contrast = Contrast::of(
            std::slice::from_ref(&self.places),
            &[candidate; DECIDING],
            self.scale.sign,
            Prior::beside(self.usual, std::slice::from_ref(&self.places)),
        )?;
        Some(contrast.detectable(self.bound, contrast.error)).filter(|seen| seen.is_finite())
    }
}

/// Standard error of the change that decides a night, of sessions with this spread against so many recorded ones.
fn error(spread: f64, recorded: usize) -> f64 {
    spread * (of_median(DECIDING) / DECIDING as f64 + of_centre(recorded) / recorded as f64).sqrt()
}

fn quantile(beyond: f64, sessions: usize) -> Option<f64> {
    student::quantile(1.0 - beyond, sessions.checked_sub(1)? as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::order::median;

    #[test]
    fn the_tolerance_that_noise_breaks_is_the_known_one() {
        let known: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/gating.json")).unwrap();
        let sessions = known["variance_components"]["log_of"].as_array().unwrap();
        let logs = |runs: &serde_json::Value| -> Vec<f64> {
            runs.as_array()
                .unwrap()
                .iter()
                .map(|value| value.as_f64().unwrap().ln())
                .collect()
        };
        let places: Vec<f64> = sessions
            .iter()
            .map(|runs| median(&logs(runs)).unwrap())
            .collect();
        let case = &known["calibrate"][1];
        let error = error(sd(&places).unwrap(), places.len());
        assert!((error - case["se"].as_f64().unwrap()).abs() < 1e-9);
        for case in known["calibrate"].as_array().unwrap() {
            let failing = case["metrics"].as_f64().unwrap();
            let found = (quantile(NIGHTLY / failing, places.len()).unwrap()
                * case["se"].as_f64().unwrap())
            .exp_m1();
            assert!(
                (found - case["tolerance_noise"].as_f64().unwrap()).abs() < 1e-9,
                "{found}"
            );
        }
    }
}
