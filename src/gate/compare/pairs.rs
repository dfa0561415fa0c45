//! Two targets, run in turn: each run of the one with the run of the other beside it.
//!
//! Both share the machine and the minute, so what slows one run down slows its partner down too: the differences of the pairs
//! are judged, by Student's paired test. Their number is fixed before anything is looked at.

use std::collections::BTreeMap;

use super::comparison::{Comparison, Judgement};
use super::comparison_set::{ComparisonSet, mask};
use super::contrast::ordered;
use super::contrast::{ALPHA, NOTHING, POWER};
use super::metric::{least_of, unmeasured};
use super::share::ShareContrast;
use crate::gate::baseline::{self, MetricScale, middle};
use crate::metric::Address;
use crate::stats::paired::Paired;
use crate::stats::spread::sd;
use crate::stats::student;
use crate::summary::{Metric, Summary};

/// A difference of pairs this unlikely by chance is one. There is no second look that would confirm it.
const PAIRED: f64 = 0.01;
/// Intervals hold the true change in nine of ten cases.
const INTERVAL: f64 = 0.9;

/// Compares the runs of `head` with those of `base`, pair by pair. `hidden` holds, for each metric, why it says nothing.
pub(in crate::gate) fn compare_pairs(
    compared: &BTreeMap<Address, baseline::MetricPolicy>,
    base: &Summary,
    head: &Summary,
    hidden: &dyn Fn(&Address) -> Option<String>,
) -> ComparisonSet {
    let drifting = compared
        .iter()
        .filter(|(_, compared)| compared.bound.is_none());
    let mut comparisons: Vec<_> = drifting
        .map(|(metric, compared)| Comparison::of_pairs(metric, compared, base, head))
        .collect();
    mask(&mut comparisons, hidden);
    ComparisonSet {
        comparisons,
        sessions: 1,
        mismatch: None,
        notes: Vec::new(),
    }
}

impl Comparison {
    fn of_pairs(
        metric: &Address,
        compared: &baseline::MetricPolicy,
        base: &Summary,
        head: &Summary,
    ) -> Self {
        let missing = |why: String| Self::without(metric, compared, Judgement::Missing, why);
        if let Some(why) = unmeasured(metric, compared, &[base, head]) {
            return Self {
                few: why.few,
                ..missing(why.sentence)
            };
        }
        let scale = match MetricScale::of(metric, compared) {
            Ok(scale) => scale,
            Err(error) => return missing(error.to_string()),
        };
        let (Some(before), Some(now)) = (base.metrics.get(metric), head.metrics.get(metric)) else {
            return missing("one of the two has not measured it".to_owned());
        };
        let pairs = before.runs.len().min(now.runs.len());
        let bare = Self {
            pairs: pairs as u64,
            relative: scale.logarithmic,
            ..missing(String::new())
        };
        let judged = if scale.counted {
            bare.counted_pairs(&scale, before, now)
        } else {
            bare.spread_pairs(&scale, base, head)
        };
        judged
            .unwrap_or_else(|| {
                missing("two pairs with values are the least that can be compared".to_owned())
            })
            .described()
    }

