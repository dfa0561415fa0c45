//! What a plan says of a flow: its steps, and the tables of each.

pub(crate) mod audio_seconds;
pub(crate) mod audio_source;
pub(crate) mod capture;
pub(crate) mod covers;
pub(crate) mod data;
pub(crate) mod delay;
pub(crate) mod live;
pub(crate) mod moments;
pub(crate) mod payload_hints;
pub(crate) mod poll;
pub(crate) mod repeat;
pub(crate) mod retry;
pub(crate) mod retry_status;
pub(crate) mod segments;
pub(crate) mod step;
pub(crate) mod stream;
pub(crate) mod transcript;
pub(crate) mod walk;
