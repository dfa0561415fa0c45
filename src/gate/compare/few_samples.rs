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
        let far = contrast.change.is_infinite() || !high.is_finite();
        let judged = Self {
            judgement,
            change: Some(scale.shown_change(contrast.change)).filter(|change| change.is_finite()),
            interval: (!far).then(|| ordered(scale.shown_change(low), scale.shown_change(high))),
            reaches: judgement == Judgement::Pass && high > bound,
            ..self.placed(scale, centre, &candidates)?
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::baseline::{Baseline, MetricPolicy, Recorded, RecordedValues};
    use crate::gate::compare::compare;
    use crate::metric::Better;
    use crate::summary::{ComparisonPolicy, Metric, Run, SampleInterval};
    use crate::units::Unit;

    /// A session whose runs have this value, these samples and this interval.
    fn session(metric: &str, value: f64, samples: u64, interval: Option<(f64, f64)>) -> Summary {
        let run = MetricValue {
            value: Some(value),
            samples,
            interval: interval.map(|(low, high)| SampleInterval {
                low,
                high: Some(high),
            }),
            ..MetricValue::default()
        };
        let mut summary = Summary {
            session: "candidate".to_owned(),
            comparison: ComparisonPolicy {
                confirm: 2,
                r#match: vec!["load_hash".to_owned()],
                ..ComparisonPolicy::default()
            },
            runs: (1..=3).map(Run::empty).collect(),
            ..Summary::empty("plan")
        };
        let metric_of = Metric {
            unit: Unit::Seconds,
            better: Better::Lower,
            runs: vec![run; 3],
        };
        summary.metrics.insert(metric.into(), metric_of);
        summary
    }

    fn judged(metric: &str, usual: (f64, u64), now: &Summary) -> (Judgement, bool) {
        let mut baseline = Baseline::empty("plan");
        let policy = MetricPolicy::within(Unit::Seconds, Better::Lower, Some("15%".to_owned()));
        baseline.metrics.insert(metric.into(), policy);
        let recorded = |at: usize| {
            let mut known = Recorded::of(
                &session(metric, usual.0, usual.1, None),
                &baseline.metrics,
                "",
                None,
            );
            known.session = format!("recorded-{at}");
            known.metrics.insert(
                metric.into(),
                RecordedValues {
                    runs: vec![usual.0; 3],
                    samples: vec![usual.1; 3],
                },
            );
            known
        };
        baseline.sessions = (0..5).map(recorded).collect();
        let set = compare(
            &baseline,
            std::slice::from_ref(now),
            &now.comparison,
            &|_| None,
        );
        (set.comparisons[0].judgement, set.comparisons[0].few)
    }

    #[test]
    fn a_slower_service_does_not_switch_its_own_gate_off() {
        let p95 = "a.latency.p95";
        // 139 ms became 317 ms, and the three users got fewer iterations done.
        let slower = session(p95, 0.317, 133, Some((0.29, 0.36)));
        assert_eq!(
            judged(p95, (0.139, 200), &slower),
            (Judgement::Suspect, false)
        );
        let same = session(p95, 0.139, 180, Some((0.13, 0.15)));
        assert_eq!(judged(p95, (0.139, 200), &same), (Judgement::Pass, false));
        // As fast as ever, but a third of the iterations is gone.
        let fewer = session(p95, 0.139, 133, Some((0.13, 0.15)));
        assert_eq!(
            judged(p95, (0.139, 200), &fewer),
            (Judgement::Suspect, false)
        );
        // Neither then nor now is there anything to say.
        let little = session(p95, 0.139, 40, None);
        assert_eq!(
            judged(p95, (0.139, 40), &little),
            (Judgement::Missing, true)
        );
    }

    #[test]
    fn one_failed_request_of_a_thousand_hides_no_p99() {
        let p99 = "a.latency.p99";
        let slower = session(p99, 0.9, 999, Some((0.8, 1.1)));
        assert_eq!(
            judged(p99, (0.3, 1000), &slower),
            (Judgement::Suspect, false)
        );
    }
}
