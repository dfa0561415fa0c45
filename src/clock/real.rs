//! The machine's own clock.

use rustix::time::{ClockId, clock_gettime};

use super::Tick;

/// CLOCK_MONOTONIC, counted from the moment the clock was made.
#[derive(Debug, Clone, Copy)]
pub struct RealClock {
    origin: u64,
}

impl RealClock {
    /// A clock that reads zero now.
    #[must_use]
    pub fn start() -> Self {
        Self {
            origin: monotonic_nanos(),
        }
    }

    /// The time since the start.
    #[must_use]
    pub fn now(self) -> Tick {
        Tick::from_nanos(monotonic_nanos() - self.origin)
    }

    /// `at` as CLOCK_MONOTONIC reads it, in nanoseconds: what a kernel timer wants.
    #[must_use]
    pub const fn absolute_nanos(self, at: Tick) -> u64 {
        self.origin.saturating_add(at.as_nanos())
    }
}

fn monotonic_nanos() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

/// The wall clock, for dates in documents only: it may jump, so nothing is measured by it.
#[must_use]
pub fn wall_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
