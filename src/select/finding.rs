//! Something to be found in an answer: a selector, and what must hold of what it selects.

use std::fmt;
use std::str::FromStr;

use super::error::SelectError;
use super::{Condition, Evidence, Selector};

/// `SELECTOR [CONDITION]`, for example `$.text not empty`; without a condition it must be there.
#[derive(Debug, Clone)]
pub struct Finding {
    selector: Selector,
    condition: Condition,
}

impl Finding {
    /// Whether an answer has it.
    #[must_use]
    pub fn is_in(&self, evidence: &dyn Evidence) -> bool {
        self.condition
            .holds_of(&self.selector.find(evidence))
            .is_ok()
    }
}

impl FromStr for Finding {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        let text = text.trim();
        let whole = match text.parse::<Selector>() {
            Ok(selector) => {
                return Ok(Self {
                    selector,
                    condition: Condition::Present,
                });
            }
            Err(error) => error,
        };
        // A path may hold blanks of its own: the first border at which both sides can be read is the one that is meant.
        let mut closest = None;
        for (at, _) in text.char_indices().filter(|(_, c)| c.is_whitespace()) {
            let Ok(selector) = text[..at].parse::<Selector>() else {
                continue;
            };
            match text[at..].parse::<Condition>() {
                Ok(condition) => {
                    return Ok(Self {
                        selector,
                        condition,
                    });
                }
                Err(error) => closest = closest.or(Some(error)),
            }
        }
        Err(closest.unwrap_or(whole))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.selector, self.condition)
    }
}

#[cfg(test)]
mod tests {
    use super::super::selector::tests::Answer;
    use super::*;

    #[test]
    fn selectors_with_and_without_conditions() {
        for (text, body, is_in) in [
            ("$.text", r#"{"text": ""}"#, true),
            ("$.text not empty", r#"{"text": ""}"#, false),
            ("$.text not empty", r#"{"text": "a"}"#, true),
            ("$.text is not ...", r#"{"text": "..."}"#, false),
            (
                "$.choices[0].delta.content not empty",
                r#"{"choices": [{"delta": {"content": "x"}}]}"#,
                true,
            ),
            (
                "$.w[?@.final == true].text contains b",
                r#"{"w": [{"final": true, "text": "ab"}]}"#,
                true,
            ),
            (
                "$.w[?@.final == true].text contains b",
                r#"{"w": [{"final": false, "text": "ab"}]}"#,
                false,
            ),
            ("body is [DONE]", "[DONE]", true),
            ("body is [DONE]", "data", false),
            ("header retry-after > 10", "", true),
            ("bytes > 3", "four", true),
        ] {
            let finding: Finding = text.parse().expect(text);
            assert_eq!(
                finding.is_in(&Answer::new(200, body)),
                is_in,
                "{text} in {body}"
            );
        }
    }

    #[test]
    fn what_cannot_be_found_is_said() {
        for (text, says) in [
            ("$.text not_empty", "did you mean `not empty`"),
            ("bdy is x", "did you mean `body`"),
            ("", "not a selector"),
        ] {
            let error = text.parse::<Finding>().expect_err(text);
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }
}
