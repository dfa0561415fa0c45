//! Whether this machine can measure: what limits a generator here, and a short test of its pacing.

mod finding;
mod machine;
mod pacing;

pub(crate) use finding::{Finding, FindingMark};
pub(crate) use machine::machine;
pub(crate) use pacing::pacing;
