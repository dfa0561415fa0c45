//! Moving a baseline: which sessions may enter it, and what changes.

use std::collections::BTreeMap;

use crate::diag::shell_word;
use crate::gate::baseline::{
    Arrivals, Baseline, Change, MATCH, MetricPolicy, Recorded, Setting, Tolerance, ToleranceError,
    unsteady,
};
use crate::gate::verdict::Overall;
use crate::gate::{Against, MetricIndex, MetricRef, judge};
use crate::metric::{Address, Better};
use crate::summary::{ComparisonPolicy, Summary};
use crate::units::Unit;

/// What is to become of a baseline.
#[derive(Debug)]
pub struct Update<'a> {
    /// The plan's name.
    pub plan: &'a str,
    /// What the plan says.
    pub comparison: &'a ComparisonPolicy,
    /// What the plan would do now.
    pub load_hash: &'a str,
    /// Sessions to record, each with its latencies in order where they are known.
    pub sessions: &'a [(Summary, Option<Arrivals>)],
    /// The sessions that are there give way.
    pub replace: bool,
    /// Tolerances to set, by any name that the plan knows, with full addresses.
    pub tolerances: &'a [(Address, String)],
    /// Why.
    pub reason: &'a str,
    /// The commit that was measured.
    pub commit: Option<&'a str>,
    /// What speaks against a session is recorded and does not keep it out.
    pub force: bool,
    /// Now, UTC.
    pub at: &'a str,
}

/// Why a session is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The session.
    pub session: String,
    /// What speaks against it.
    pub reasons: Vec<String>,
}

/// The baseline as it becomes.
#[derive(Debug)]
pub struct Updated {
    /// The file's new content.
    pub baseline: Baseline,
    /// What spoke against sessions that were recorded all the same.
    pub forced: Vec<Refusal>,
    /// Sessions that were not recorded, beside others that were.
    pub refused: Vec<Refusal>,
}

/// Why a baseline cannot be moved.
#[derive(Debug, PartialEq, Eq)]
pub enum UpdateError {
    /// Sessions that are no measure of what is normal.
    Refused(Vec<Refusal>),
    /// A tolerance that cannot be meant.
    Tolerance(ToleranceError),
}

