//! The time in which a load is measured.

use crate::clock::Tick;

/// The measured window of a load. It is known late where a warm-up by count comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasuredWindow {
    /// Its begin.
    pub from: Tick,
    /// Its end (exclusive), [`Tick::NEVER`] where a count ends the load.
    pub until: Tick,
}
