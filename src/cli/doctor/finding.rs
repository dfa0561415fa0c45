//! One thing that was looked at.

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FindingMark {
    /// As it should be.
    Good,
    /// It may spoil numbers.
    Doubtful,
    /// Nothing can be measured so.
    Bad,
}

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) mark: FindingMark,
    /// What was looked at.
    pub(crate) what: &'static str,
    /// What was seen.
    pub(crate) seen: String,
    /// What to do about it; empty where it is good.
    pub(crate) advice: String,
}

impl Finding {
    pub(crate) fn good(what: &'static str, seen: impl Into<String>) -> Self {
        Self {
            mark: FindingMark::Good,
            what,
            seen: seen.into(),
            advice: String::new(),
        }
    }

    pub(crate) fn doubtful(what: &'static str, seen: impl Into<String>, advice: &str) -> Self {
        Self {
            mark: FindingMark::Doubtful,
            advice: advice.to_owned(),
            ..Self::good(what, seen)
        }
    }

    pub(crate) fn bad(what: &'static str, seen: impl Into<String>, advice: &str) -> Self {
        Self {
            mark: FindingMark::Bad,
            ..Self::doubtful(what, seen, advice)
        }
    }

    /// `✓ open files    1,048,576`
    pub(crate) fn line(&self) -> String {
        let shape = match self.mark {
            FindingMark::Good => "✓",
            FindingMark::Doubtful => "▲",
            FindingMark::Bad => "✗",
        };
        let advice = if self.advice.is_empty() {
            String::new()
        } else {
            format!("\n    {}", self.advice)
        };
        format!("{shape} {:<16} {}{advice}", self.what, self.seen)
    }
}
