//! What recorded sessions say of one metric, on the scale that is compared.

use super::contrast::Prior;
use crate::gate::baseline::{MetricScale, Recorded};
use crate::metric::Address;

/// The recorded sessions of one metric, by machine class.
pub(super) struct TransformedSamples {
    /// One place a session; empty for a class in which no session has it.
    pub(super) classes: Vec<Vec<f64>>,
    /// The fewest runs that a session has.
    runs: Option<usize>,
}

impl TransformedSamples {
    pub(super) fn of<'a>(
        metric: &Address,
        scale: &MetricScale,
        classes: impl Iterator<Item = &'a [&'a Recorded]> + Clone,
    ) -> Self {
        let places = |known: &[&Recorded]| -> Vec<f64> {
            known
                .iter()
                .filter_map(|own| own.transformed(metric, scale))
                .filter(|place| place.is_finite())
                .collect()
        };
        let runs = classes
            .clone()
            .flatten()
            .filter_map(|own| Some(own.metrics.get(metric)?.runs.len()));
        Self {
            runs: runs.min(),
            classes: classes.map(places).collect(),
        }
    }

    /// What is known of the spread beforehand, beside a centre and where each candidate has `runs` or more.
    pub(super) fn prior(&self, scale: &MetricScale, centre: f64, runs: Option<usize>) -> Prior {
        let runs = self.runs.into_iter().chain(runs).min().unwrap_or(1);
        Prior::beside(scale.prior(centre, runs), &self.classes)
    }
}
