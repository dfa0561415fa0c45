//! What a command says to the shell.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a command ended. Where several apply, the first of them in this order decides; documents hold the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum ExitCode {
    /// Stopped by Ctrl-C.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
    /// The arguments, the plan or the baseline are wrong.
    Usage,
    /// Nothing could be measured or written.
    CouldNotRun,
    /// Something that must hold does not.
    Failed,
    /// What was measured is no evidence: the generator or its machine could not do what the plan says.
    NoEvidence,
    /// Something is suspected.
    Undecided,
    /// There is nothing to compare with, or a metric was not measured.
    NothingToCompare,
    /// Everything that is judged holds.
    Success,
}

/// A number that no command ends with.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an exit code of perfgate")]
pub struct UnknownExitCode(u8);

impl ExitCode {
    /// Every one, by number.
    pub const ALL: [Self; 9] = [
        Self::Success,
        Self::Failed,
        Self::Usage,
        Self::Undecided,
        Self::NoEvidence,
        Self::CouldNotRun,
        Self::NothingToCompare,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number that the shell sees.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Undecided => 3,
            Self::NoEvidence => 4,
            Self::CouldNotRun => 5,
            Self::NothingToCompare => 6,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// What it means, for help and documentation.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Success => "everything that is judged holds",
            Self::Failed => {
                "a threshold is crossed, or a regression is confirmed; of `run --once`: an iteration did not end well, \
                 whatever the reason; of `audio list`: a file cannot be read"
            }
            Self::Usage => "the arguments, the plan or the baseline are wrong; nothing was sent",
            Self::Undecided => "undecided: a regression is suspected, and more sessions settle it",
            Self::NoEvidence => {
                "not usable as evidence: the generator or its machine could not do what the plan says; run it again, \
                 elsewhere or later"
            }
            Self::NothingToCompare => {
                "nothing to compare with: there is no baseline, it is of another plan, machine or labels, or a metric \
                 was not measured; record a baseline or mend the plan"
            }
            Self::CouldNotRun => {
                "could not run: the target was not ready or never answered, or the results could not be written"
            }
            Self::Interrupted => "stopped by Ctrl-C; what was measured until then is written",
            Self::Terminated => "stopped by SIGTERM; what was measured until then is written",
        }
    }

    /// Of two the one that is acted on first.
    #[must_use]
    pub fn graver(self, other: Self) -> Self {
        self.min(other)
    }
}

impl fmt::Display for ExitCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.number())
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code.number()
    }
}

impl TryFrom<u8> for ExitCode {
    type Error = UnknownExitCode;

    fn try_from(number: u8) -> Result<Self, UnknownExitCode> {
        let named = Self::ALL.into_iter().find(|code| code.number() == number);
        named.ok_or(UnknownExitCode(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_code_wins() {
        for (a, b, worst) in [
            (0, 0, 0),
            (0, 1, 1),
            (1, 4, 1),
            (4, 3, 4),
            (3, 6, 3),
            (6, 0, 6),
            (5, 1, 5),
            (2, 5, 2),
            (130, 2, 130),
            (3, 0, 3),
        ] {
            let [a, b] = [a, b].map(|number| ExitCode::try_from(number).unwrap());
            assert_eq!((a.graver(b).number(), b.graver(a).number()), (worst, worst));
        }
        assert!(ExitCode::try_from(7).is_err());
    }
}
