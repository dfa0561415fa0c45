//! Monotonic time, real and virtual. Everything above the protocols asks this clock, so that it can be tested without waiting.

mod real;
mod sleep;
mod tick;
mod time_source;
mod virtual_time;

pub use real::{RealClock, wall_now};
pub use sleep::Sleep;
pub use tick::Tick;
pub use time_source::Clock;
pub use virtual_time::{VirtualClock, VirtualSleep};
