//! Commands that a reader is told to type.

use std::borrow::Cow;

/// The text as one word of a shell's line: as it is where no character of it means anything to a shell.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_shell_would_take_apart_is_quoted() {
        for (text, word) in [
            ("plans/a-1.toml", "plans/a-1.toml"),
            ("my clips", "'my clips'"),
            ("", "''"),
            ("a'b", r"'a'\''b'"),
            ("$HOME", "'$HOME'"),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }
}
