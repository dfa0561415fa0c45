//! What is no TOML, in words for people who never read its grammar.

use toml::Spanned;
use toml::de::DeTable;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::plan::tree;

/// What the reader of TOML says, what is said instead, and what to do; `…` is the text that it points at.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "string values must be quoted",
        "`…` is a text without its quotes",
        "write \"…\"",
    ),
    (
        "invalid basic string",
        "the text has no closing `\"`",
        "a text ends on the line that it begins on",
    ),
    (
        "invalid literal string",
        "the text has no closing `'`",
        "a text ends on the line that it begins on",
    ),
    (
        "unclosed inline table",
        "`{` is not closed by `}`",
        "an inline table { … } ends on the line that it begins on",
    ),
    (
        "unclosed array",
        "`[` is not closed by `]`",
        "a list ends with `]`",
    ),
    (
        "unclosed table",
        "the header of this table is not closed",
        "[load.NAME] for a load, [[flow.NAME]] for a step",
    ),
    (
        "key with no value",
        "a key is followed by `=` and its value",
        "write KEY = VALUE",
    ),
    (
        "missing value",
        "there is no value behind `=`",
        "write KEY = VALUE",
    ),
    (
        "unexpected key or value",
        "nothing may stand behind a value",
        "take it out, or put it on a line of its own",
    ),
    (
        "invalid key-value pair",
        "this is neither KEY = VALUE nor the header of a table",
        "headers are written [TABLE]",
    ),
    (
        "unexpected leading zero",
        "a number does not begin with 0",
        "leave the zero out",
    ),
    (
        "unquoted keys cannot be empty",
        "a name is missing here",
        "names are made of letters, digits, `_` and `-`",
    ),
    (
        "unicode value digits",
        "a backslash begins a special character here",
        "write a backslash as `\\\\`, or put the text in '…'",
    ),
    (
        "escape",
        "a backslash begins a special character here",
        "write a backslash as `\\\\`, or put the text in '…'",
    ),
];

/// Reads a file that begins at `offset`; every mistake of its form is found in one pass.
pub(in crate::plan) fn parse<'i>(
    text: &'i str,
    offset: usize,
    diagnostics: &mut Diagnostics,
) -> Spanned<DeTable<'i>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let (mut last_line, mut within) = (None, None);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        let table = text[..span.start].rfind("\n[").map_or(0, |at| at + 1);
        // What follows on the line of a mistake, or in a table that stands twice, is wrong only because of it.
        if last_line == Some(start) || within == Some(table) {
            continue;
        }
        last_line = Some(start);
        let twice = error.message() == "duplicate key";
        if twice && line.starts_with('[') {
            within = Some(start);
        }
        let finding = if twice {
            duplicate(line, text, &span)
        } else {
            in_words(error.message(), text, &span)
        };
        let span = finding.span.clone().unwrap_or(span);
        diagnostics.push(Diagnostic {
            span: Some(span.start + offset..span.end + offset),
            ..finding
        });
    }
    let span = root.span();
    Spanned::new(
        span.start + offset..span.end + offset,
        tree::shift(root.into_inner(), offset),
    )
}

fn duplicate(line: &str, text: &str, span: &Span) -> Diagnostic {
    let name = if line.starts_with('[') {
        line.trim()
    } else {
        &text[span.clone()]
    };
    Diagnostic::error(format!("`{name}` stands twice"), span.clone())
        .help("keep one of them; an entry of a list is written [[NAME]]")
}

fn in_words(said: &str, text: &str, span: &Span) -> Diagnostic {
    match WORDS.iter().find(|(words, ..)| said.contains(words)) {
        Some((_, message, help)) => {
            let shown = text.get(span.clone()).unwrap_or_default();
            let fill = |words: &str| {
                if shown.is_empty() {
                    words.to_owned()
                } else {
                    words.replace('…', shown)
                }
            };
            let fill = |words: &str| {
                if words.contains("`…`") || words.contains("\"…\"") {
                    fill(words)
                } else {
                    words.to_owned()
                }
            };
            Diagnostic::error(fill(message), span.clone()).help(fill(help))
        }
        None => {
            let short = said.split(", expected").next().unwrap_or(said);
            Diagnostic::error(format!("this is not TOML: {short}"), span.clone())
                .help("see https://toml.io: KEY = VALUE, [TABLE], [[LIST OF TABLES]]")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_of_the_form_is_said_once_and_in_plain_words() {
        for (text, said) in [
            ("a = 1\na = 2\n", &["`a` stands twice"][..]),
            (
                "[load.a]\nvus = 1\n[load.a]\nvus = 2\n",
                &["`[load.a]` stands twice"],
            ),
            (
                "[load.a]\nvus = 1\n[load.a]\nvus = 2\n[x]\ny = 1\ny = 2\n",
                &["`[load.a]` stands twice", "`y` stands twice"],
            ),
            (
                "a = 1m\nb = \"x\n",
                &[
                    "`1m` is a text without its quotes",
                    "the text has no closing `\"`",
                ],
            ),
            ("a : 1\n", &["a key is followed by `=` and its value"]),
            ("a = 1,\n", &["nothing may stand behind a value"]),
            ("a = 04\n", &["a number does not begin with 0"]),
            ("[load.a\n", &["the header of this table is not closed"]),
            (
                "a = \"c:\\users\"\n",
                &["a backslash begins a special character here"],
            ),
        ] {
            let mut found = Diagnostics::default();
            parse(text, 0, &mut found);
            let messages: Vec<_> = found.iter().map(|one| one.message.as_str()).collect();
            assert_eq!(messages, said, "{text}");
        }
    }
}
