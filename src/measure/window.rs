//! The time in which a load is measured.

use crate::clock::Tick;
use crate::units::Duration;

/// The measured window of a load. It is known late where a warm-up by count comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasuredWindow {
    /// Its begin.
    pub from: Tick,
    /// Its end (exclusive), [`Tick::NEVER`] where a count ends the load.
    pub until: Tick,
}

/// What ended well inside the measured window, whenever it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowStats {
    /// Iterations.
    pub iterations: u64,
    /// Their audio.
    pub audio: Duration,
    /// Single exchanges.
    pub requests: u64,
}

impl WindowStats {
    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &Self) {
        self.iterations += other.iterations;
        self.audio = self.audio + other.audio;
        self.requests += other.requests;
    }
}
