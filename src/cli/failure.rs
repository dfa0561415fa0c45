//! A command that ends without its result.

use crate::document::Mask;
use crate::gate::ExitCode;
use crate::history::HistoryError;

/// A command that failed: its exit code and its message, which is empty where it has been printed already.
#[derive(Debug)]
pub(crate) struct CommandFailure {
    pub(crate) code: ExitCode,
    pub(crate) message: String,
}

pub(crate) type Ended = Result<ExitCode, CommandFailure>;

impl CommandFailure {
    pub(crate) fn new(code: ExitCode, message: impl ToString) -> Self {
        Self {
            code,
            message: message.to_string(),
        }
    }

    /// The arguments or what they name are wrong.
    pub(crate) fn usage(message: impl ToString) -> Self {
        Self::new(ExitCode::Usage, message)
    }

    pub(crate) fn could_not_run(message: impl ToString) -> Self {
        Self::new(ExitCode::CouldNotRun, message)
    }

    pub(crate) fn of_history(error: &HistoryError) -> Self {
        match error {
            HistoryError::Write(_) => Self::could_not_run(error),
            HistoryError::Io { .. }
            | HistoryError::Shape { .. }
            | HistoryError::Kind { .. }
            | HistoryError::Newer { .. } => Self::usage(error),
        }
    }

    /// The same without the secrets of a plan.
    pub(crate) fn masked(self, mask: &Mask) -> Self {
        Self {
            message: mask.text(&self.message),
            ..self
        }
    }

    /// What is wrong has been said already.
    pub(crate) const fn said(code: ExitCode) -> Self {
        Self {
            code,
            message: String::new(),
        }
    }
}
