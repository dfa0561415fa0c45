//! The shape of `verdict.json`.

use crate::metric::Address;
use serde::{Deserialize, Serialize};

use super::compare::{Comparison, Judgement};
use super::exit_code::ExitCode;
use crate::summary::Demand;
use crate::units::Unit;

/// The kind of this document.
pub const SCHEMA: &str = "perfgate.verdict";
/// Its major version.
pub const VERSION: u32 = 1;

/// The judgement of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// `perfgate.verdict/1`.
    pub schema: String,
    /// The judgement in one word.
    pub verdict: Overall,
    /// The exit code that stands for it.
    pub exit_code: ExitCode,
    /// The judgement in one sentence.
    pub sentence: String,
    /// The sessions it is about.
    pub sessions: Vec<String>,
    /// The baseline it was compared with; `None`: thresholds alone decide.
    pub baseline: Option<String>,
    /// The baseline that it should have been compared with and that is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted_baseline: Option<String>,
    /// Whether a baseline takes the newest session only by force; not known of verdicts of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_force: Option<bool>,
    /// Why the session is no evidence; empty where it is.
    pub invalid: Vec<String>,
    /// Every threshold, in the order of the plan.
    pub thresholds: Vec<ThresholdVerdict>,
    /// Every metric that is compared with the baseline, by name.
    #[serde(default)]
    pub comparisons: Vec<Comparison>,
    /// What is worth knowing and decides nothing.
    pub notes: Vec<String>,
}

impl Verdict {
    /// Whether a metric that decides the exit code is judged so.
    #[must_use]
    pub fn decides(&self, judgement: Judgement) -> bool {
        let mut deciding = self.comparisons.iter().filter(|metric| metric.decides());
        deciding.any(|metric| metric.judgement == judgement)
    }

    /// Whether a rule that holds without being written waits for further sessions.
    #[must_use]
    pub fn suspects_default(&self) -> bool {
        self.thresholds
            .iter()
            .any(|threshold| threshold.mark == Mark::Suspect)
    }

    /// The verdict of a session whose documents could not be written: only a signal outweighs that.
    #[must_use]
    pub fn unwritten(self) -> Self {
        if self.verdict == Overall::Interrupted {
            return self;
        }
        let sentence = format!(
            "results could not be written; they would say {}: {}",
            self.verdict.word(),
            self.sentence
        );
        Self {
            verdict: Overall::Unwritten,
            exit_code: ExitCode::CouldNotRun,
            sentence,
            ..self
        }
    }
}

/// The judgement in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Everything judged holds.
    Pass,
    /// A threshold is crossed, or a regression is confirmed.
    Fail,
    /// A regression is suspected, or chance cannot be told from one: more sessions are needed.
    Undecided,
    /// The generator did not do what the plan says.
    Invalid,
    /// A check fails as measured and holds without the generator's own delays.
    NotJudged,
    /// Something that should be judged was not measured.
    Missing,
    /// The baseline has nothing comparable.
    Mismatch,
    /// The baseline that the plan wants is not there.
    NoBaseline,
    /// The target never answered.
    NeverAnswered,
    /// A later phase found the target not ready; what was measured until then is judged below.
    NotReady,
    /// A signal ended the session; what was measured until then is judged below.
    Interrupted,
    /// The results could not be written.
    Unwritten,
}

impl Overall {
    /// Whether a baseline takes the session without force, as far as that goes by its judgement.
    #[must_use]
    pub(in crate::gate) const fn may_be_recorded(self) -> bool {
        matches!(
            self,
            Self::Pass | Self::Mismatch | Self::NoBaseline | Self::Invalid
        )
    }

    /// Whether the session is evidence, whatever it says: not one that was cut short, or whose target or generator was not as it
    /// should be.
    #[must_use]
    pub const fn is_evidence(self) -> bool {
        match self {
            Self::Pass
            | Self::Fail
            | Self::Undecided
            | Self::Missing
            | Self::Mismatch
            | Self::NoBaseline => true,
            Self::Invalid
            | Self::NotJudged
            | Self::NeverAnswered
            | Self::NotReady
            | Self::Interrupted
            | Self::Unwritten => false,
        }
    }

    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Undecided => "UNDECIDED",
            Self::Invalid => "NOT USABLE",
            Self::NotJudged => "NOT JUDGED",
            Self::Missing => "NOT MEASURED",
            Self::Mismatch => "NOT COMPARABLE",
            Self::NoBaseline => "NO BASELINE",
            Self::NeverAnswered => "NO ANSWER",
            Self::NotReady => "NOT READY",
            Self::Unwritten => "NOT WRITTEN",
            Self::Interrupted => "INTERRUPTED",
        }
    }
}

/// The judgement of one threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThresholdVerdict {
    /// The metric's full address.
    pub metric: Address,
    /// The bound.
    pub bound: String,
    /// Whether it holds.
    pub mark: Mark,
    /// Whether it must hold.
    #[serde(default)]
    pub demand: Demand,
    /// The metric's base unit.
    pub unit: Unit,
    /// Its value in every run; it must hold in each.
    pub runs: Vec<RunValue>,
    /// The run that is furthest from holding, from 1; 0 where there is no data.
    pub worst_run: u64,
    /// The limit in base units, where it is one number.
    pub limit: Option<f64>,
    /// A percentile with fewer than ten samples beyond it.
    pub few_samples: bool,
    /// The tool whose own word decided, because perfgate cannot judge it by the numbers or finds that it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<String>,
    /// The sessions in which it is crossed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub crossed_sessions: u64,
    /// The file that demands it.
    pub file: String,
    /// The line, from 1; 0 for a rule that holds without being written.
    pub line: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Whether a threshold holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It holds in every run.
    Pass,
    /// It does not.
    Crossed,
    /// There is no data: never a pass.
    Missing,
    /// It is crossed as measured and holds without the generator's own delays, or the generator spoiled the run: nobody
    /// knows.
    NotJudged,
    /// A rule that holds without being written is crossed, and more sessions have to confirm it.
    Suspect,
}

/// The value of one run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RunValue {
    /// The value in base units; `None` without data.
    pub value: Option<f64>,
    /// It is worse than the value: the rank fell among what was given up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beyond: bool,
    /// The value without the generator's own delays, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<f64>,
}
