//! From everything that was judged to one word, one exit code and one sentence.

use super::abort::ABORT_SECONDS;
use super::baseline::Severity;
use super::compare::{Comparison, ComparisonSet, Judgement};
use super::exit_code::ExitCode;
use super::tally::VerdictTally;
use super::threshold::nothing_ok;
use super::verdict::{Mark, Overall, ThresholdVerdict};
use crate::summary::{Aborted, Demand, Interruption, LoadRun, Run, Summary, WithoutBaseline};
use crate::units::print;

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
        } else if self.sessions.iter().any(|own| own.not_ready.is_some()) {
            Overall::NotReady
        } else if self.sessions.iter().any(never_answered) {
            Overall::NeverAnswered
        } else if !self.invalid.is_empty() {
            Overall::Invalid
        } else if any(Mark::Crossed) || aborted || self.has(Judgement::Regressed) {
            Overall::Fail
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
        } else if self.has(Judgement::Suspect) || self.has(Judgement::Inconclusive) {
            Overall::Undecided
        } else if self.has(Judgement::Masked) || self.judges_nothing() {
            // The plan allows what hides it; but what nobody can see is no pass.
            Overall::Missing
        } else {
            Overall::Pass
        }
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
    fn unjudged(&self) -> Option<&Comparison> {
        let nothing = self.judges_nothing();
        self.deciding()
            .find(|one| nothing || is_missing(one) || one.judgement == Judgement::Masked)
    }

    fn must(&self) -> impl Iterator<Item = &ThresholdVerdict> {
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

    fn deciding(&self) -> impl Iterator<Item = &Comparison> {
        self.compared
            .into_iter()
            .flat_map(|compared| &compared.comparisons)
            .filter(|one| one.decides())
    }

    fn has(&self, judgement: Judgement) -> bool {
        self.deciding().any(|one| one.judgement == judgement)
    }

    /// The judgement in one sentence.
    pub(super) fn sentence(&self, overall: Overall) -> String {
        let of = |mark: Mark| self.must().filter(|t| t.mark == mark).count();
        let (total, missing) = (self.must().count(), of(Mark::Missing));
        match overall {
            Overall::Pass => self.passed(total),
            Overall::Fail => self.failed(),
            Overall::Undecided => self.undecided(),
            Overall::Invalid => {
                let first = self.invalid.first().map_or("", String::as_str);
                format!("the generator did not do what the plan says: {first}")
            }
            Overall::Missing if missing > 0 => {
                format!(
                    "{missing} of {total} thresholds {} no data",
                    if missing == 1 { "has" } else { "have" }
                )
            }
            Overall::Missing => match self.unjudged() {
                Some(one) => format!(
                    "`{}` could not be compared: {}",
                    one.metric,
                    first_part(&one.sentence)
                ),
                None => "no iteration ended well, so nothing was measured".to_owned(),
            },
            Overall::NoBaseline => format!(
                "there is no baseline `{}` yet: make it with `perfgate update-baseline`",
                self.absent.unwrap_or_default()
            ),
            Overall::Mismatch => {
                let why = self.compared.and_then(|compared| compared.mismatch.clone());
                format!(
                    "nothing in the baseline is comparable: {}",
                    why.unwrap_or_default()
                )
            }
            Overall::NeverAnswered => {
                let runs = self.sessions.iter().flat_map(|own| &own.runs);
                let first = runs.flat_map(|run| &run.errors).next();
                let why = first.map_or(String::new(), |error| format!(": {}", error.message));
                format!("the target never answered{why}")
            }
            Overall::NotReady => self
                .sessions
                .iter()
                .find_map(|own| own.not_ready.clone())
                .unwrap_or_default(),
            Overall::Unwritten => "results could not be written".to_owned(),
            Overall::Interrupted => match of(Mark::Pass) + of(Mark::Crossed) {
                0 => "a signal ended the session before anything could be judged".to_owned(),
                _ => format!(
                    "a signal ended the session; until then {} of {total} thresholds held",
                    of(Mark::Pass)
                ),
            },
        }
    }

    fn passed(&self, total: usize) -> String {
        let mut said = match total {
            0 if self.sessions.iter().any(|own| own.origin.is_some()) => {
                "no thresholds to cross".to_owned()
            }
            0 => "the plan has no thresholds to cross".to_owned(),
            1 => "the only threshold holds".to_owned(),
            _ => format!("all {total} thresholds hold"),
        };
        let should = self
            .thresholds
            .iter()
            .filter(|t| t.demand == Demand::Should && t.mark == Mark::Crossed)
            .count();
        match should {
            0 => {}
            1 => said.push_str(", with 1 warning"),
            _ => said.push_str(&format!(", with {should} warnings")),
        }
        let count = |judgement: Judgement| {
            self.deciding()
                .filter(|one| one.judgement == judgement)
                .count()
        };
        let within = count(Judgement::Pass) + count(Judgement::Improved);
        match within {
            0 => {}
            1 => said.push_str(", and 1 metric is within its tolerance"),
            _ => said.push_str(&format!(
                ", and {within} metrics are within their tolerances"
            )),
        }
        match count(Judgement::Improved) {
            0 => {}
            improved => said.push_str(&format!(", {improved} of them improved")),
        }
        match self.deciding().filter(|one| one.few).count() {
            0 => {}
            few => said.push_str(&format!(", {few} not judged for want of samples")),
        }
        let warned = |one: &&Comparison| {
            one.severity == Severity::Warn
                && matches!(
                    one.judgement,
                    Judgement::Regressed | Judgement::Suspect | Judgement::Inconclusive
                )
        };
        let all = self
            .compared
            .into_iter()
            .flat_map(|compared| &compared.comparisons);
        for one in all.filter(warned) {
            let change = one
                .change
                .map_or(String::new(), |change| format!(" ({})", one.signed(change)));
            said.push_str(&format!(", and `{}` only warns{change}", one.metric));
        }
        if let Some(absent) = self.absent {
            said.push_str(&format!(", and there is no baseline `{absent}` yet"));
        } else if self
            .compared
            .is_some_and(|compared| compared.mismatch.is_some())
        {
            said.push_str(", and nothing in the baseline is comparable");
        }
        said
    }

    fn failed(&self) -> String {
        let compared = self
            .compared
            .map_or(&[][..], |compared| compared.comparisons.as_slice());
        let mut said = VerdictTally::among(self.thresholds, compared).words();
        let regressed: Vec<_> = self
            .deciding()
            .filter(|one| one.judgement == Judgement::Regressed)
            .collect();
        if let [one] = regressed.as_slice() {
            said.push_str(&format!(
                "; `{}`: {}",
                one.metric,
                first_part(&one.sentence)
            ));
        }
        if said.is_empty() {
            let first = self
                .sessions
                .iter()
                .flat_map(|own| &own.runs)
                .flat_map(|run| &run.aborted)
                .next();
            said = first.map_or_else(String::new, |first| {
                format!("the load was ended early: {}", early_end(first))
            });
        }
        said
    }

    fn undecided(&self) -> String {
        let suspects: Vec<_> = self
            .deciding()
            .filter(|one| one.judgement == Judgement::Suspect)
            .collect();
        let all: Vec<_> = self
            .deciding()
            .filter(|one| one.judgement == Judgement::Inconclusive)
            .collect();
        let (what, first) = match (suspects.first(), all.first()) {
            (Some(first), _) => ("may have regressed", first),
            (None, Some(first)) => ("is neither a regression nor none", first),
            (None, None) => return String::new(),
        };
        let more = suspects.len().max(all.len()) - 1;
        let others = if more == 0 {
            String::new()
        } else {
            format!(" (and {more} more)")
        };
        let needed = self
            .sessions
            .first()
            .map_or(0, |own| own.comparison.confirm) as usize;
        let compared = self.compared.map_or(0, |compared| compared.sessions);
        let next = match (suspects.is_empty(), (needed + 1).saturating_sub(compared)) {
            (true, _) => String::new(),
            (false, 1) => ": run 1 more session and check all together".to_owned(),
            (false, missing) => format!(": run {missing} more sessions and check all together"),
        };
        // The interval stands in the line of the metric.
        let change = first_part(&first.sentence)
            .split(" (")
            .next()
            .unwrap_or_default();
        format!("`{}`{others} {what}: {change}{next}", first.metric)
    }
}

/// What was compared, without how much could have been seen.
fn first_part(sentence: &str) -> &str {
    sentence.split(". ").next().unwrap_or(sentence)
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
        Overall::Invalid | Overall::Missing | Overall::Mismatch | Overall::NoBaseline => {
            ExitCode::NoEvidence
        }
        Overall::NeverAnswered | Overall::NotReady | Overall::Unwritten => ExitCode::CouldNotRun,
        Overall::Interrupted => match sessions.iter().find_map(|own| own.interrupted) {
            Some(Interruption::Sigterm) => ExitCode::Terminated,
            _ => ExitCode::Interrupted,
        },
    }
}

/// `asr.error_rate was 40.0 % over the last 10 s, where < 10% must hold`.
pub(super) fn early_end(aborted: &Aborted) -> String {
    let value = print(aborted.value, aborted.unit);
    format!(
        "{} was {value} over the last {ABORT_SECONDS} s, where {} must hold",
        aborted.metric, aborted.bound
    )
}
