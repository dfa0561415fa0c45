//! Sessions against a baseline: pure comparisons, each with a sentence.

mod canary;
mod comparable;
mod compared;
mod comparison;
mod contrast;
mod metric;
mod normal;
mod pairs;
mod places;
mod sentence;
mod share;
#[cfg(test)]
mod vectors;

pub use canary::canaries;
pub(super) use compared::{Compared, compare};
pub use comparison::{Comparison, Judgement};
pub(super) use contrast::{ALPHA, Candidate, Contrast, PRIOR_WEIGHT, Prior, of_centre, of_median};
pub use normal::{Deviation, Normal};
pub(super) use pairs::compare_pairs;
pub use sentence::amount;
pub(super) use share::ShareContrast;
