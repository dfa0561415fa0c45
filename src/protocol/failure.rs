//! An exchange that brought no reply.

use thiserror::Error;

use super::Timing;
use crate::metric::ErrorClass;

/// What went wrong, for people and for counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its class, decided by type.
    pub class: ErrorClass,
    /// What happened, in one sentence fragment.
    pub message: String,
    /// Whether nothing of the request had been sent, so that sending it again repeats nothing.
    pub retryable: bool,
}

/// A failed exchange with the moments it got to.
#[derive(Debug, Clone, Error)]
#[error("{}", failure.message)]
pub struct Failed {
    /// What went wrong.
    pub failure: Failure,
    /// How far it got; what was not reached is `None`.
    pub timing: Timing,
}
