//! Why a text is no selector, subject or condition.

use thiserror::Error;

use crate::diag::nearest;

/// Why a text is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SelectError {
    /// What is wrong, and in a second line what was probably meant.
    pub message: String,
}

impl SelectError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }

    /// `text` is no `what`; the form whose first words are nearest to its own is named.
    pub(super) fn no_such_form(text: &str, what: &str, forms: &[&'static str]) -> Self {
        let first = |words: usize| {
            text.split_whitespace()
                .take(words)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let keyword = |form: &&'static str| {
            let words = form
                .split(' ')
                .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()));
            (words.collect::<Vec<_>>().join(" "), *form)
        };
        let known: Vec<_> = forms
            .iter()
            .map(keyword)
            .filter(|(keyword, _)| !keyword.is_empty())
            .collect();
        let meant = (1..=3)
            .rev()
            .find_map(|words| nearest(&first(words), known.iter().map(|(keyword, _)| &**keyword)));
        let form = meant
            .and_then(|meant| known.iter().find(|(keyword, _)| keyword == meant))
            .map(|(_, form)| *form);
        match form {
            Some(form) => Self::new(format!("`{text}` is not {what}\ndid you mean `{form}`?")),
            // A plain word was probably meant as a name in the reply.
            None if what == "a selector" && is_path(text) => {
                Self::new(format!("`{text}` is not {what}\ndid you mean `$.{text}`?"))
            }
            None if what == "a condition" => Self::new(format!(
                "`{text}` is not {what}\nwrite for example 200, \"< 5\", \"is done\", \"not empty\", \"contains TEXT\", \"matches REGEX\""
            )),
            None => Self::new(format!(
                "`{text}` is not {what}\nwrite one of `{}`",
                forms.join("`, `")
            )),
        }
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}
