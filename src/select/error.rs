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

    /// The form whose first words are nearest to those of `text`.
    pub(super) fn nearest_form(text: &str, forms: &[&'static str]) -> Option<&'static str> {
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
        meant
            .and_then(|meant| known.iter().find(|(keyword, _)| keyword == meant))
            .map(|(_, form)| *form)
    }

    /// `text` is no `what`; the form whose first words are nearest to its own is named.
    pub(super) fn no_such_form(text: &str, what: &str, forms: &[&'static str]) -> Self {
        let form = Self::nearest_form(text, forms);
        match form {
            Some(form) if what == "a condition" => Self::new(format!(
                "`{text}` is not {what}\ndid you mean `{form}`? The text itself is `is {text}`"
            )),
            Some(form) => Self::new(format!("`{text}` is not {what}\ndid you mean `{form}`?")),
            None if what == "a selector" && header(text).is_some() => Self::new(format!(
                "`{text}` is not {what}\ndid you mean `header {}`?",
                header(text).unwrap_or_default()
            )),
            // A plain word was probably meant as a name in the reply.
            None if what == "a selector" && is_path(text) => {
                Self::new(format!("`{text}` is not {what}\ndid you mean `$.{text}`?"))
            }
            None if what == "a condition" && text.to_lowercase().ends_with("xx") => {
                let class = &text[..text.len() - 2];
                Self::new(format!(
                    "`{text}` is not {what}\nwrite \"{class}00 .. {class}99\""
                ))
            }
            None if what == "a condition" && text.starts_with('=') => Self::new(format!(
                "`{text}` is not {what}\na value alone is what it must be: write \"{}\"",
                text.trim_start_matches('=').trim()
            )),
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

/// The header that `header.location`, `headers.Location` or `response.headers["Location"]` means.
fn header(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find("header")?;
    let before = lower[..at].trim_end_matches('.');
    let rest = lower[at + "header".len()..].trim_start_matches('s');
    let is_whole = ["", "response", "res", "reply"].contains(&before)
        && rest.starts_with(['.', '[', ':', '(']);
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let name = rest.trim_matches(|c: char| !letter(c));
    (is_whole && !name.is_empty() && name.chars().all(letter)).then(|| name.to_owned())
}

fn is_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}
