//! The judgement: pure functions over documents.

mod abort;
pub mod baseline;
mod bound;
pub mod calibrate;
mod compare;
mod exit_code;
mod judge;
mod outcome;
mod remark;
mod rules;
mod tally;
mod threshold;
mod unknown;
mod verdict;
mod vocabulary;

pub use abort::{ABORT_SECONDS, AbortRule};
pub use bound::{Bound, BoundError, Operand, Side};
pub use compare::{Comparison, Deviation, Judgement, Normal, amount, canaries};
pub use exit_code::{ExitCode, UnknownExitCode};
pub use judge::{Against, judge, judge_pairs};
pub use rules::{Rule, Rules};
pub use tally::Tally;
use threshold::SAMPLES_BEYOND;
pub use threshold::phase_passes;
pub use verdict::{Mark, Overall, RunValue, SCHEMA, ThresholdVerdict, VERSION, Verdict};
pub use vocabulary::{Vocabulary, Word, Wrong};
