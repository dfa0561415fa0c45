//! A control beside the loads: where it is slower than ever, the machine is, and nothing can be blamed on the target.

use super::comparable::Comparable;
use crate::gate::baseline::{Recorded, canaries};
use crate::stats::order::{mad, median};
use crate::summary::Summary;
use crate::units::{Unit, print};

/// So many scaled deviations from the recorded median are too many.
const FAR: f64 = 3.0;
/// The least deviation, as a share, once it is known from five sessions or more,
const FLOOR: f64 = 0.02;
/// and before.
const FLOOR_OF_FEW: f64 = 0.03;
const FEW: usize = 5;

/// Candidates whose canary is off, each in one sentence.
pub(super) fn unsteady(comparable: &Comparable<'_>) -> Vec<String> {
    comparable
        .candidates
        .iter()
        .filter_map(|(own, class)| off(own, &comparable.classes[*class].1))
        .collect()
}

fn off(summary: &Summary, known: &[&Recorded]) -> Option<String> {
    canaries(summary).into_iter().find_map(|(name, value)| {
        let recorded: Vec<f64> = known.iter().filter_map(|own| own.canary.get(&name)).map(|value| value.ln()).collect();
        let centre = median(&recorded)?;
        let floor = if recorded.len() < FEW { FLOOR_OF_FEW } else { FLOOR };
        let away = (value.ln() - centre).abs();
        (away > FAR * mad(&recorded)?.max(floor)).then(|| {
            format!(
                "session {}: the canary `{name}` took {} where {} is normal: the machine was not as it should be",
                summary.session,
                print(value, Unit::Seconds),
                print(centre.exp(), Unit::Seconds)
            )
        })
    })
}
