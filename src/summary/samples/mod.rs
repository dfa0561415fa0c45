//! Every finished iteration, step and exchange of a session, written beside the load.

mod rows;
mod writer;

pub use writer::{SampleWriter, SamplesWritten, Watcher};
