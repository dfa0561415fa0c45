//! One request under way.

use std::sync::Arc;

use axum::http::StatusCode;

use crate::demo::tally::{ReplyKind, Route};
use crate::demo::target::Target;

/// One request from its arrival to its answer. Dropped without one, it counts as aborted.
pub(crate) struct RequestGuard {
    pub(crate) target: Arc<Target>,
    pub(crate) route: Route,
    pub(crate) reply: ReplyKind,
}

impl RequestGuard {
    pub(crate) fn answered(self, status: StatusCode) {
        self.end(ReplyKind::Status(status.as_u16()));
    }

    pub(crate) fn end(mut self, reply: ReplyKind) {
        self.reply = reply;
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.target
            .books()
            .tally
            .end(self.target.now(), self.route, self.reply);
    }
}
