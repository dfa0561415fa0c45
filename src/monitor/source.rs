//! What every source has in common.

use crate::metric::Better;
use crate::units::Unit;

/// One value that a source gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueKind {
    /// Its name in rules.
    pub name: String,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
}

impl ValueKind {
    pub(super) fn new(name: &str, unit: Unit, better: Better) -> Self {
        Self {
            name: name.to_owned(),
            unit,
            better,
        }
    }
}

/// What is looked at. It may block for as long as the monitor's patience.
pub(super) trait Source: Send {
    /// One look: a value for each kind, in the same order; `None` is a gap.
    fn look(&mut self) -> Vec<Option<f64>>;
}

/// One instance that is watched, with its name where there are several.
pub(super) type Instance = (String, Box<dyn Source>);
