//! The judgement: pure functions over documents.

mod abort;
pub mod baseline;
mod bound;
mod bound_check;
pub mod calibrate;
mod compare;
mod exit_code;
mod judge;
mod lookup_error;
mod metric_index;
mod outcome;
mod point;
pub mod recording;
mod remark;
mod rules;
mod run_check;
mod sweep_words;
mod tally;
mod threshold;
mod verdict;
mod verdict_sentence;

pub use abort::{ABORT_SECONDS, AbortRule};
pub use baseline::canaries;
pub use bound::{BoundError, MetricBound, Operand, Side};
pub use compare::{Comparison, Deviation, Judgement, Normal, amount};
pub use exit_code::{ExitCode, UnknownExitCode};
pub use judge::{Against, judge, judge_pairs};
pub use metric_index::{LookupError, MetricIndex, MetricRef, MonitorKinds};
pub use point::decide_point;
pub use rules::{Rule, Rules};
pub use tally::VerdictTally;
pub use threshold::phase_passes;
pub use verdict::{Mark, Overall, RunValue, SCHEMA, ThresholdVerdict, VERSION, Verdict};
