//! The load or step that a metric belongs to.

use std::fmt;

/// A load, or one of its steps: what a metric belongs to. Printed it is the first part of the address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    pub(super) phase: Option<String>,
    pub(super) load: String,
    pub(super) step: Option<String>,
    /// The point of a sweep.
    pub(super) point: Option<String>,
}

/// The name of one point of a phase's sweep, as documents have it: `scaling@3`, and `@3` in a plan without phases.
#[must_use]
pub fn phase_point(phase: Option<&str>, point: &str) -> String {
    format!("{}@{point}", phase.unwrap_or_default())
}

/// A phase's name and the point of its sweep, from [`phase_point`] or a plain name.
#[must_use]
pub fn split_point(phase: &str) -> (Option<&str>, Option<&str>) {
    match phase.split_once('@') {
        Some((phase, point)) => (Some(phase).filter(|phase| !phase.is_empty()), Some(point)),
        None => (Some(phase), None),
    }
}

impl Owner {
    /// A load; a plan without phases has no `phase`, and a point of a sweep is named with it ([`phase_point`]).
    #[must_use]
    pub fn load(phase: Option<&str>, load: &str) -> Self {
        let (phase, point) = phase.map_or((None, None), split_point);
        Self {
            phase: phase.map(str::to_owned),
            load: load.to_owned(),
            step: None,
            point: point.map(str::to_owned),
        }
    }

    /// The same load or step at another point of its sweep; `None` is the sweep as a whole.
    #[must_use]
    pub fn at_point(&self, point: Option<&str>) -> Self {
        Self {
            point: point.map(str::to_owned),
            ..self.clone()
        }
    }

    /// The point of a sweep that it was measured at.
    #[must_use]
    pub fn point(&self) -> Option<&str> {
        self.point.as_deref()
    }

    /// The phase, without the point.
    #[must_use]
    pub fn phase(&self) -> Option<&str> {
        self.phase.as_deref()
    }

    /// `phase/load.step`, without the point.
    pub(super) fn front(&self) -> String {
        let phase = self.phase.iter().flat_map(|phase| [phase.as_str(), "/"]);
        let step = self.step.iter().flat_map(|step| [".", step.as_str()]);
        phase.chain([self.load.as_str()]).chain(step).collect()
    }

    /// `@3`; empty outside sweeps.
    pub(super) fn mark(&self) -> String {
        self.point
            .iter()
            .flat_map(|point| ["@", point.as_str()])
            .collect()
    }

    /// One of its steps.
    #[must_use]
    pub fn step(&self, step: &str) -> Self {
        Self {
            step: Some(step.to_owned()),
            ..self.clone()
        }
    }

    /// The load, whichever of its steps this is.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { step: None, ..self }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.front(), self.mark())
    }
}