    /// By the differences of the pairs: d = sign·(head − base) on the metric's scale, worse where their mean is beyond the
    /// tolerance and Student's paired t says that it is not 0.
    fn spread_pairs(self, scale: &MetricScale, base: &Summary, head: &Summary) -> Option<Self> {
        let places = |of: &Metric| -> Option<Vec<f64>> {
            of.runs
                .iter()
                .map(|run| Some(scale.transform(run.value?, run.beyond)))
                .collect()
        };
        let (before, now) = (
            places(base.metrics.get(&self.metric)?)?,
            places(head.metrics.get(&self.metric)?)?,
        );
        let differences: Vec<f64> = before
            .iter()
            .zip(&now)
            .map(|(base, head)| scale.sign * (head - base))
            .collect();
        if differences.len() < 2 || before.iter().any(|place| place.is_infinite()) {
            return None;
        }
        let show = |change: f64| {
            let signed = scale.sign * change;
            if scale.logarithmic {
                signed.exp_m1()
            } else {
                signed
            }
        };
        let centre = middle(&before)?;
        let bound = scale.bound(centre);
        let limit =
            Some(scale.value(centre + scale.sign * bound)).filter(|limit| limit.is_finite());
        let value = scale.value(middle(&now)?);
        if now.iter().any(|place| place.is_infinite()) {
            // A run that is only known to be worse than every number is worse than any tolerance.
            let least = least_of(&[head], &self.metric);
            let value = least.or(Some(value)).filter(|value| value.is_finite());
            let baseline = Some(scale.value(centre));
            return Some(Self {
                judgement: Judgement::Regressed,
                value,
                beyond: least.is_some(),
                baseline,
                limit,
                ..self
            });
        }
        let (mean, p, p_better, interval, detectable) = test(&differences, bound);
        let judgement = match () {
            () if mean > bound + NOTHING && p < PAIRED => Judgement::Regressed,
            () if mean > bound + NOTHING => Judgement::Inconclusive,
            () if -mean > bound + NOTHING && p_better < PAIRED => Judgement::Improved,
            () => Judgement::Pass,
        };
        Some(Self {
            judgement,
            value: Some(value),
            baseline: Some(scale.value(centre)),
            limit,
            change: Some(show(mean)),
            interval: Some(ordered(show(interval.0), show(interval.1))),
            p: Some(p),
            detectable: Some(show(detectable)),
            reaches: mean <= bound + NOTHING && interval.1 > bound,
            ..self
        })
    }

    /// By counting over all pairs.
    fn counted_pairs(self, scale: &MetricScale, before: &Metric, now: &Metric) -> Option<Self> {
        let counts = |of: &Metric| -> Vec<(f64, f64)> {
            let count = |run: &crate::summary::MetricValue| {
                Some((
                    (run.value? * run.samples as f64).round(),
                    run.samples as f64,
                ))
            };
            of.runs
                .iter()
                .filter_map(count)
                .filter(|(_, whole)| *whole > 0.0)
                .collect()
        };
        let contrast = ShareContrast::of_counts(scale, &counts(before), &counts(now))?;
        let bound = scale.bound(0.0);
        let judgement = match () {
            () if contrast.is_beyond(bound) && contrast.p < ALPHA => Judgement::Regressed,
            () if contrast.is_beyond(bound) => Judgement::Inconclusive,
            () if -contrast.change > bound && contrast.p_better < ALPHA => Judgement::Improved,
            () => Judgement::Pass,
        };
        Some(contrast.shown(scale, judgement, 1.0, self))
    }
}

