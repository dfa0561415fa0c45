//! What of a kind of metric is the same at every level.

use super::shape::Better::{Lower, Neither};
use super::shape::{Better, MetricShape};
use crate::units::Unit::{self, Count, Ratio, Seconds};

/// What of a kind is the same at every level.
pub(super) struct KindBase {
    pub(super) unit: Unit,
    pub(super) better: Better,
    pub(super) shape: MetricShape,
}

impl KindBase {
    pub(super) const fn neither(self) -> Self {
        Self {
            better: Neither,
            ..self
        }
    }
}

/// A time of each sample, kept with so many significant digits.
pub(super) const fn time(digits: u8) -> KindBase {
    KindBase {
        unit: Seconds,
        better: Lower,
        shape: MetricShape::Distribution { digits },
    }
}

/// Any other value of each sample.
pub(super) const fn spread(unit: Unit, better: Better) -> KindBase {
    KindBase {
        unit,
        better,
        shape: MetricShape::Distribution { digits: 3 },
    }
}

/// One value a run.
pub(super) const fn plain(unit: Unit, better: Better) -> KindBase {
    KindBase {
        unit,
        better,
        shape: MetricShape::Plain,
    }
}

/// One number a run, of things that are counted elsewhere.
pub(super) const fn count(better: Better) -> KindBase {
    plain(Count, better)
}

/// One number a run: how often it was recorded.
pub(super) const fn counter(better: Better) -> KindBase {
    KindBase {
        shape: MetricShape::Counter,
        ..count(better)
    }
}

/// One share a run, of things that are counted.
pub(super) const fn share(better: Better) -> KindBase {
    KindBase {
        shape: MetricShape::Share,
        ..plain(Ratio, better)
    }
}
