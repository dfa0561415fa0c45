//! Sessions against a baseline: pure comparisons, each with a sentence.

mod canary;
mod comparable;
mod comparison;
mod comparison_set;
mod contrast;
mod few_samples;
mod metric;
mod normal;
mod pairs;
mod sentence;
mod share;
mod transformed_samples;
#[cfg(test)]
mod vectors;

pub use comparison::{Comparison, Judgement};
pub(super) use comparison_set::{ComparisonSet, compare};
pub(super) use contrast::{ALPHA, Candidate, Contrast, Prior, of_centre, of_median};
pub use normal::{Deviation, Normal};
pub(super) use pairs::compare_pairs;
pub use sentence::amount;
pub(super) use share::ShareContrast;
