//! `${NAME}` and `${NAME:-default}`: the environment in a plan's values.

use std::borrow::Cow;
use std::ops::Range;

use thiserror::Error;

/// Why a text with `${…}` could not be expanded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub struct EnvironmentError {
    /// The variable; empty or malformed where the text between the braces names none.
    pub name: String,
    /// The bytes of the text that are wrong, `${` and `}` included.
    pub range: Range<usize>,
}

impl EnvironmentError {
    fn message(&self) -> String {
        if is_name(&self.name) {
            let name = &self.name;
            format!(
                "the environment has no `{name}`\nset it in the environment, or give it a default: `${{{name}:-default}}`"
            )
        } else {
            "`${` is not followed by a name and `}`\nwrite for example \"${BASE_URL}\" or \"${BASE_URL:-http://localhost:8000}\"; a literal `${` is written `$${`".to_owned()
        }
    }
}

/// The text with `${NAME}` replaced by what `lookup` knows, `${NAME:-default}` too; `$${` becomes a literal `${`.
/// What is put in is not expanded again.
///
/// # Errors
/// Names a variable that is not set and has no default, or a malformed `${`.
pub fn expand_environment<'a>(
    text: &'a str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Cow<'a, str>, EnvironmentError> {
    if !text.contains("${") {
        return Ok(Cow::Borrowed(text));
    }
    let (mut out, mut at) = (String::new(), 0);
    while let Some(start) = text[at..].find("${").map(|offset| at + offset) {
        if text[at..start].ends_with('$') {
            out.push_str(&text[at..start - 1]);
            out.push_str("${");
            at = start + 2;
            continue;
        }
        out.push_str(&text[at..start]);
        let Some(end) = text[start..].find('}').map(|offset| start + offset) else {
            return Err(EnvironmentError {
                name: String::new(),
                range: start..text.len(),
            });
        };
        let (name, default) = match text[start + 2..end].split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (&text[start + 2..end], None),
        };
        let value = Some(name).filter(|name| is_name(name)).and_then(|name| {
            // As in a shell, `:-` also stands in for a variable that is set to nothing.
            let set = lookup(name).filter(|value| default.is_none() || !value.is_empty());
            set.or_else(|| default.map(ToOwned::to_owned))
        });
        let wrong = || EnvironmentError {
            name: name.to_owned(),
            range: start..end + 1,
        };
        out.push_str(&value.ok_or_else(wrong)?);
        at = end + 1;
    }
    out.push_str(&text[at..]);
    Ok(Cow::Owned(out))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<String> {
        match name {
            "HOST" => Some("asr-1".to_owned()),
            "NESTED" => Some("${HOST}".to_owned()),
            "NOTHING" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn expands_once() {
        for (text, expanded) in [
            ("plain $5 {x}", "plain $5 {x}"),
            ("http://${HOST}:80", "http://asr-1:80"),
            ("${USERS:-4}", "4"),
            ("${USERS:-}!", "!"),
            ("${HOST:-other}", "asr-1"),
            ("${NOTHING:-other}${NOTHING}", "other"),
            ("${NESTED}", "${HOST}"),
            ("$${HOST} ${HOST}", "${HOST} asr-1"),
            ("${URL:-http://x:1/${HOST}", "http://x:1/${HOST"),
        ] {
            assert_eq!(
                expand_environment(text, &lookup).expect(text),
                expanded,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_unset_or_malformed_is_named() {
        for (text, name, range, says) in [
            ("a ${USERS}", "USERS", 2..10, "has no `USERS`"),
            ("${}", "", 0..3, "not followed by a name"),
            ("${HOST", "", 0..6, "not followed by a name"),
            ("${a b:-c}", "a b", 0..9, "not followed by a name"),
        ] {
            let error = expand_environment(text, &lookup).expect_err(text);
            assert_eq!(
                (error.name.as_str(), error.range.clone()),
                (name, range),
                "{text}"
            );
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
