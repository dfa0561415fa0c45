//! Judges sessions: by the thresholds of their plan, and against its baseline.

use std::collections::BTreeMap;

use super::baseline::{self, Baseline, unsteady};
use super::compare::{Comparison, ComparisonSet, Judgement, compare, compare_pairs};
use super::outcome::{VerdictInputs, exit_code, invalid};
use super::remark::{notes, told};
use super::threshold::thresholds;
use super::verdict::{Mark, Overall, SCHEMA, ThresholdVerdict, VERSION, Verdict};
use crate::metric::Address;
use crate::summary::Summary;

/// What sessions are compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Against<'a> {
    /// Nothing: thresholds alone decide.
    Nothing,
    /// A file that is not there.
    Absent(&'a str),
    /// A baseline and the file that holds it.
    Baseline(&'a str, &'a Baseline),
}

/// The verdict of one session, or of several of one plan together. A threshold must hold in every run of each; what is
/// compared is the median of the sessions.
#[must_use]
pub fn judge(sessions: &[Summary], against: Against<'_>) -> Verdict {
    let thresholds = thresholds(sessions);
    let mut compared = match against {
        Against::Baseline(_, baseline) => sessions.first().map(|first| {
            compare(baseline, sessions, &first.comparison, &|metric| {
                hidden(metric, sessions, &thresholds)
            })
        }),
        Against::Nothing | Against::Absent(_) => None,
    };
    // Where only a part of the plan was run, what is not comparable is not missed.
    if sessions.iter().any(|own| own.comparison.narrowed)
        && compared
            .as_ref()
            .is_some_and(|compared| compared.mismatch.is_some())
    {
        compared = None;
    }
    verdict(sessions, thresholds, compared, against)
}

/// The verdict of two targets that were run in turn: the thresholds of `head`, and its metrics against those of `base`, pair by
/// pair, with the tolerances of `compared`. `against` says in a word what the base is.
#[must_use]
pub fn judge_pairs(
    base: &Summary,
    head: &Summary,
    compared: &BTreeMap<Address, baseline::MetricPolicy>,
    against: &str,
) -> Verdict {
    let thresholds = thresholds(std::slice::from_ref(head));
    let both = [base.clone(), head.clone()];
    let pairs = compare_pairs(compared, base, head, &|metric| {
        hidden(metric, &both, &thresholds)
    });
    let verdict = verdict(&both, thresholds, Some(pairs), Against::Nothing);
    Verdict {
        baseline: Some(against.to_owned()),
        ..verdict
    }
}

impl Verdict {
    /// The same with what verdicts of earlier releases do not say; `newest` is the newest of its sessions.
    #[must_use]
    pub fn completed(self, newest: &Summary) -> Self {
        Self {
            needs_force: self.needs_force.or_else(|| Some(needs_force(newest))),
            ..self
        }
    }
}

/// Whether `update-baseline` would refuse a session, even in the place of all that is recorded.
fn needs_force(summary: &Summary) -> bool {
    let sessions = std::slice::from_ref(summary);
    let alone = VerdictInputs {
        sessions,
        thresholds: &thresholds(sessions),
        invalid: invalid(sessions),
        compared: None,
        absent: None,
    };
    !alone.overall().may_be_recorded()
        || !unsteady(summary, &baseline::MetricPolicy::of_plan(summary), None).is_empty()
}

fn verdict(
    sessions: &[Summary],
    thresholds: Vec<ThresholdVerdict>,
    compared: Option<ComparisonSet>,
    against: Against<'_>,
) -> Verdict {
    let evidence = VerdictInputs {
        sessions,
        thresholds: &thresholds,
        invalid: invalid(sessions),
        compared: compared.as_ref(),
        absent: match against {
            Against::Absent(file) => Some(file),
            Against::Nothing | Against::Baseline(..) => None,
        },
    };
    let overall = evidence.overall();
    let sentence = evidence.sentence(overall);
    let invalid = evidence.invalid;
    let ComparisonSet {
        mut comparisons,
        notes: more,
        ..
    } = compared.unwrap_or_default();
    if matches!(
        overall,
        Overall::Invalid | Overall::Interrupted | Overall::NotReady | Overall::NeverAnswered
    ) {
        comparisons.iter_mut().for_each(Comparison::invalidate);
    }
    let mut all: Vec<String> = sessions
        .iter()
        .flat_map(notes)
        .chain(told(&thresholds))
        .chain(more)
        .collect();
    all.dedup();
    Verdict {
        schema: format!("{SCHEMA}/{VERSION}"),
        verdict: overall,
        exit_code: exit_code(overall, sessions),
        sentence,
        sessions: sessions.iter().map(|own| own.session.clone()).collect(),
        baseline: match against {
            Against::Baseline(file, _) => Some(file.to_owned()),
            Against::Nothing | Against::Absent(_) => None,
        },
        wanted_baseline: match against {
            Against::Absent(file) => Some(file.to_owned()),
            Against::Nothing | Against::Baseline(..) => None,
        },
        needs_force: sessions.last().map(needs_force),
        invalid,
        thresholds,
        comparisons,
        notes: all,
    }
}

impl Comparison {
    /// Nothing that was measured says anything.
    fn invalidate(&mut self) {
        if self.judgement != Judgement::Mismatch {
            self.judgement = Judgement::Invalid;
        }
    }
}

/// Why the latencies of a load say nothing: iterations were dropped, or errors have crossed their threshold.
fn hidden(
    metric: &Address,
    sessions: &[Summary],
    thresholds: &[ThresholdVerdict],
) -> Option<String> {
    let dropped = sessions
        .iter()
        .flat_map(|own| &own.runs)
        .flat_map(|run| &run.loads)
        .any(|load| {
            metric.is_of(&load.owner())
                && load
                    .counts
                    .get("measured")
                    .is_some_and(|counts| counts.dropped > 0)
        });
    if dropped {
        return Some("iterations were dropped".to_owned());
    }
    let errors = |threshold: &&ThresholdVerdict| {
        threshold.mark == Mark::Crossed && threshold.metric.is_error_share_of(metric)
    };
    thresholds
        .iter()
        .find(errors)
        .map(|threshold| format!("`{}` crosses its threshold", threshold.metric))
}
