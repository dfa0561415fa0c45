//! A percentile with fewer than ten samples beyond it: judged by the samples that enclose it.

use super::comparable::Comparable;
use super::comparison::{Comparison, Judgement};
use super::comparison_set::Confirmation;
use super::contrast::ordered;
use crate::gate::baseline::{MetricScale, middle};
use crate::summary::{MetricValue, Summary};

/// A session with fewer samples than this share of what the baseline's sessions had is suspect: a slower service must not
/// switch its own gate off.
const SHORT: f64 = 0.75;

impl Comparison {
    /// `None` where the candidates have no interval, and are not short of samples either: then it decides nothing.
    pub(super) fn of_few_samples(
        self,
        scale: &MetricScale,
        comparable: &Comparable<'_>,
        confirmation: Confirmation,
    ) -> Option<Self> {
        let metric = self.metric.clone();
        let candidates = comparable.all();
        let samples = candidates
            .iter()
            .filter_map(|own| own.metrics.get(&metric))
            .flat_map(|own| own.runs.iter().map(|run| run.samples as f64));
        let samples = middle(&samples.collect::<Vec<_>>())?;
        let recorded = comparable
            .classes
            .iter()
            .flat_map(|(_, known)| known.iter())
            .filter_map(|own| own.metrics.get(&metric))
            .flat_map(|own| own.samples.iter().map(|samples| *samples as f64));
        let usual = middle(&recorded.collect::<Vec<_>>());
        let short = usual.is_some_and(|usual| samples < SHORT * usual);
        let judged = self.clone().by_interval(scale, comparable, confirmation);
        if !short {
            return judged;
        }
        let usual = usual.unwrap_or_default();
        let why = format!(
            "{samples:.0} samples in a run where the baseline's sessions had {usual:.0}: fewer iterations ended well in the same time"
        );
        let judged = judged.unwrap_or(self);
        if judged.judgement == Judgement::Regressed {
            return Some(judged);
        }
        let sentence = if judged.sentence.is_empty() {
            why
        } else {
            format!("{why}. {}", judged.sentence)
        };
        Some(Self {
            judgement: Judgement::Suspect,
            sentence,
            ..judged
        })
    }

    /// By the interval of the order statistics, widened by the spread between sessions.
    fn by_interval(
        self,
        scale: &MetricScale,
        comparable: &Comparable<'_>,
        confirmation: Confirmation,
    ) -> Option<Self> {
        let (candidates, centre, contrast) = self.contrast(scale, comparable)?;
        let bound = scale.bound(centre);
        let (below, above) = widths(&comparable.all(), &self, scale)?;
        let reach = contrast.interval().1 - contrast.change;
        let low = contrast.change - below.hypot(reach);
        let high = contrast.change + above.hypot(reach);
        let in_each = contrast.is_in_each(bound);
        let judgement = match () {
            () if !in_each => Judgement::Pass,
            () if low > bound && confirmation.confirmed && confirmation.canary_steady => {
                Judgement::Regressed
            }
            () if low > bound => Judgement::Suspect,
            () if contrast.is_beyond(bound) => Judgement::Inconclusive,
            () => Judgement::Pass,
        };
        let places: Vec<f64> = candidates.iter().map(|own| own.value).collect();
        let value = scale.value(middle(&places)?);
        let far = contrast.change.is_infinite() || !high.is_finite();
        let judged = Self {
            judgement,
            value: Some(value).filter(|value| value.is_finite()),
            baseline: Some(scale.value(centre)),
            limit: Some(scale.value(centre + scale.sign * bound)).filter(|limit| limit.is_finite()),
            change: Some(scale.shown_change(contrast.change)).filter(|change| change.is_finite()),
            interval: (!far).then(|| ordered(scale.shown_change(low), scale.shown_change(high))),
            reaches: judgement == Judgement::Pass && high > bound,
            ..self
        }
        .described();
        Some(Self {
            sentence: format!(
                "{} (few samples: judged by those that enclose the percentile)",
                judged.sentence
            ),
            ..judged
        })
    }
}

/// How far the enclosing samples lie from the percentile on the scale that is compared, to the better side and to the
/// worse. With `k` runs in all each tells `1/√k` of it.
fn widths(
    candidates: &[&Summary],
    comparison: &Comparison,
    scale: &MetricScale,
) -> Option<(f64, f64)> {
    let runs: Vec<&MetricValue> = candidates
        .iter()
        .filter_map(|own| own.metrics.get(&comparison.metric))
        .flat_map(|own| &own.runs)
        .collect();
    let each = runs.iter().map(|run| {
        let interval = run.interval?;
        let place = scale.transform(run.value?, run.beyond);
        let high = interval
            .high
            .map_or(f64::INFINITY, |high| scale.transform(high, false));
        Some((place - scale.transform(interval.low, false), high - place))
    });
    let each: Option<Vec<(f64, f64)>> = each.collect();
    let each = each.filter(|each| !each.is_empty())?;
    let share = (each.len() as f64).powf(1.5);
    let below = each.iter().map(|(below, _)| below).sum::<f64>() / share;
    let above = each.iter().map(|(_, above)| above).sum::<f64>() / share;
    Some((below.max(0.0), above.max(0.0)))
}
