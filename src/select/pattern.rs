//! Patterns of a job's states.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::error::SelectError;
use super::fill::plain;
use super::plan_text::plan_text;

/// A pattern of states: case is ignored, `*` is anything. `failed*` matches `FAILED_launch_error`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    /// In lower case, split at the stars.
    parts: Vec<String>,
}

impl Pattern {
    /// Whether a state is one of those meant.
    #[must_use]
    pub fn matches(&self, state: &str) -> bool {
        let state = state.to_lowercase();
        let [first, middle @ .., last] = self.parts.as_slice() else {
            return self.parts.first().is_none_or(|only| *only == state);
        };
        let Some(mut rest) = state.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in middle {
            match rest.find(part.as_str()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

impl Pattern {
    /// Reads a pattern; a star in a value is itself.
    pub(super) fn read(text: &str, values: &[Value]) -> Result<Self, SelectError> {
        if text.trim().is_empty() {
            return Err(SelectError::new("a state's name is empty"));
        }
        let parts = text.trim().split('*');
        Ok(Self {
            text: plain(text, values).into_owned(),
            parts: parts
                .map(|part| plain(part, values).to_lowercase())
                .collect(),
        })
    }
}

impl FromStr for Pattern {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        Self::read(text, &[])
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

plan_text!(
    Pattern,
    "state",
    "a state, for example \"completed\" or \"failed*\"",
    ["completed", "failed*"]
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_whole_states() {
        for (pattern, state, matches) in [
            ("completed", "completed", true),
            ("completed", "COMPLETED", true),
            ("completed", "completed_late", false),
            ("failed*", "FAILED_launch_error", true),
            ("failed*", "failed", true),
            ("failed*", "not failed", false),
            ("*error", "launch_error", true),
            ("*", "anything", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(
                pattern.parse::<Pattern>().expect(pattern).matches(state),
                matches,
                "{pattern} {state}"
            );
        }
        assert!(" ".parse::<Pattern>().is_err());
    }
}
