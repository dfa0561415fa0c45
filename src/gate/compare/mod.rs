//! Sessions against a baseline: pure comparisons, each with a sentence.

mod canary;
mod comparable;
mod compared;
mod comparison;
mod contrast;
mod metric;
mod pairs;
mod sentence;
mod share;
#[cfg(test)]
mod vectors;

pub(in crate::gate) use canary::canaries;
pub(super) use compared::{Compared, compare};
pub use comparison::{Comparison, Judgement};
pub(super) use pairs::compare_pairs;
