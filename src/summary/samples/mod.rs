//! Every finished iteration, step and exchange of a session, written beside the load.

mod rows;
mod transcripts;
mod writer;

pub use transcripts::TRANSCRIPTS;
pub use writer::{SampleWriter, SamplesWritten, Watcher};
