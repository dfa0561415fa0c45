//! What a section of a plan finds wrong with itself: it knows its keys, not where they stand.

/// A mistake in one section. Whoever holds the section's text turns it into a [`super::Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The dotted key that the caret belongs under; empty for the section itself.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do next; may be empty.
    pub help: String,
    /// Whether the plan can be used all the same.
    pub harmless: bool,
    /// Whether the key's value is what is wrong, and not that the key stands there.
    pub of_value: bool,
}

impl Problem {
    /// An error at `key`.
    #[must_use]
    pub fn error(
        key: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            key: key.into(),
            message: message.into(),
            help: help.into(),
            harmless: false,
            of_value: false,
        }
    }

    /// A warning at `key`.
    #[must_use]
    pub fn warning(
        key: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            harmless: true,
            ..Self::error(key, message, help)
        }
    }

    /// The same mistake with the caret under the value of its key.
    #[must_use]
    pub fn at_value(self) -> Self {
        Self {
            of_value: true,
            ..self
        }
    }

    /// The same mistake of a section that is itself the entry `outer` of a larger one.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.key = if self.key.is_empty() {
            outer.to_owned()
        } else {
            format!("{outer}.{}", self.key)
        };
        self
    }
}
