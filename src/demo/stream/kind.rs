//! What is sent, in a word.

use serde::Serialize;

/// The kinds of messages whose moments are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StreamService {
    /// What is known of a segment before its end.
    Interim,
    /// A segment that is complete.
    Segment,
    /// What is sent when all audio was heard.
    Final,
    Processing,
    Llm,
    Speaking,
    Audio,
    Listening,
    Error,
    End,
}
