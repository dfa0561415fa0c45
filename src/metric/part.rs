//! The parts of a load, in their order.

use serde::{Deserialize, Serialize};

/// Which part of its load an iteration belongs to: decided by its due time, in a closed load by its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadPart {
    /// The load rises to its level.
    RampUp,
    /// The full level, not counted yet.
    WarmUp,
    /// What every metric, threshold and verdict is about.
    Measured,
    /// The load falls.
    RampDown,
}

impl LoadPart {
    /// Every part, in order.
    pub const ALL: [Self; 4] = [Self::RampUp, Self::WarmUp, Self::Measured, Self::RampDown];

    /// The name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RampUp => "ramp_up",
            Self::WarmUp => "warm_up",
            Self::Measured => "measured",
            Self::RampDown => "ramp_down",
        }
    }

    /// Its place in [`LoadPart::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}
