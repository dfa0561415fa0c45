//! Judges sessions: by the thresholds of their plan, and against its baseline.

use std::collections::BTreeMap;

use super::baseline::{self, Baseline, unsteady};
use super::compare::{Comparison, ComparisonSet, Judgement, compare, compare_pairs};
use super::outcome::{VerdictInputs, exit_code, invalid};
use super::remark::{notes, told};
use super::threshold::thresholds;
use super::verdict::{Mark, Overall, SCHEMA, ThresholdVerdict, VERSION, Verdict};
use crate::metric::{Address, Stat};
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
    let mut thresholds = thresholds(sessions);
    if matches!(against, Against::Baseline(..)) {
        confirm_defaults(&mut thresholds, sessions);
    }
    let mut compared = match against {
        Against::Baseline(_, baseline) => compared_with(baseline, sessions, &thresholds),
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

/// Against the baseline as measured. What fails so, and does not without the generator's own delays, is not judged.
fn compared_with(
    baseline: &Baseline,
    sessions: &[Summary],
    thresholds: &[ThresholdVerdict],
) -> Option<ComparisonSet> {
    let policy = &sessions.first()?.comparison;
    let hidden = |metric: &Address| hidden(metric, sessions, thresholds);
    let mut measured = compare(baseline, sessions, policy, &hidden);
    let fails = |one: &Comparison| {
        matches!(
            one.judgement,
            Judgement::Regressed | Judgement::Suspect | Judgement::Inconclusive
        )
    };
    if !measured.comparisons.iter().any(fails) || !sessions.iter().any(Summary::has_own_delays) {
        return Some(measured);
    }
    let corrected: Vec<Summary> = sessions.iter().map(Summary::without_own_delays).collect();
    let corrected = compare(baseline, &corrected, policy, &hidden);
    for one in measured.comparisons.iter_mut().filter(|one| fails(one)) {
        let own = corrected
            .comparisons
            .iter()
            .find(|own| own.metric == one.metric);
        if own.is_some_and(|own| matches!(own.judgement, Judgement::Pass | Judgement::Improved)) {
            one.judgement = Judgement::Invalid;
            one.sentence = format!(
                "{}. Without the generator's own delays it is within its tolerance: not judged",
                one.sentence
            );
        }
    }
    Some(measured)
}

/// A rule that holds without being written is crossed by most sessions, or it is only suspected: like a regression it needs
/// as many sessions as the plan confirms with.
fn confirm_defaults(thresholds: &mut [ThresholdVerdict], sessions: &[Summary]) {
    let needed = sessions.first().map_or(0, |own| own.comparison.confirm) as usize + 1;
    let defaults = thresholds
        .iter_mut()
        .filter(|one| one.line == 0 && one.mark == Mark::Crossed && one.told_by.is_none());
    for threshold in defaults.filter(|one| one.metric.quantity() == "drop_rate") {
        if sessions.len() < needed {
            threshold.mark = Mark::Suspect;
        } else if threshold.crossed_sessions * 2 <= sessions.len() as u64 {
            threshold.mark = Mark::Pass;
        }
    }
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

/// Slow losses beyond this share hide the statistics that cover ok iterations alone.
const MASKING_LOSSES: f64 = 0.01;

/// Why the latencies of a load say nothing: errors have crossed their threshold, or a statistic of ok iterations alone
/// leaves out more than 1 % that was lost. Percentiles rank what was lost.
fn hidden(
    metric: &Address,
    sessions: &[Summary],
    thresholds: &[ThresholdVerdict],
) -> Option<String> {
    let covers_ok_alone = matches!(
        metric.statistic(),
        Some(Stat::Mean | Stat::Min | Stat::Max | Stat::StdDev)
    );
    let lost = sessions
        .iter()
        .flat_map(|own| &own.runs)
        .flat_map(|run| &run.loads)
        .filter(|load| metric.is_of(&load.owner()))
        .filter_map(|load| load.counts.get("measured"))
        .any(|counts| {
            let lost = counts.dropped + counts.timed_out + counts.interrupted;
            lost as f64 > MASKING_LOSSES * counts.planned as f64
        });
    if covers_ok_alone && lost {
        return Some("more than 1 % of the iterations were dropped or given up".to_owned());
    }
    let errors = |threshold: &&ThresholdVerdict| {
        threshold.mark == Mark::Crossed && threshold.metric.is_error_share_of(metric)
    };
    thresholds
        .iter()
        .find(errors)
        .map(|threshold| format!("`{}` crosses its threshold", threshold.metric))
}
