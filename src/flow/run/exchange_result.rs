//! How one exchange ended.

use super::failure::StepFailure;
use crate::flow::stream::state::StreamState;
use crate::protocol::{Reply, Timing};

/// How one exchange ended: a reply of whatever status, or why there is none.
pub(crate) struct ExchangeResult {
    pub(crate) result: Result<Reply, StepFailure>,
    pub(crate) timing: Timing,
    /// What came of it, where it was a stream.
    pub(crate) stream: Option<StreamState>,
}

impl ExchangeResult {
    pub(crate) fn reply(&self) -> Option<&Reply> {
        self.result.as_ref().ok()
    }
}
