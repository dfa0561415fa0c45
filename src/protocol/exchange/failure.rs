//! An exchange that brought no reply.

use thiserror::Error;

use crate::metric::ErrorClass;
use crate::protocol::Timing;

/// What went wrong, for people and for counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its class, decided by type.
    pub class: ErrorClass,
    /// What happened, in one sentence fragment.
    pub message: String,
    /// Whether nothing of the request had been sent, or the target says that it has not touched it: sending it again repeats nothing.
    pub retryable: bool,
}

impl Failure {
    /// A failure after which sending the request again may repeat something.
    pub(crate) fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Self {
            class,
            message: message.into(),
            retryable: false,
        }
    }
}

/// A failed exchange with the moments it got to.
#[derive(Debug, Clone, Error)]
#[error("{}", failure.message)]
pub struct ExchangeError {
    /// What went wrong.
    pub failure: Failure,
    /// How far it got; what was not reached is `None`.
    pub timing: Timing,
}

/// Why a request or a message cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct RequestError(pub String);

impl From<String> for RequestError {
    fn from(message: String) -> Self {
        Self(message)
    }
}
