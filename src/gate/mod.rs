//! The judgement: pure functions over documents.

mod abort;
mod bound;
mod judge;
mod rules;
mod unknown;
mod verdict;
mod vocabulary;

pub use abort::{ABORT_SECONDS, AbortRule};
pub use bound::{Bound, BoundError, Operand, Side};
pub use judge::{judge, phase_passes};
pub use rules::{Rule, Rules};
pub use verdict::{Mark, Overall, RunValue, SCHEMA, ThresholdVerdict, VERSION, Verdict};
pub use vocabulary::{Vocabulary, Word, Wrong};
