//! A sweep as the phases that are its points know it.

use std::sync::Arc;

use crate::diag::Span;
use crate::gate::Rules;
use crate::stats::bisection::Bisection;
use crate::summary::SweepDescription;
use crate::units::Unit;

use super::spec::SearchSpec;

/// A phase that is repeated for each value of a variable.
#[derive(Debug)]
pub(in crate::plan) struct Sweep {
    /// The phase's name; `None` in a plan without phases.
    pub(in crate::plan) phase: Option<String>,
    /// The variable.
    pub(in crate::plan) over: String,
    /// The values, as rules name them.
    pub(in crate::plan) points: Vec<String>,
    /// Where the values are looked for and not listed.
    pub(in crate::plan) search: Option<SearchSpec>,
    /// What a point must hold to be an optimum.
    pub(in crate::plan) accept: Rules,
    /// What makes a point the last one.
    pub(in crate::plan) stop: Rules,
    /// Where the sweep stands.
    pub(in crate::plan) span: Span,
}

/// One point of a sweep.
#[derive(Debug, Clone)]
pub(crate) struct SweepPoint {
    /// The sweep that it belongs to.
    pub(in crate::plan) sweep: Arc<Sweep>,
    /// From 0.
    pub(in crate::plan) at: usize,
}

impl SweepPoint {
    /// The variable that is swept.
    pub(crate) fn over(&self) -> &str {
        &self.sweep.over
    }

    /// The search that its values are looked for by; `None` where they are listed.
    pub(crate) fn bisection(&self) -> Option<Bisection> {
        let search = self.sweep.search.as_ref()?;
        let (precision, at_most) = (search.precision.0, search.at_most.0);
        Some(Bisection::new(
            search.from.0,
            search.to.0,
            precision,
            at_most,
        ))
    }

    /// `search over users from 1 to 64, to 5 %, at most 20 points: the smallest and the largest follow`; `None` without a search.
    pub(crate) fn search_words(&self) -> Option<String> {
        let search = self.sweep.search.as_ref()?;
        Some(format!(
            "search over {} from {} to {}, to {}, at most {} points: the smallest and the largest follow",
            self.sweep.over, search.from.0, search.to.0, search.precision, search.at_most
        ))
    }

    /// Whether it is the last of its sweep.
    pub(crate) fn is_last(&self) -> bool {
        self.at + 1 == self.sweep.points.len()
    }

    /// Whether it is the first of its sweep.
    pub(crate) const fn is_first(&self) -> bool {
        self.at == 0
    }
}

impl Sweep {
    /// Points may fail without failing the plan: rules that nobody wrote hold at none of them.
    pub(in crate::plan) fn expects_refusals(&self) -> bool {
        self.search.is_some() || !self.accept.0.is_empty() || !self.stop.0.is_empty()
    }

    /// The sweep in the words of documents.
    pub(in crate::plan) fn describe(&self) -> SweepDescription {
        let is_rate = |point: &String| point.parse::<crate::units::Rate>().is_ok();
        let rules = |rules: &Rules| {
            let rules = rules.0.iter();
            rules
                .map(|rule| format!("{} {}", rule.metric, rule.bound))
                .collect()
        };
        SweepDescription {
            phase: self.phase.clone(),
            over: self.over.clone(),
            points: self.points.clone(),
            unit: if !self.points.is_empty() && self.points.iter().all(is_rate) {
                Unit::PerSecond
            } else {
                Unit::Count
            },
            search: self.search.is_some(),
            end: None,
            expects_refusals: self.expects_refusals(),
            accept: rules(&self.accept),
            stop: rules(&self.stop),
        }
    }
}
