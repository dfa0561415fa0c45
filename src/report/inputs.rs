//! What a page draws besides a session and its verdict.

use crate::gate::baseline::Baseline;
use crate::history::HistoryEntry;
use crate::summary::{Conversations, Latencies};

/// What there is of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReportInputs<'a> {
    /// What the verdict compared the session with, for drawing now over then.
    pub baseline: Option<&'a Baseline>,
    /// The distributions of the session.
    pub latencies: Option<&'a Latencies>,
    /// Its conversations.
    pub conversations: Option<&'a Conversations>,
    /// The session and those of its plan before it, the oldest first.
    pub past: &'a [HistoryEntry],
}