/// Mean, p for worse and for better, interval, and the smallest change that is seen in eight of ten cases.
fn test(differences: &[f64], bound: f64) -> (f64, f64, f64, (f64, f64), f64) {
    let Some(paired) = Paired::greater(differences, INTERVAL) else {
        // Pairs that all differ by the same leave nothing to chance.
        let mean = differences[0];
        let p = |mean: f64| if mean > 0.0 { 0.0 } else { 1.0 };
        return (mean, p(mean), p(-mean), (mean, mean), bound);
    };
    let error = sd(differences).unwrap_or(0.0) / (differences.len() as f64).sqrt();
    let quantile = |share: f64| student::quantile(share, paired.df).unwrap_or(f64::INFINITY);
    let detectable = bound.max(quantile(1.0 - PAIRED) * error) + quantile(POWER) * error;
    (
        paired.mean,
        paired.p,
        1.0 - paired.p,
        paired.interval,
        detectable,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Better;
    use crate::summary::{MetricValue, Run};
    use crate::units::Unit;

    fn session(runs: &[f64]) -> Summary {
        let value = |value: &f64| MetricValue {
            value: Some(*value),
            samples: 1_000,
            ..MetricValue::default()
        };
        let mut summary = Summary {
            runs: (1..=runs.len() as u64).map(Run::empty).collect(),
            ..Summary::empty("plan")
        };
        for (name, unit, better) in [
            ("a.latency.p50", Unit::Seconds, Better::Lower),
            ("a.throughput", Unit::PerSecond, Better::Higher),
            ("a.error_rate", Unit::Ratio, Better::Lower),
        ] {
            summary.metrics.insert(
                name.into(),
                Metric {
                    unit,
                    better,
                    runs: runs.iter().map(value).collect(),
                },
            );
        }
        summary
    }

    fn judged(metric: &str, tolerance: &str, base: &[f64], head: &[f64]) -> Comparison {
        let (base, head) = (session(base), session(head));
        let own = &base.metrics[metric];
        let compared =
            baseline::MetricPolicy::within(own.unit, own.better, Some(tolerance.to_owned()));
        let compared = BTreeMap::from([(metric.into(), compared)]);
        compare_pairs(&compared, &base, &head, &|_| None)
            .comparisons
            .remove(0)
    }

    #[test]
    fn differences_of_pairs_are_judged_and_what_both_share_is_not() {
        // Each pair runs at its own pace, up to twice as fast as another one.
        let paces = [1.0, 1.4, 0.8, 1.1, 1.6];
        let head = |change: f64| {
            paces
                .iter()
                .enumerate()
                .map(|(n, pace)| pace * change * (1.0 + 0.002 * n as f64))
                .collect::<Vec<_>>()
        };
        for (change, better, expected) in [
            (1.0, "a.latency.p50", Judgement::Pass),
            (1.09, "a.latency.p50", Judgement::Pass),
            (1.2, "a.latency.p50", Judgement::Regressed),
            (0.8, "a.latency.p50", Judgement::Improved),
            (0.8, "a.throughput", Judgement::Regressed),
            (1.2, "a.throughput", Judgement::Improved),
        ] {
            let one = judged(better, "10%", &paces, &head(change));
            assert_eq!(
                one.judgement, expected,
                "{change} {better}: {}",
                one.sentence
            );
            assert!(
                one.sentence.contains("of the base in 5 pairs"),
                "{}",
                one.sentence
            );
        }
    }

    #[test]
    fn what_chance_may_have_done_is_inconclusive() {
        let one = judged("a.latency.p50", "10%", &[1.0, 1.0, 1.0], &[1.0, 1.05, 1.6]);
        assert_eq!(one.judgement, Judgement::Inconclusive, "{}", one.sentence);
        assert!(
            one.sentence.contains("compare more pairs"),
            "{}",
            one.sentence
        );
    }

    #[test]
    fn pairs_that_differ_by_the_same_leave_nothing_to_chance() {
        for (base, head, expected) in [
            ([1.0, 2.0], [1.0, 2.0], Judgement::Pass),
            ([1.0, 1.0], [1.5, 1.5], Judgement::Regressed),
            ([1.0, 1.0], [0.5, 0.5], Judgement::Improved),
        ] {
            assert_eq!(
                judged("a.latency.p50", "10%", &base, &head).judgement,
                expected
            );
        }
        assert_eq!(
            judged("a.latency.p50", "10%", &[1.0], &[2.0]).judgement,
            Judgement::Missing
        );
    }

    #[test]
    fn a_throughput_of_nothing_has_regressed_and_shares_are_counted() {
        let one = judged("a.throughput", "10%", &[5.0, 5.0], &[5.0, 0.0]);
        assert_eq!(one.judgement, Judgement::Regressed, "{}", one.sentence);
        assert!(!one.sentence.is_empty());
        for (head, expected) in [(0.004, Judgement::Pass), (0.04, Judgement::Regressed)] {
            let one = judged("a.error_rate", "1%", &[0.0, 0.001, 0.0], &[head; 3]);
            assert_eq!(one.judgement, expected, "{}", one.sentence);
        }
    }
}
