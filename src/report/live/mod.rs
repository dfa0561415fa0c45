//! What is said while a plan runs, or before it: progress, a forecast, one exchange in full.

mod dialogue;
mod exchange;
mod findings;
mod forecast;
mod progress;
mod shown;

pub(crate) use exchange::exchange;
pub(crate) use findings::findings;
pub(crate) use forecast::forecast;
pub(crate) use progress::{Live, RunStage, ended_early_line, first_error_line, sample_line};
