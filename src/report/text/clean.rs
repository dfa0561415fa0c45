//! Texts that others wrote, made harmless: a server must not be able to move the cursor of who reads its errors.

/// `text` on one line: white space is one space, every other control character and every one that changes the
/// direction of writing is `\u{FFFD}`.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => {
                if !cleaned.is_empty() && !cleaned.ends_with(' ') {
                    cleaned.push(' ');
                }
            }
            c if c.is_control() || changes_direction(c) => cleaned.push('\u{FFFD}'),
            c => cleaned.push(c),
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// The text, or its first so many characters and a mark where it is longer.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

const fn changes_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        assert_eq!(
            clean("a\u{1b}[2Jb\u{7}\u{9b}1m"),
            "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}1m"
        );
        assert_eq!(clean(" two\r\n\tlines \n"), "two lines");
        assert_eq!(clean("\u{202e}txt.exe"), "\u{FFFD}txt.exe");
        assert_eq!(clean("größer – 日本"), "größer – 日本");
    }
}
