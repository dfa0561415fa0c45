//! The judgement of one metric against its baseline, as `verdict.json` holds it.

use serde::{Deserialize, Serialize};

use crate::gate::baseline::Severity;
use crate::metric::{Address, Better};
use crate::units::Unit;

/// One metric against its baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The metric's full address.
    pub metric: Address,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// The judgement.
    pub judgement: Judgement,
    /// What leaving the tolerance means.
    pub severity: Severity,
    /// The drift allowed, or the fixed bound, as the baseline has it.
    pub tolerance: String,
    /// The value, the median of the sessions; `None` without data.
    pub value: Option<f64>,
    /// It is worse than the value: the rank fell among what was given up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beyond: bool,
    /// What was normal.
    pub baseline: Option<f64>,
    /// The value that leaves the tolerance.
    pub limit: Option<f64>,
    /// Whether changes are shares of the baseline; otherwise they are in the base unit.
    pub relative: bool,
    /// The change from the baseline; positive is more.
    pub change: Option<f64>,
    /// The interval that holds the true change in nine of ten cases.
    pub interval: Option<(f64, f64)>,
    /// How likely chance alone makes it this much worse.
    pub p: Option<f64>,
    /// The smallest change for the worse that is seen in eight of ten cases.
    pub detectable: Option<f64>,
    /// The interval reaches beyond the tolerance although the value does not.
    pub reaches: bool,
    /// Recorded sessions that it was compared with.
    pub sessions: u64,
    /// In place of them: pairs of runs of two targets.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pairs: u64,
    /// Fewer than five of them.
    pub provisional: bool,
    /// Too few samples for its percentile: said, and held against nobody unless the bound is fixed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub few: bool,
    /// What was compared, in one sentence.
    pub sentence: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What is to be said of one metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Within its tolerance.
    Pass,
    /// Better by more than its tolerance, and not by chance.
    Improved,
    /// Worse by more than its tolerance, confirmed, and not by chance.
    Regressed,
    /// Worse by more than its tolerance in too few sessions to be sure.
    Suspect,
    /// Worse by more than its tolerance, but chance or a slow machine may have done it.
    Inconclusive,
    /// Errors or drops hide it.
    Masked,
    /// It was not measured, or not often enough.
    Missing,
    /// Nothing recorded is comparable.
    Mismatch,
    /// The session is no evidence.
    Invalid,
}

impl Judgement {
    /// The word in documents and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Improved => "improved",
            Self::Regressed => "regressed",
            Self::Suspect => "suspect",
            Self::Inconclusive => "inconclusive",
            Self::Masked => "masked",
            Self::Missing => "missing",
            Self::Mismatch => "mismatch",
            Self::Invalid => "invalid",
        }
    }
}

impl Comparison {
    /// Whether it decides the exit code.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.severity == Severity::Fail
    }
}
