//! What is wrong with the table of a protocol.

use thiserror::Error;

use crate::diag::Span;

/// What is wrong with the table of a protocol, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SpecError {
    /// What is wrong.
    pub message: String,
    /// The value that is wrong, where it is one.
    pub span: Option<Span>,
    /// The key below `http`, or in `target`, that should not stand there or is incomplete; empty for `http` itself.
    pub key: Option<String>,
}

impl SpecError {
    pub(crate) fn new(message: impl Into<String>, span: Option<Span>) -> Self {
        Self {
            message: message.into(),
            span,
            key: None,
        }
    }

    /// What is wrong with a key rather than with its value.
    pub(crate) fn of_key(message: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            span: None,
            key: Some(key.into()),
        }
    }
}
