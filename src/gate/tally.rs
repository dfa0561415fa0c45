//! How much of what decides has failed, counted in one way for every report.

use super::Verdict;
use super::compare::{Comparison, Judgement};
use super::verdict::{Mark, ThresholdVerdict};
use crate::summary::Demand;

/// What decides, and what of it fails. What can only warn is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerdictTally {
    /// Thresholds that are crossed,
    pub crossed: usize,
    /// of so many that must hold.
    pub thresholds: usize,
    /// Metrics that became worse than their baseline allows,
    pub regressed: usize,
    /// of so many that are compared.
    pub compared: usize,
}

impl VerdictTally {
    /// That of a verdict.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        Self::among(&verdict.thresholds, &verdict.comparisons)
    }

    pub(super) fn among(thresholds: &[ThresholdVerdict], comparisons: &[Comparison]) -> Self {
        let must = || thresholds.iter().filter(|one| one.demand == Demand::Must);
        let deciding = || comparisons.iter().filter(|one| one.decides());
        Self {
            crossed: must().filter(|one| one.mark == Mark::Crossed).count(),
            thresholds: must().count(),
            regressed: deciding()
                .filter(|one| one.judgement == Judgement::Regressed)
                .count(),
            compared: deciding().count(),
        }
    }

    /// How much fails.
    #[must_use]
    pub const fn failed(&self) -> usize {
        self.crossed + self.regressed
    }

    /// How much decides.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.thresholds + self.compared
    }

    /// `2 of 8 thresholds are crossed`; where metrics are compared too
    /// `6 of 14 checks fail: 2 of 8 thresholds are crossed, 4 of 6 metrics regressed`. Empty where nothing fails.
    #[must_use]
    pub fn words(&self) -> String {
        let noun = |all: usize, noun: &str| {
            if all == 1 {
                noun.to_owned()
            } else {
                format!("{noun}s")
            }
        };
        let Self {
            crossed,
            thresholds,
            regressed,
            compared,
        } = *self;
        let mut said = Vec::new();
        if crossed > 0 {
            let verb = if crossed == 1 { "is" } else { "are" };
            said.push(format!(
                "{crossed} of {thresholds} {} {verb} crossed",
                noun(thresholds, "threshold")
            ));
        }
        if regressed > 0 {
            said.push(format!(
                "{regressed} of {compared} {} regressed",
                noun(compared, "metric")
            ));
        }
        let both = thresholds > 0 && compared > 0 && !said.is_empty();
        let verb = if self.failed() == 1 { "fails" } else { "fail" };
        let all = format!("{} of {} checks {verb}: ", self.failed(), self.all());
        format!(
            "{}{}",
            if both { all.as_str() } else { "" },
            said.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_add_up_to_the_whole() {
        for (crossed, thresholds, regressed, compared, wanted) in [
            (
                2,
                8,
                4,
                6,
                "6 of 14 checks fail: 2 of 8 thresholds are crossed, 4 of 6 metrics regressed",
            ),
            (1, 1, 0, 0, "1 of 1 threshold is crossed"),
            (
                1,
                8,
                0,
                6,
                "1 of 14 checks fails: 1 of 8 thresholds is crossed",
            ),
            (0, 0, 1, 6, "1 of 6 metrics regressed"),
            (0, 8, 0, 6, ""),
        ] {
            assert_eq!(
                VerdictTally {
                    crossed,
                    thresholds,
                    regressed,
                    compared
                }
                .words(),
                wanted
            );
        }
    }
}
