//! A request for a stream, with all that decides what becomes of it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;

use super::middleware::Dealt;
use crate::demo::connection::TargetConnection;
use crate::demo::faults::Fault;
use crate::demo::target::Target;
use crate::demo::wire::ConnectionEnd;

/// What one caller meets.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) target: Arc<Target>,
    pub(crate) fault: Option<Fault>,
    /// The worker it was dealt to.
    pub(crate) worker: usize,
    pub(crate) uri: Uri,
    line: Option<Arc<TargetConnection>>,
}

impl Call {
    pub(crate) fn new(target: &Arc<Target>, parts: &Parts) -> Self {
        let fault = parts.extensions.get::<Dealt>().and_then(|dealt| dealt.0);
        let line = parts.extensions.get::<Arc<TargetConnection>>().cloned();
        let worker = target.roll.next_worker();
        Self {
            target: Arc::clone(target),
            fault,
            worker,
            uri: parts.uri.clone(),
            line,
        }
    }

    /// The fault has happened.
    pub(crate) fn struck(&self) {
        if let Some(fault) = self.fault {
            self.target.books().tally.fault(fault.name());
        }
    }

    /// Cuts the connection.
    pub(crate) fn cut(&self, how: ConnectionEnd) {
        if let Some(line) = &self.line {
            line.end(how);
        }
    }
}

impl FromRequestParts<Arc<Target>> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        target: &Arc<Target>,
    ) -> Result<Self, Infallible> {
        Ok(Self::new(target, parts))
    }
}
