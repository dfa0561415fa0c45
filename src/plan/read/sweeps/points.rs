//! The points of one sweep while a plan is read.

use std::sync::Arc;

use toml::de::DeTable;

use crate::diag::{Diagnostics, Sources};
use crate::hook::Hook;
use crate::metric::phase_point;
use crate::plan::fill::Known;
use crate::plan::model::{Phase, PhaseHooks};
use crate::plan::read::hooks;
use crate::plan::read::sweeps::section;
use crate::plan::sweep::SweepPoint;
use crate::plan::tree;
use crate::units::Duration;

/// One point of a sweep, and what is known there.
pub(in crate::plan) struct PointRead {
    pub(in crate::plan) known: Known,
    pub(in crate::plan) place: SweepPoint,
    pub(in crate::plan) rest: Option<Duration>,
    before: Vec<Hook>,
    after: Vec<Hook>,
}

/// The points of the sweep in `phase`, each with what is known there. `base` is the plan before names were filled in.
pub(in crate::plan) fn read(
    phase: &DeTable<'_>,
    (name, known): (Option<&str>, &Known),
    base: &DeTable<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<PointRead> {
    let Some(read) = section::read(phase, name, known, diagnostics) else {
        return Vec::new();
    };
    let values = read.values.iter().enumerate();
    let point = |(at, value)| {
        let known = section::known_at(base, known, &read.sweep.over, value, diagnostics);
        let (before, after) = tree::table(phase, "sweep").map_or_else(Default::default, |sweep| {
            hooks::of_point(sweep, &known, base, sources, diagnostics)
        });
        PointRead {
            known,
            place: SweepPoint {
                sweep: Arc::clone(&read.sweep),
                at,
            },
            rest: read.rest,
            before,
            after,
        }
    };
    values.map(point).collect()
}

impl PointRead {
    /// `scaling@3`
    pub(in crate::plan) fn name(&self) -> String {
        let sweep = &self.place.sweep;
        phase_point(sweep.phase.as_deref(), &sweep.points[self.place.at])
    }

    /// The phase as it is at this point.
    pub(in crate::plan) fn of(self, phase: Phase) -> Phase {
        Phase {
            name: Some(self.name()),
            rest: self.rest.unwrap_or(phase.rest),
            hooks: PhaseHooks {
                before_point: self.before,
                after_point: self.after,
                ..phase.hooks
            },
            point: Some(self.place),
            ..phase
        }
    }
}
