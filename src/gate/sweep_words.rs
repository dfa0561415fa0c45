//! Names of metrics in a sweep: at a point, at a point that is found, and of the sweep as a whole.

use super::metric_index::{MetricIndex, MetricRef};
use crate::metric::{Address, MetricKind, MetricLevel, Owner};
use crate::summary::{FoundPoint, SweepDescription};
use crate::units::Unit;

fn word(kind: &str, address: Address, unit: Option<Unit>) -> Option<MetricRef> {
    let kind = MetricKind::find(MetricLevel::Sweep, kind)?;
    Some(MetricRef {
        address,
        unit: unit.unwrap_or(kind.unit),
        better: kind.better,
    })
}

impl MetricIndex {
    /// What a sweep adds to the metrics of its points.
    pub(super) fn found(sweep: &SweepDescription, words: &[MetricRef]) -> Vec<MetricRef> {
        let mut added: Vec<MetricRef> = Vec::new();
        let in_sweep = |word: &&MetricRef| {
            let owner = word.address.owner();
            owner.is_some_and(|owner| sweep.has(&owner))
        };
        let first = sweep.points.first().map(String::as_str);
        let at_first = |word: &&MetricRef| word.address.point() == first;
        let mut owners: Vec<Owner> = Vec::new();
        for word in words.iter().filter(in_sweep) {
            let owner = word.address.owner().map(Owner::whole);
            owners.extend(owner.filter(|owner| !owners.contains(owner)));
            let found = FoundPoint::ALL.iter().filter(|_| at_first(&word));
            added.extend(found.map(|found| MetricRef {
                address: word.address.at_point(found.word()),
                ..word.clone()
            }));
        }
        for owner in owners {
            let whole = owner.at_point(None);
            for kind in ["efficiency", "speedup"] {
                added.extend(word(kind, owner.metric(kind), None));
                let found = FoundPoint::ALL.iter().filter(|_| owner.point() == first);
                added.extend(found.filter_map(|found| {
                    word(kind, owner.at_point(Some(found.word())).metric(kind), None)
                }));
            }
            for found in FoundPoint::ALL.iter().filter(|_| owner.point() == first) {
                added.extend(word(
                    found.word(),
                    whole.metric(found.word()),
                    Some(sweep.unit),
                ));
            }
        }
        added
    }

    fn sweep_of(&self, address: &Address) -> Option<&SweepDescription> {
        let owner = address.owner()?;
        self.sweeps.iter().find(|sweep| sweep.has(&owner))
    }

    /// The point that a rule names in the sweep of this metric: a value, or `first` and `last` of the values.
    pub(super) fn point_named<'a>(
        &'a self,
        word: &'a MetricRef,
        point: &'a str,
    ) -> Option<&'a str> {
        let points = self
            .sweep_of(&word.address)
            .map(|sweep| sweep.points.as_slice());
        match (point, points) {
            ("first", Some([first, ..])) => Some(first),
            ("last", Some([.., last])) => Some(last),
            _ => Some(point),
        }
    }

    /// Whether a rule that names no point is about this metric: each listed point, and of a search what it finds.
    pub(super) fn is_meant_by_each(&self, address: &Address) -> bool {
        let found = FoundPoint::ALL
            .iter()
            .find(|found| address.point() == Some(found.word()));
        match (self.sweep_of(address), found) {
            (Some(sweep), Some(found)) => sweep.search && *found == FoundPoint::Capacity,
            (Some(sweep), None) => !sweep.search,
            (None, _) => true,
        }
    }

    /// Whether it is measured at a point that only a search finds.
    #[must_use]
    pub fn is_found_anew(&self, address: &Address) -> bool {
        let sweep = self.sweep_of(address);
        sweep.is_some_and(|sweep| sweep.search)
            && address.point() == Some(FoundPoint::Capacity.word())
    }

    /// Whether points of its sweep may break rules without failing the plan.
    #[must_use]
    pub fn may_be_refused(&self, address: &Address) -> bool {
        let sweep = self.sweep_of(address);
        sweep.is_some_and(|sweep| sweep.expects_refusals)
    }

    /// Whether it is what its sweep is about, where points may be refused: the capacity of a search, the throughput at an optimum.
    #[must_use]
    pub fn is_found_by_its_sweep(&self, address: &Address) -> bool {
        let whole = |sweep: &&SweepDescription| {
            let owner = address.owner();
            let phase = owner.as_ref().map(Owner::phase);
            sweep.expects_refusals && phase == Some(sweep.phase.as_deref())
        };
        let searched = self.sweeps.iter().find(whole).map(|sweep| sweep.search);
        let is_capacity = address.quantity() == FoundPoint::Capacity.word();
        searched.is_some_and(|searched| searched == is_capacity)
    }

    /// What to say about a rule at a point that its plan does not have.
    pub(super) fn unknown_point(&self, name: &str) -> Option<super::LookupError> {
        let (metric, point) = name.split_once('@')?;
        let Some(sweep) = self.sweeps.first() else {
            return Some(super::LookupError {
                message: format!("`{name}` names a point, and the plan has no sweep"),
                help: "leave the part behind `@` out, or add [phase.sweep]".to_owned(),
            });
        };
        if self.find(metric, None).is_err() {
            return None;
        }
        let words = ["first", "last"].into_iter();
        let words = words.chain(FoundPoint::ALL.iter().map(|found| found.word()));
        let points: Vec<&str> = sweep
            .points
            .iter()
            .map(String::as_str)
            .chain(words)
            .collect();
        Some(super::LookupError {
            message: format!("the sweep over `{}` has no point `{point}`", sweep.over),
            help: format!("its points are {}", points.join(" ")),
        })
    }
}
