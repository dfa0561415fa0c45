//! Texts of a plan with holes in them, for values that only an iteration knows.

use std::borrow::Cow;

use serde_json::Value;

use super::SelectError;

/// What is read from one value of a plan, and once more where the values of an iteration are known.
pub trait FillIn: Sized {
    /// What stands there: `WHAT, for example EXAMPLE`.
    const EXPECTED: &'static str;
    /// Whether only a text can be meant.
    const IS_TEXT: bool = true;

    /// Reads it; a [`hole`] in its texts stands for one of `values`, by its place.
    ///
    /// # Errors
    /// Says what it should be.
    fn fill_in(written: &Value, values: &[Value]) -> Result<Self, SelectError>;
}

/// The first of the characters that stand for values: private ones, which no text is expected to have.
const FIRST: u32 = 0xF_0000;

/// The character that stands for the value of this place.
#[must_use]
pub fn hole(place: usize) -> char {
    let place = u32::try_from(place).unwrap_or(u32::MAX).min(0xFFFD);
    char::from_u32(FIRST + place).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The text of a value; empty where it is none.
pub(super) fn text_of(written: &Value) -> &str {
    written.as_str().unwrap_or_default()
}

fn value_of(c: char, values: &[Value]) -> Option<&Value> {
    values.get(usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()?)
}

/// The text with its holes filled: `put` appends a value behind what stands before it.
pub(super) fn filled<'t>(
    text: &'t str,
    values: &[Value],
    put: &mut dyn FnMut(&mut String, &Value),
) -> Cow<'t, str> {
    if values.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match value_of(c, values) {
            Some(value) => put(&mut out, value),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The text with values as texts have them: strings without quotes.
#[must_use]
pub fn plain<'t>(text: &'t str, values: &[Value]) -> Cow<'t, str> {
    filled(text, values, &mut |out, value| {
        out.push_str(&letters(value));
    })
}

/// The value, where the text is one hole and nothing else.
pub(super) fn whole<'v>(text: &str, values: &'v [Value]) -> Option<&'v Value> {
    let mut all = text.trim().chars();
    let value = value_of(all.next()?, values)?;
    all.next().is_none().then_some(value)
}

/// A value as it stands in a text.
pub(super) fn letters(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// A pattern in which values stand for their own letters.
pub(super) fn pattern<'t>(text: &'t str, values: &[Value]) -> Cow<'t, str> {
    filled(text, values, &mut |out, value| {
        out.push_str(&regex::escape(&letters(value)));
    })
}

/// A JSONPath: within quotes a value stands for its letters, behind a dot for a name, elsewhere for itself as JSON.
pub(super) fn path<'t>(text: &'t str, values: &[Value]) -> Cow<'t, str> {
    if values.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut quote, mut escaped) = (String::with_capacity(text.len()), None, false);
    for c in text.chars() {
        if let Some(value) = value_of(c, values) {
            match quote {
                Some(quote) => out.push_str(&quoted(&letters(value), quote)),
                None if out.ends_with('.') => out.push_str(&letters(value)),
                None => out.push_str(&value.to_string()),
            }
            continue;
        }
        quote = match quote {
            Some(open) if c == open && !escaped => None,
            None if c == '"' || c == '\'' => Some(c),
            same => same,
        };
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    Cow::Owned(out)
}

/// The letters of a text as they stand between such quotes.
fn quoted(text: &str, quote: char) -> String {
    let json = Value::from(text).to_string();
    let inner = &json[1..json.len() - 1];
    match quote {
        '\'' => inner.replace("\\\"", "\"").replace('\'', "\\'"),
        _ => inner.to_owned(),
    }
}

/// A text in which no name of an iteration can be filled; `{{{{` stands for `{{`.
pub(super) fn without_names(text: &str) -> Result<Cow<'_, str>, SelectError> {
    if !text.contains("{{") {
        return Ok(Cow::Borrowed(text));
    }
    let parts: Vec<&str> = text.split("{{{{").collect();
    if parts.iter().any(|part| part.contains("{{")) {
        return Err(SelectError::new(format!(
            "no name of an iteration is known here: `{text}`\nnames of an iteration stand in flows; a literal `{{{{` is written `{{{{{{{{`"
        )));
    }
    Ok(Cow::Owned(parts.join("{{")))
}
