//! What is said while a plan runs, or before it: progress, a forecast, one exchange in full.

mod dialogue;
mod exchange;
mod findings;
mod forecast;
mod progress;

pub use exchange::exchange;
pub use findings::findings;
pub use forecast::forecast;
pub use progress::{Live, Stage, ended_early_line, first_error_line, sample_line};