impl Update<'_> {
    /// The baseline with the sessions in it.
    ///
    /// # Errors
    /// When a session may not enter it, or a tolerance cannot be meant.
    pub fn carry_out(
        &self,
        old: Option<&Baseline>,
        index: &MetricIndex,
    ) -> Result<Updated, UpdateError> {
        let mut baseline = old.cloned().unwrap_or_else(|| Baseline::empty(self.plan));
        let word = |word: &MetricRef| (word.address.clone(), (word.unit, word.better));
        let units: BTreeMap<Address, (Unit, Better)> = index.words().iter().map(word).collect();
        for line in &self.comparison.tolerances {
            let Some((unit, better)) = units.get(&line.metric) else {
                continue;
            };
            let first = || MetricPolicy::within(*unit, *better, Some(line.tolerance.clone()));
            baseline
                .metrics
                .entry(line.metric.clone())
                .or_insert_with(first);
        }
        self.set_tolerances(&mut baseline, &units)?;
        let refused: Vec<_> = self
            .sessions
            .iter()
            .filter_map(|(own, arrivals)| self.against(&baseline, old, own, arrivals.as_ref()))
            .collect();
        let left_out = |summary: &Summary| {
            !self.force
                && refused
                    .iter()
                    .any(|refusal| refusal.session == summary.session)
        };
        if !refused.is_empty() && self.sessions.iter().all(|(own, _)| left_out(own)) {
            return Err(UpdateError::Refused(refused));
        }
        let taken: Vec<&Summary> = self
            .sessions
            .iter()
            .map(|(summary, _)| summary)
            .filter(|summary| !left_out(summary))
            .collect();
        let before = baseline.sessions.len();
        if self.replace {
            baseline.sessions.clear();
        }
        for summary in taken.iter().copied() {
            let mut recorded = Recorded::of(summary, &baseline.metrics, self.reason, self.commit);
            let forced = refused
                .iter()
                .find(|refusal| refusal.session == summary.session);
            recorded.forced = forced.map_or_else(Vec::new, |refusal| refusal.reasons.clone());
            baseline.sessions.retain(|known| {
                (&known.session, &known.started) != (&recorded.session, &recorded.started)
            });
            baseline.sessions.push(recorded);
        }
        baseline.sessions.sort_by(|a, b| a.started.cmp(&b.started));
        if let Some(what) = self.what(&taken, before) {
            baseline.changes.push(Change {
                at: self.at.to_owned(),
                what,
                reason: self.reason.to_owned(),
            });
        }
        baseline.curate();
        baseline.derive();
        let (forced, refused) = if self.force {
            (refused, Vec::new())
        } else {
            (Vec::new(), refused)
        };
        Ok(Updated {
            baseline,
            forced,
            refused,
        })
    }

    fn set_tolerances(
        &self,
        baseline: &mut Baseline,
        units: &BTreeMap<Address, (Unit, Better)>,
    ) -> Result<(), UpdateError> {
        for (metric, text) in self.tolerances {
            let Some((unit, better)) = units.get(metric).copied() else {
                continue;
            };
            let tolerance = match text.as_str() {
                "" => Tolerance::by_default(metric, unit),
                text => text.parse().map_err(UpdateError::Tolerance)?,
            };
            tolerance
                .allows(metric, unit, better)
                .map_err(UpdateError::Tolerance)?;
            let own = baseline
                .metrics
                .entry(metric.clone())
                .or_insert_with(|| MetricPolicy::within(unit, better, None));
            own.tolerance = Some(tolerance.to_string());
            own.bound = None;
        }
        Ok(())
    }

    /// What speaks against a session.
    fn against(
        &self,
        baseline: &Baseline,
        old: Option<&Baseline>,
        summary: &Summary,
        arrivals: Option<&Arrivals>,
    ) -> Option<Refusal> {
        let mut reasons = Vec::new();
        if summary.plan.name != self.plan {
            reasons.push(format!(
                "it is a session of the plan `{}`, not of `{}`",
                summary.plan.name, self.plan
            ));
        } else if summary.load_hash != self.load_hash {
            let values: Vec<_> = summary.said().map(shell_word).collect();
            let help = if values.is_empty() {
                "has the plan changed, or does this command have a --set or --preset that the run had not?".to_owned()
            } else {
                let values = values.join(" ");
                format!(
                    "it was run with `{values}`, which this command must say too, unless the plan has changed"
                )
            };
            reasons.push(format!(
                "its flows or loads are not those that the plan has now: {help}"
            ));
        }
        // What gives way is no measure.
        let old = old.filter(|old| !self.replace && !old.sessions.is_empty());
        let verdict = judge(
            std::slice::from_ref(summary),
            old.map_or(Against::Nothing, |old| Against::Baseline("", old)),
        );
        match verdict.verdict {
            good if good.may_be_recorded() => {}
            // What is missing in the old baseline is no fault of the session.
            Overall::Missing if old.is_some() => {}
            other => reasons.push(format!(
                "its verdict is {}: {}",
                other.word(),
                verdict.sentence
            )),
        }
        reasons.extend(old.and_then(|old| other_machine(old, summary)));
        reasons.extend(unsteady(summary, &baseline.metrics, arrivals));
        (!reasons.is_empty()).then(|| Refusal {
            session: summary.session.clone(),
            reasons,
        })
    }

    fn what(&self, taken: &[&Summary], before: usize) -> Option<String> {
        let mut what = Vec::new();
        let names: Vec<_> = taken
            .iter()
            .map(|summary| summary.session.as_str())
            .collect();
        match (names.is_empty(), self.replace) {
            (true, true) => what.push(format!("{before} sessions taken out")),
            (true, false) => {}
            (false, true) => what.push(format!(
                "{before} sessions replaced by {}",
                names.join(", ")
            )),
            (false, false) => what.push(format!("added {}", names.join(", "))),
        }
        let set = |(metric, text): &(Address, String)| {
            let text = if text.is_empty() {
                "what is usual"
            } else {
                text
            };
            format!("tolerance of {metric} set to {text}")
        };
        what.extend(self.tolerances.iter().map(set));
        (!what.is_empty()).then(|| what.join("; "))
    }
}

/// A session of the same work on a machine that the baseline does not know.
fn other_machine(old: &Baseline, summary: &Summary) -> Option<String> {
    let words = MATCH.map(str::to_owned);
    let own = Setting::of_summary(&words, summary);
    let known: Vec<Setting> = old
        .sessions
        .iter()
        .map(|one| Setting::of_recorded(&words, one))
        .collect();
    let same: Vec<&Setting> = known.iter().filter(|other| other.same_work(&own)).collect();
    (!same.is_empty() && same.iter().all(|other| other.class() != own.class())).then(|| {
        format!(
            "it ran on {}, the baseline has {}",
            own.class(),
            same[0].class()
        )
    })
}
