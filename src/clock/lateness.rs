//! How late this thread has looked at what it waits for.

use std::cell::Cell;

use crate::units::Duration;

thread_local! {
    static LATENESS: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Says how late this thread looked at its sockets just now: an end that is found by this look may have come that much
/// earlier.
pub fn set_lateness(late: Duration) {
    LATENESS.set(late);
}

/// How late the newest look of this thread at its sockets was; zero on a thread that does not say.
#[must_use]
pub fn lateness() -> Duration {
    LATENESS.get()
}
