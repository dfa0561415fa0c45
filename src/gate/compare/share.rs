//! Shares of exchanges that went one way are counted: whether more of them did is asked of the counts.

use super::comparison::{Comparison, Judgement};
use super::contrast::{NOTHING, ONE_SIDED, POWER, ordered};
use crate::gate::baseline::{MetricScale, Recorded, RecordedValues};
use crate::metric::Address;
use crate::stats::order::median;
use crate::stats::{fisher, student, wilson};
use crate::summary::Summary;

/// How unlikely a first difference must be to be worth two more sessions: it only keeps one error of a tiny run from asking.
const FIRST_LOOK: f64 = 0.2;
const INTERVAL: f64 = 0.9;

/// Two shares compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::gate) struct ShareContrast {
    /// Of how many, and how many went that way: recorded, candidates.
    pub(super) recorded: (f64, f64),
    pub(super) candidate: (f64, f64),
    /// How many of the recorded were bad.
    bad: f64,
    /// The difference of the pooled shares; positive is worse.
    pub(super) change: f64,
    /// The median of the sessions against the pooled recorded share; positive is worse.
    pub(super) of_sessions: f64,
    /// How likely chance alone makes it this much worse.
    pub(in crate::gate) p: f64,
    /// The same for better.
    pub(super) p_better: f64,
}

impl ShareContrast {
    /// Compares a metric of candidates with that of recorded sessions. `None` without counts on either side.
    pub(super) fn of(
        metric: &Address,
        scale: &MetricScale,
        recorded: &[&Recorded],
        candidates: &[&Summary],
    ) -> Option<Self> {
        let before: Vec<_> = recorded
            .iter()
            .filter_map(|own| own.metrics.get(metric)?.counted())
            .collect();
        let own: Option<Vec<_>> = candidates
            .iter()
            .map(|one| values(one, metric)?.counted())
            .collect();
        Self::of_counts(scale, &before, &own?)
    }

    /// Compares counts, each how many of how many in one session.
    pub(in crate::gate) fn of_counts(
        scale: &MetricScale,
        recorded: &[(f64, f64)],
        own: &[(f64, f64)],
    ) -> Option<Self> {
        let all =
            |counts: &[(f64, f64)]| counts.iter().copied().reduce(|a, b| (a.0 + b.0, a.1 + b.1));
        let (before, now) = (all(recorded)?, all(own)?);
        let share = |(part, whole): (f64, f64)| part / whole;
        let of_sessions = median(
            &own.iter()
                .map(|one| scale.sign * (share(*one) - share(before)))
                .collect::<Vec<_>>(),
        )?;
        // What is bad is counted: of a share of successes, the rest.
        let bad = |(part, whole): (f64, f64)| {
            let part = if scale.sign > 0.0 { part } else { whole - part };
            (part as u64, whole as u64)
        };
        let rest = |(part, whole): (u64, u64)| (whole - part.min(whole), whole);
        Some(Self {
            recorded: before,
            candidate: now,
            bad: bad(before).0 as f64,
            change: scale.sign * (share(now) - share(before)),
            of_sessions,
            p: fisher::greater(bad(before), bad(now))?,
            p_better: fisher::greater(rest(bad(before)), rest(bad(now)))?,
        })
    }

    /// Whether one session is enough to ask for more.
    pub(in crate::gate) fn is_suspect(&self, bound: f64) -> bool {
        self.change > bound + NOTHING && self.p < FIRST_LOOK
    }

    /// Whether the sessions lie beyond the bound, by their counts and by their median.
    pub(in crate::gate) fn is_beyond(&self, bound: f64) -> bool {
        self.change > bound + NOTHING && self.of_sessions > bound + NOTHING
    }

    /// The smallest rise of what is bad that is seen in eight of ten cases, where more than `bound` counts and there are
    /// `more` times as many candidates: by the normal approximation of both shares, their pooled one for chance. `None` where
    /// no rise would be.
    pub(in crate::gate) fn detectable(&self, bound: f64, more: f64) -> Option<f64> {
        let (z, power) = (
            student::normal_quantile(ONE_SIDED)?,
            student::normal_quantile(POWER)?,
        );
        let (recorded, now) = (self.recorded.1, self.candidate.1 * more);
        let before = self.bad / recorded;
        let seen = |rise: f64| {
            let after = before + rise;
            let all = (self.bad + after * now) / (recorded + now);
            let chance = (all * (1.0 - all) * (1.0 / recorded + 1.0 / now)).sqrt();
            let error = (before * (1.0 - before) / recorded + after * (1.0 - after) / now)
                .max(0.0)
                .sqrt();
            rise > bound.max(z * chance) + power * error
        };
        let (mut low, mut high) = (0.0, 1.0 - before);
        if !seen(high) {
            return None;
        }
        while high - low > NOTHING {
            let middle = f64::midpoint(low, high);
            if seen(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }

    /// What a comparison says of it; `more` as for [`Self::detectable`].
    pub(super) fn shown(
        &self,
        scale: &MetricScale,
        judgement: Judgement,
        more: f64,
        bare: Comparison,
    ) -> Comparison {
        let share = |(part, whole): (f64, f64)| part / whole;
        let (bound, before) = (scale.bound(0.0), share(self.recorded));
        let (low, high) = self.interval(scale.sign);
        Comparison {
            judgement,
            value: Some(share(self.candidate)),
            baseline: Some(before),
            limit: Some(before + scale.sign * bound),
            change: Some(scale.sign * self.change),
            interval: Some(ordered(scale.sign * low, scale.sign * high)),
            p: Some(self.p),
            detectable: self.detectable(bound, more).map(|seen| scale.sign * seen),
            reaches: self.change <= bound + NOTHING && high > bound,
            ..bare
        }
    }

    /// Newcombe's interval of the difference, from the two of Wilson; positive is worse.
    pub(super) fn interval(&self, sign: f64) -> (f64, f64) {
        let of = |(part, whole): (f64, f64)| {
            let (low, high) =
                wilson::interval(part as u64, whole as u64, INTERVAL).unwrap_or((0.0, 1.0));
            (part / whole, low, high)
        };
        let (p1, l1, u1) = of(self.recorded);
        let (p2, l2, u2) = of(self.candidate);
        let low = (p2 - p1) - ((p2 - l2).powi(2) + (u1 - p1).powi(2)).sqrt();
        let high = (p2 - p1) + ((u2 - p2).powi(2) + (p1 - l1).powi(2)).sqrt();
        if sign > 0.0 {
            (low, high)
        } else {
            (-high, -low)
        }
    }
}

/// The runs of a metric in a session, as a baseline would record them.
pub(super) fn values(summary: &Summary, metric: &Address) -> Option<RecordedValues> {
    let runs = &summary.metrics.get(metric)?.runs;
    let values: Option<Vec<f64>> = runs
        .iter()
        .map(|run| run.value.filter(|value| value.is_finite()))
        .collect();
    let values = values.filter(|values| !values.is_empty())?;
    Some(RecordedValues {
        runs: values,
        samples: runs.iter().map(|run| run.samples).collect(),
    })
}
