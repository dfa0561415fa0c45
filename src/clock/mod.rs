//! Monotonic time, real and virtual. Everything above the protocols asks this clock, so that it can be tested without waiting.

mod lateness;
mod real;
mod sleep;
mod tick;
mod time_source;
mod virtual_time;

pub use lateness::{lateness, set_lateness};
pub use real::{RealClock, wall_now};
pub use sleep::Sleep;
pub use tick::Tick;
pub use time_source::{Clock, look_again};
pub use virtual_time::{VirtualClock, VirtualSleep};
