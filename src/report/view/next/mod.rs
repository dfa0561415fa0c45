//! What somebody who reads a verdict had better do next, and what stands in the way of recording a session.

mod next_step;
mod trouble;

pub(crate) use next_step::{NextStep, next_steps};
pub(in crate::report::view) use trouble::measured;
