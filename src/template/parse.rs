//! Reading a template.

use std::ops::Range;

use thiserror::Error;

use super::expression::{Expression, Factor};
use super::piece::{Pieces, TemplatePiece};

/// What may stand between the braces.
const COMPUTED: &str =
    "a name, or sums and products of names and numbers: {{30 * workers}}, {{minutes + 1}}";

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong, and in a second line what to write.
    pub message: String,
    /// The bytes of the text that are wrong.
    pub range: Range<usize>,
}

impl TemplateError {
    fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            range,
        }
    }
}

pub(super) fn template(text: &str) -> Result<Pieces, TemplateError> {
    let mut pieces = Pieces::default();
    let mut at = 0;
    while let Some(braces) = text[at..].find("{{").map(|offset| at + offset) {
        pieces.push_text(&text[at..braces]);
        let inside = braces + 2;
        if text[inside..].starts_with("{{") {
            pieces.push_text("{{");
            at = inside + 2;
            continue;
        }
        let Some(end) = text[inside..].find("}}").map(|offset| inside + offset) else {
            let message = "`{{` is not closed by `}}`\na literal `{{` is written `{{{{`";
            return Err(TemplateError::new(braces..text.len(), message));
        };
        pieces
            .0
            .push(TemplatePiece::Expression(expression(text, inside..end)?));
        at = end + 2;
    }
    pieces.push_text(&text[at..]);
    Ok(pieces)
}

fn expression(text: &str, range: Range<usize>) -> Result<Expression<String>, TemplateError> {
    let mut rest = range.clone();
    let mut terms = vec![Vec::new()];
    loop {
        let token = next_token(text, &mut rest);
        let Some(last) = terms.last_mut() else { break };
        last.push(factor(text, token, &range)?);
        let sign = next_token(text, &mut rest);
        match &text[sign.clone()] {
            "" => break,
            "*" => {}
            "+" => terms.push(Vec::new()),
            other => {
                let message = format!("expected `+`, `*` or `}}}}`, found `{other}`\n{COMPUTED}");
                return Err(TemplateError::new(sign, message));
            }
        }
    }
    Ok(Expression { terms })
}

/// Takes the next word or sign off `rest`; empty at the end.
fn next_token(text: &str, rest: &mut Range<usize>) -> Range<usize> {
    let left = &text[rest.clone()];
    let start = rest.start + (left.len() - left.trim_start().len());
    let left = &text[start..rest.end];
    let length = match left.chars().next() {
        Some(sign @ ('+' | '*')) => sign.len_utf8(),
        _ => left
            .find(|c: char| c.is_whitespace() || c == '+' || c == '*')
            .unwrap_or(left.len()),
    };
    rest.start = start + length;
    start..start + length
}

fn factor(
    text: &str,
    token: Range<usize>,
    whole: &Range<usize>,
) -> Result<Factor<String>, TemplateError> {
    let word = &text[token.clone()];
    if word.is_empty() {
        let message = if text[whole.clone()].trim().is_empty() {
            "a name is missing between `{{` and `}}`"
        } else {
            "a name or a number is missing before `}}`"
        };
        let message = format!("{message}\n{COMPUTED}");
        return Err(TemplateError::new(whole.start - 2..whole.end + 2, message));
    }
    if word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
        let number: Result<f64, _> = word.replace('_', "").parse();
        return match number {
            Ok(number) if number.is_finite() => Ok(Factor::Number(number)),
            _ => Err(TemplateError::new(
                token,
                format!("`{word}` is neither a name nor a number\n{COMPUTED}"),
            )),
        };
    }
    if word.split('.').all(is_name) {
        return Ok(Factor::Name(word.to_owned()));
    }
    Err(TemplateError::new(
        token,
        format!("`{word}` is not a name, a number, `+` or `*`\n{COMPUTED}"),
    ))
}

fn is_name(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && part
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_templates_say_what_and_where() {
        for (text, range, says) in [
            ("a {{b", 2..5, "not closed"),
            ("{{}}", 0..4, "a name is missing"),
            ("x{{  }}", 1..7, "a name is missing"),
            ("{{a +}}", 0..7, "missing before"),
            ("{{a * }}", 0..8, "missing before"),
            ("{{+ a}}", 2..3, "`+` is not a name"),
            ("{{a b}}", 4..5, "expected `+`, `*`"),
            ("{{a - 1}}", 4..5, "expected `+`, `*`"),
            ("{{a/b}}", 2..5, "`a/b` is not a name"),
            ("{{3x}}", 2..4, "neither a name nor a number"),
            ("{{a..b}}", 2..6, "not a name"),
            ("{{ä}}", 2..4, "not a name"),
            ("ok {{a}} {{", 9..11, "not closed"),
        ] {
            let error = template(text).expect_err(text);
            assert_eq!(error.range, range, "{text}: {error}");
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }
}
