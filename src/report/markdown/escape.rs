//! Texts that Markdown takes as they are, and what is common to its documents.

use tera::{Kwargs, State, Tera};

/// GitHub refuses comments of more than 65,536 characters.
pub(crate) const LONGEST: usize = 60_000;

/// Gives templates the filter `md`, by which every text becomes one that Markdown takes as it is.
pub(crate) fn escaping(tera: &mut Tera) {
    tera.register_filter("md", |text: String, _: Kwargs, _: &State<'_>| {
        escaped(&text)
    });
}

/// A text that Markdown takes as it is: no tag, no table cell, no emphasis, no mention of a person or an issue.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // Within a word it means nothing, and names of metrics are full of it.
            '_' if before.is_alphanumeric()
                && rest.peek().is_some_and(|next| next.is_alphanumeric()) =>
            {
                safe.push('_');
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => safe.extend(['\\', c]),
            // GitHub looks for these in the finished page.
            '@' | '#' => safe.extend([c, '\u{200B}']),
            '\n' | '\r' => safe.push(' '),
            c => safe.push(c),
        }
        before = c;
    }
    safe
}

/// At most one empty line in a row: the template leaves more where it leaves a section out.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidy.push_str(line.trim_end());
            tidy.push('\n');
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_text() {
        for (text, safe) in [
            ("<script>", "&lt;script&gt;"),
            ("a|b", "a\\|b"),
            ("ask.error_rate", "ask.error_rate"),
            ("_x_", "\\_x\\_"),
            ("@who #1", "@\u{200B}who #\u{200B}1"),
            (
                "[a](http://x) `b` ~c~ \\",
                "\\[a\\](http://x) \\`b\\` \\~c\\~ \\\\",
            ),
            ("&lt;", "&amp;lt;"),
        ] {
            assert_eq!(escaped(text), safe);
        }
    }
}
