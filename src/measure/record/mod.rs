//! What iterations leave behind besides their times: conversations, transcripts, errors, remarks, strange states.

mod client;
mod error_log;
mod remark;
mod transcript;
mod unknown_states;

pub use client::{ClientRecord, ClientSample};
pub use error_log::{ErrorGroup, ErrorLog, ErrorRecord, fold};
pub use remark::{Remark, RemarkKind, Remarks};
pub use transcript::{TranscriptRecord, TranscriptSample};
pub use unknown_states::UnknownStates;
