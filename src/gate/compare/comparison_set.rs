//! All metrics of some sessions against a baseline.

use super::canary;
use super::comparable::Comparable;
use super::comparison::{Comparison, Judgement};
use crate::gate::baseline::{self, Baseline};
use crate::metric::Address;
use crate::summary::{ComparisonPolicy, Summary};
use crate::units::Unit;

/// How far a judgement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Confirmation {
    /// Sessions that a regression needs.
    pub(super) needed: usize,
    /// There are as many.
    pub(super) confirmed: bool,
    /// As many ran on a machine that was no slower than it should be; of three, one may have run on another.
    pub(super) canary_steady: bool,
}

/// Everything that a comparison with a baseline says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::gate) struct ComparisonSet {
    /// One entry a compared metric, in the order of their names.
    pub(in crate::gate) comparisons: Vec<Comparison>,
    /// Sessions that could be compared.
    pub(in crate::gate) sessions: usize,
    /// Why nothing could be compared.
    pub(in crate::gate) mismatch: Option<String>,
    /// What is worth knowing and decides nothing.
    pub(in crate::gate) notes: Vec<String>,
}

/// Compares sessions of one plan with its baseline. `hidden` holds, for each load address, why its latencies say nothing.
#[must_use]
pub(in crate::gate) fn compare(
    baseline: &Baseline,
    sessions: &[Summary],
    comparison: &ComparisonPolicy,
    hidden: &dyn Fn(&Address) -> Option<String>,
) -> ComparisonSet {
    let comparable = Comparable::of(baseline, sessions, &comparison.r#match);
    let mut notes = comparable.left_out.clone();
    let all: Vec<&Summary> = sessions.iter().collect();
    let fixed = baseline
        .metrics
        .iter()
        .filter(|(_, compared)| compared.bound.is_some());
    let mut comparisons: Vec<_> = fixed
        .map(|(metric, compared)| Comparison::fixed(metric, compared, &all))
        .collect();
    let drifting = || {
        baseline
            .metrics
            .iter()
            .filter(|(_, compared)| compared.bound.is_none())
    };
    if comparable.candidates.is_empty() {
        if drifting().next().is_none() && !comparisons.is_empty() {
            return ComparisonSet {
                comparisons,
                ..ComparisonSet::default()
            };
        }
        let why = comparable.left_out.first().cloned().unwrap_or_default();
        let none = |(metric, compared): (&Address, &baseline::MetricPolicy)| {
            Comparison::without(metric, compared, Judgement::Mismatch, why.clone())
        };
        comparisons.extend(drifting().map(none));
        return ComparisonSet {
            comparisons,
            sessions: 0,
            mismatch: Some(why),
            notes,
        };
    }
    let needed = 1 + usize::try_from(comparison.confirm).unwrap_or(usize::MAX - 1);
    let unsteady = canary::unsteady(&comparable);
    let count = comparable.candidates.len();
    let confirmation = Confirmation {
        needed,
        confirmed: count >= needed,
        // With three sessions the median is not that of one slow machine.
        canary_steady: count + unsteady.len().min(count / 3) >= needed + unsteady.len(),
    };
    notes.extend(unsteady);
    comparisons.extend(
        drifting()
            .map(|(metric, compared)| Comparison::of(metric, compared, &comparable, confirmation)),
    );
    mask(&mut comparisons, hidden);
    comparisons.sort_by(|a, b| a.metric.cmp(&b.metric));
    notes.extend(new_metrics(baseline, comparison));
    ComparisonSet {
        comparisons,
        sessions: count,
        mismatch: None,
        notes,
    }
}

/// Failing fast must not read as faster: where errors rise or iterations are dropped, latency may only regress.
pub(super) fn mask(comparisons: &mut [Comparison], hidden: &dyn Fn(&Address) -> Option<String>) {
    let rising: Vec<Address> = comparisons
        .iter()
        .filter(|one| {
            matches!(
                one.judgement,
                Judgement::Suspect | Judgement::Regressed | Judgement::Inconclusive
            )
        })
        .map(|one| one.metric.clone())
        .collect();
    let good = |one: &Comparison| matches!(one.judgement, Judgement::Pass | Judgement::Improved);
    let is_timed = |one: &Comparison| one.unit == Unit::Seconds || one.metric.quantity() == "rtfx";
    let timed = comparisons
        .iter_mut()
        .filter(|one| is_timed(one) && good(one));
    for one in timed {
        let risen = rising
            .iter()
            .any(|errors| errors.is_error_share_of(&one.metric))
            .then(|| "errors have risen".to_owned());
        if let Some(why) = risen.or_else(|| hidden(&one.metric)) {
            one.judgement = Judgement::Masked;
            *one = one.clone().described();
            one.sentence = format!("{why}: {}", one.sentence);
        }
    }
}

/// What the plan compares and the baseline does not know yet.
fn new_metrics(baseline: &Baseline, comparison: &ComparisonPolicy) -> Option<String> {
    let new: Vec<_> = comparison
        .tolerances
        .iter()
        .filter(|line| !baseline.metrics.contains_key(&line.metric))
        .map(|line| format!("`{}`", line.metric))
        .collect();
    let one = new.len() == 1;
    (!new.is_empty()).then(|| {
        format!(
            "{} {} in the plan and not in the baseline yet: `perfgate update-baseline` adds {}",
            new.join(", "),
            if one { "is" } else { "are" },
            if one { "it" } else { "them" }
        )
    })
}
