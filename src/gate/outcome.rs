//! From everything that was judged to one word, one exit code and one sentence.

use super::compare::{Comparison, ComparisonSet, Judgement};
use super::exit_code::ExitCode;
use super::run_check::is_broken;
use super::threshold::nothing_ok;
use super::verdict::{Mark, Overall, ThresholdVerdict};
use crate::summary::{Demand, Interruption, LoadRun, Run, Summary, WithoutBaseline};

/// Everything that is known when a verdict is due.
pub(super) struct VerdictInputs<'a> {
    pub(super) sessions: &'a [Summary],
    pub(super) thresholds: &'a [ThresholdVerdict],
    /// Why the sessions are no evidence.
    pub(super) invalid: Vec<String>,
    /// `None` where nothing is compared.
    pub(super) compared: Option<&'a ComparisonSet>,
    /// The file that should be there and is not.
    pub(super) absent: Option<&'a str>,
}

impl VerdictInputs<'_> {
    /// The judgement in one word.
    pub(super) fn overall(&self) -> Overall {
        let any = |mark: Mark| self.must().any(|t| t.mark == mark);
        let aborted = self
            .sessions
            .iter()
            .flat_map(|own| &own.runs)
            .any(|run| !run.aborted.is_empty());
        if self.sessions.iter().any(|own| own.interrupted.is_some()) {
            Overall::Interrupted
        } else if self
            .sessions
            .iter()
            .any(|own| own.not_ready.is_some() || own.hook_failed.is_some())
        {
            Overall::NotReady
        } else if self.sessions.iter().any(never_answered) {
            Overall::NeverAnswered
        } else if any(Mark::Crossed) || self.valid() && self.fails(aborted) {
            // What the replies themselves show fails, whatever the generator did to their times.
            Overall::Fail
        } else if !self.valid() {
            Overall::Invalid
        } else if any(Mark::Suspect)
            || self.has(Judgement::Suspect)
            || self.has(Judgement::Inconclusive)
            || self.has(Judgement::Masked)
        {
            Overall::Undecided
        } else if any(Mark::NotJudged) || self.has(Judgement::Invalid) {
            Overall::NotJudged
        } else if any(Mark::Missing) || self.measured_nothing() || self.deciding().any(is_missing) {
            Overall::Missing
        } else if self.must_compare() && self.absent.is_some() {
            Overall::NoBaseline
        } else if self.must_compare()
            && self
                .compared
                .is_some_and(|compared| compared.mismatch.is_some())
        {
            Overall::Mismatch
        } else if self.judges_nothing() {
            Overall::Missing
        } else {
            Overall::Pass
        }
    }

    /// Whether the sessions are evidence.
    pub(super) fn valid(&self) -> bool {
        self.invalid.is_empty()
    }

    /// What fails besides thresholds.
    fn fails(&self, aborted: bool) -> bool {
        aborted || self.has(Judgement::Regressed) || self.loads().any(is_broken)
    }

    /// Whether a comparison has to be possible.
    fn must_compare(&self) -> bool {
        let comparison = self.sessions.first().map(|own| &own.comparison);
        comparison.is_some_and(|own| own.missing == WithoutBaseline::Fail && !own.narrowed)
    }

    /// Everything that should decide has too few samples.
    fn judges_nothing(&self) -> bool {
        self.deciding().next().is_some() && self.deciding().all(|one| one.few)
    }

    /// Why something that should be judged was not.
    pub(super) fn unjudged(&self) -> Option<&Comparison> {
        let nothing = self.judges_nothing();
        self.deciding()
            .find(|one| nothing || is_missing(one) || one.judgement == Judgement::Masked)
    }

    pub(super) fn must(&self) -> impl Iterator<Item = &ThresholdVerdict> {
        self.thresholds.iter().filter(|t| t.demand == Demand::Must)
    }

    fn loads(&self) -> impl Iterator<Item = &LoadRun> {
        self.sessions
            .iter()
            .flat_map(|own| &own.runs)
            .flat_map(|run| &run.loads)
    }

    /// Nothing ended well in a load, or another tool's file holds nothing but zeros.
    fn measured_nothing(&self) -> bool {
        let idle = |own: &Summary| own.origin.as_ref().is_some_and(|origin| !origin.measured);
        self.loads().any(nothing_ok) || self.sessions.iter().any(idle)
    }

    pub(super) fn deciding(&self) -> impl Iterator<Item = &Comparison> {
        self.compared
            .into_iter()
            .flat_map(|compared| &compared.comparisons)
            .filter(|one| one.decides())
    }

    pub(super) fn has(&self, judgement: Judgement) -> bool {
        self.deciding().any(|one| one.judgement == judgement)
    }
}

/// What spoils the sessions.
pub(super) fn invalid(sessions: &[Summary]) -> Vec<String> {
    let of = |own: &Summary| -> Vec<String> {
        let many = own.runs.len() > 1;
        let prefix = |run: &Run| {
            let session = if sessions.len() > 1 {
                format!("session {}: ", own.session)
            } else {
                String::new()
            };
            if many {
                format!("{session}run {}: ", run.number)
            } else {
                session
            }
        };
        own.runs
            .iter()
            .flat_map(|run| run.health.invalid.iter().map(move |why| prefix(run) + why))
            .collect()
    };
    sessions.iter().flat_map(of).collect()
}

/// No exchange of the session got a byte of reply.
fn never_answered(summary: &Summary) -> bool {
    let mut loads = summary.runs.iter().flat_map(|run| &run.loads);
    // What other tools measured comes without loads, and says nothing about exchanges.
    summary.origin.is_none() && loads.all(|load| load.answered == 0)
}

fn is_missing(comparison: &Comparison) -> bool {
    comparison.judgement == Judgement::Missing && !comparison.few
}

/// The exit code that stands for a word.
pub(super) fn exit_code(overall: Overall, sessions: &[Summary]) -> ExitCode {
    match overall {
        Overall::Pass => ExitCode::Success,
        Overall::Fail => ExitCode::Failed,
        Overall::Undecided => ExitCode::Undecided,
        Overall::Invalid | Overall::NotJudged => ExitCode::NoEvidence,
        Overall::Missing | Overall::Mismatch | Overall::NoBaseline => ExitCode::NothingToCompare,
        Overall::NeverAnswered | Overall::NotReady | Overall::Unwritten => ExitCode::CouldNotRun,
        Overall::Interrupted => match sessions.iter().find_map(|own| own.interrupted) {
            Some(Interruption::Sigterm) => ExitCode::Terminated,
            _ => ExitCode::Interrupted,
        },
    }
}
