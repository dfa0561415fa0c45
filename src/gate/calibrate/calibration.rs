//! Everything that sessions of an unchanged target say about a gate.

use std::collections::BTreeMap;

use super::advice::{Recommendation, advice};
use super::nights::Nights;
use super::noise::{Noise, Placed};
use crate::gate::baseline::{Baseline, MetricPolicy, Recorded, Setting, Severity};
use crate::gate::{Against, Comparison, Judgement, judge};
use crate::metric::Address;
use crate::summary::Summary;

/// What sessions of an unchanged target say about a gate.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The sessions it is made from, the oldest first.
    pub sessions: Vec<String>,
    /// Runs of a session, the fewest.
    pub runs: usize,
    /// Each metric that is compared, by name.
    pub metrics: Vec<Noise>,
    /// What would become of nights in which nothing changes.
    pub nights: Option<Nights>,
    /// Sessions that are not like the others: taken as a baseline, those would suspect them. Each with the metrics that are worse
    /// than allowed, and by how much.
    pub suspected: Vec<(String, String)>,
    /// What to do.
    pub recommendations: Vec<Recommendation>,
    /// What is not part of it, and why.
    pub left_out: Vec<String>,
}

impl Calibration {
    /// Of sessions that did the same work on one class of machine: the largest such group of `sessions`. `compared` says what is
    /// compared, and `words` what makes sessions comparable. `None` with fewer than two of them.
    #[must_use]
    pub fn of(
        compared: &BTreeMap<Address, MetricPolicy>,
        sessions: &[Summary],
        words: &[String],
    ) -> Option<Self> {
        let mut left_out = Vec::new();
        let usable = sessions.iter().filter(|own| {
            let why = unusable(own);
            left_out.extend(why.map(|why| format!("session {} is left out: {why}", own.session)));
            why.is_none()
        });
        let group = largest_group(usable.collect(), words, &mut left_out);
        if group.len() < 2 {
            return None;
        }
        let recorded: Vec<Recorded> = group
            .iter()
            .map(|own| Recorded::of(own, compared, "", None))
            .collect();
        let recorded: Vec<&Recorded> = recorded.iter().collect();
        let placed: Vec<Placed<'_>> = compared
            .iter()
            .filter_map(|(metric, compared)| {
                let placed = Placed::of(metric, compared, &recorded);
                if placed.is_none() && compared.bound.is_none() {
                    left_out.push(format!(
                        "`{metric}` is left out: not every session has a value of it in every run"
                    ));
                }
                placed
            })
            .collect();
        let failing = placed
            .iter()
            .filter(|own| own.compared.severity == Severity::Fail)
            .count();
        let metrics: Vec<Noise> = placed
            .iter()
            .filter_map(|own| Noise::of(own, &recorded, failing))
            .collect();
        let nights = Nights::simulate(&placed);
        let recommendations = advice(&metrics, nights.as_ref(), group.len());
        Some(Self {
            sessions: group.iter().map(|own| own.session.clone()).collect(),
            runs: group.iter().map(|own| own.runs.len()).min().unwrap_or(0),
            suspected: replayed(compared, &group),
            metrics,
            nights,
            recommendations,
            left_out,
        })
    }
}

/// Why a session says nothing about how things normally vary.
fn unusable(summary: &Summary) -> Option<&'static str> {
    if summary.interrupted.is_some() {
        Some("a signal ended it")
    } else if summary.not_ready.is_some() || summary.hook_failed.is_some() {
        Some("its target was not there for all of it")
    } else if summary.runs.iter().any(|run| !run.health.is_valid()) {
        Some("the generator did not do what the plan says")
    } else if summary.runs.iter().any(|run| !run.aborted.is_empty()) {
        Some("a load was ended early")
    } else {
        None
    }
}

/// Most sessions of one kind.
fn largest_group<'a>(
    sessions: Vec<&'a Summary>,
    words: &[String],
    left_out: &mut Vec<String>,
) -> Vec<&'a Summary> {
    let mut groups: Vec<(Setting, Vec<&Summary>)> = Vec::new();
    for own in sessions {
        let setting = Setting::of_summary(words, own);
        match groups.iter_mut().find(|(known, _)| *known == setting) {
            Some((_, group)) => group.push(own),
            None => groups.push((setting, vec![own])),
        }
    }
    // Of equally many those that are newest count.
    let Some(at) = (0..groups.len()).max_by_key(|at| groups[*at].1.len()) else {
        return Vec::new();
    };
    let (setting, group) = groups.remove(at);
    for (other, sessions) in groups {
        let differences = other.differences_from(&setting, "in the others");
        let why = if differences.is_empty() {
            format!(
                "it ran on {}, the others on {}",
                other.class(),
                setting.class()
            )
        } else {
            differences.join("; ")
        };
        left_out.extend(
            sessions
                .iter()
                .map(|own| format!("session {} is left out: {why}", own.session)),
        );
    }
    group
}

/// Each session judged against all others.
fn replayed(
    compared: &BTreeMap<Address, MetricPolicy>,
    group: &[&Summary],
) -> Vec<(String, String)> {
    let against_others = |at: usize| {
        let others = group.iter().enumerate().filter(|(other, _)| *other != at);
        let mut baseline = Baseline {
            metrics: compared.clone(),
            ..Baseline::empty(&group[at].plan.name)
        };
        baseline.sessions = others
            .map(|(_, own)| Recorded::of(own, compared, "", None))
            .collect();
        baseline.curate();
        baseline.derive();
        // Thresholds are no matter of what is normal.
        let own = Summary {
            thresholds: Vec::new(),
            ..group[at].clone()
        };
        let verdict = judge(std::slice::from_ref(&own), Against::Baseline("", &baseline));
        let worse = |one: &&Comparison| {
            one.decides()
                && matches!(
                    one.judgement,
                    Judgement::Suspect | Judgement::Regressed | Judgement::Inconclusive
                )
        };
        let shown = |one: &Comparison| {
            format!(
                "`{}`{}",
                one.metric,
                one.change
                    .map_or(String::new(), |change| format!(" {}", one.signed(change)))
            )
        };
        let worse: Vec<String> = verdict
            .comparisons
            .iter()
            .filter(worse)
            .map(shown)
            .collect();
        (!worse.is_empty()).then(|| (own.session, worse.join(", ")))
    };
    (0..group.len()).filter_map(against_others).collect()
}
