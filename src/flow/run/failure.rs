//! How a step ends.

use crate::metric::{ErrorClass, Outcome};
use crate::protocol::{ExchangeError, RequestError};

/// A step that did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepFailure {
    pub(crate) outcome: Outcome,
    /// What happened; `None` where the outcome says it all.
    pub(crate) message: Option<String>,
}

/// The end of a step.
pub(crate) type StepEnd = Result<(), StepFailure>;

impl StepFailure {
    pub(crate) fn new(outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            outcome,
            message: Some(message.into()),
        }
    }

    pub(crate) fn failed(class: ErrorClass, message: impl Into<String>) -> Self {
        Self::new(Outcome::Failed(class), message)
    }
}

impl From<RequestError> for StepFailure {
    fn from(error: RequestError) -> Self {
        Self::failed(ErrorClass::Check, error.0)
    }
}

impl From<ExchangeError> for StepFailure {
    fn from(error: ExchangeError) -> Self {
        Self::failed(error.failure.class, error.failure.message)
    }
}

pub(crate) fn outcome_of(end: &StepEnd) -> Outcome {
    end.as_ref()
        .map_or_else(|failure| failure.outcome, |()| Outcome::Ok)
}
