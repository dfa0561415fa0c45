//! What kept the generator's own threads from their work.

use crate::units::Duration;

/// What kept a worker from its work while loads ran.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WorkerHealth {
    /// Time in which the worker was ready to run and had no processor.
    pub waited: Duration,
    /// Heartbeats that were over 100 ms late, together.
    pub gaps: Duration,
    /// The longest of them.
    pub longest_gap: Duration,
    /// Iterations that were under way in these gaps.
    pub touched: u64,
}

impl WorkerHealth {
    /// The thread was away for so long, and so many iterations with it.
    pub fn add_gap(&mut self, gap: Duration, in_flight: u64) {
        if gap.is_zero() {
            return;
        }
        self.gaps = self.gaps + gap;
        self.longest_gap = self.longest_gap.max(gap);
        self.touched += in_flight;
    }

    /// Adds another worker's.
    pub fn merge(&mut self, other: &Self) {
        self.waited = self.waited + other.waited;
        self.gaps = self.gaps.max(other.gaps);
        self.longest_gap = self.longest_gap.max(other.longest_gap);
        self.touched += other.touched;
    }
}
