//! What became of one load.

use super::{LoadStats, MeasuredWindow, SecondSlot, StalenessSeries};
use crate::clock::Tick;
use crate::units::Duration;

/// The books of one load with everything around them, of one worker or of all.
#[derive(Debug)]
pub struct LoadResult {
    /// The books.
    pub stats: LoadStats,
    /// The measured window.
    pub window: MeasuredWindow,
    /// Time zero.
    pub zero: Tick,
    /// The seconds that were not reported yet.
    pub slots: Vec<SecondSlot>,
    /// How long audio waited for its results, over time.
    pub waits: StalenessSeries,
    /// Time in which iterations of a closed load waited for the worker, together: it ran late, or was busy with others.
    pub waited_for_generator: Duration,
    /// The time that all iterations took, together, pauses left out.
    pub taken: Duration,
    /// The time that users of a closed load spent thinking between them, together.
    pub thought: Duration,
    /// Measured arrivals dropped while every slot waited for the target.
    pub dropped_by_target: u64,
    /// Measured arrivals dropped while the worker itself was the bottleneck.
    pub dropped_by_generator: u64,
    /// Whether a count, not a time, ended the load.
    pub by_count: bool,
}

impl LoadResult {
    /// Adds another worker's share of the same load.
    pub fn merge(&mut self, other: Self) {
        self.stats.merge(other.stats);
        self.slots.extend(other.slots);
        self.waits.merge(other.waits);
        self.waited_for_generator = self.waited_for_generator + other.waited_for_generator;
        self.taken = self.taken + other.taken;
        self.thought = self.thought + other.thought;
        self.dropped_by_target += other.dropped_by_target;
        self.dropped_by_generator += other.dropped_by_generator;
        self.by_count |= other.by_count;
        self.window.from = self.window.from.min(other.window.from);
        self.window.until = self.window.until.min(other.window.until);
    }
}
