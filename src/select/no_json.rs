//! What an answer is that was to be read as JSON.

use super::Evidence;

/// So much of an answer is shown.
const SHOWN: usize = 60;

/// Why nothing can be found in an answer by a path: it is not JSON. `None` where it is.
#[must_use]
pub fn why_no_json(evidence: &dyn Evidence) -> Option<String> {
    if evidence.json().is_some() {
        return None;
    }
    let body = evidence.body();
    if body.is_empty() {
        return Some("the reply is empty".to_owned());
    }
    let encoding = evidence
        .header("content-encoding")
        .filter(|name| !name.eq_ignore_ascii_case("identity"))
        .filter(|_| std::str::from_utf8(body).is_err());
    let compressed = match body {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        _ => encoding,
    };
    if let Some(encoding) = compressed {
        return Some(format!(
            "the reply is compressed ({encoding}), which is read with `http.compression = true`"
        ));
    }
    let kind = evidence
        .header("content-type")
        .map_or_else(String::new, |kind| format!(" ({kind})"));
    let text = evidence.text();
    if text.contains('\0')
        || text
            .chars()
            .take(SHOWN)
            .filter(|c| *c == '\u{fffd}')
            .count()
            > 2
    {
        return Some(format!(
            "the reply is not JSON{kind} but bytes that are no text"
        ));
    }
    Some(format!("the reply is not JSON{kind}{}", begin(&text)))
}

/// How a text begins that is not JSON, and what is wrong with it where it looks like JSON.
#[must_use]
pub fn begin(text: &str) -> String {
    let wrong = match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(error) if text.trim_start().starts_with(['{', '[']) => {
            let number = ["NaN", "-Infinity", "Infinity"].into_iter().find(|number| {
                let before = error.column().saturating_sub(1 + number.len());
                text.lines()
                    .nth(error.line().saturating_sub(1))
                    .and_then(|line| line.get(before..))
                    .is_some_and(|rest| {
                        rest.get(..3 * number.len())
                            .unwrap_or(rest)
                            .contains(number)
                    })
            });
            let number = number.map_or_else(String::new, |number| {
                format!(", where `{number}` is no number of JSON")
            });
            format!(": {error}{number};")
        }
        _ => ",".to_owned(),
    };
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    };
    format!("{wrong} it begins with `{line}`")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::Value;

    use super::*;

    struct Answer(&'static [(&'static str, &'static str)], &'static [u8]);

    impl Evidence for Answer {
        fn status(&self) -> u16 {
            200
        }

        fn header(&self, name: &str) -> Option<&str> {
            self.0
                .iter()
                .find(|(own, _)| *own == name)
                .map(|(_, value)| *value)
        }

        fn body(&self) -> &[u8] {
            self.1
        }

        fn json(&self) -> Option<&Value> {
            None
        }

        fn text(&self) -> Cow<'_, str> {
            String::from_utf8_lossy(self.1)
        }
    }

    #[test]
    fn what_is_not_json_is_described() {
        for (headers, body, says) in [
            (
                &[("content-type", "text/html")][..],
                &b"<!doctype html>\n<title>Sign in</title>"[..],
                "the reply is not JSON (text/html), it begins with `<!doctype html> <title>Sign in</title>`",
            ),
            (&[], b"", "the reply is empty"),
            (
                &[],
                b"{\"text\": \"hi\",\n \"p\": NaN}",
                "the reply is not JSON: expected value at line 2 column 7, where `NaN` is no number of JSON; it begins with `{\"text\": \"hi\", \"p\": NaN}`",
            ),
            (
                &[],
                b"{\"text\": \"hi",
                "the reply is not JSON: EOF while parsing a string at line 1 column 12; it begins with `{\"text\": \"hi`",
            ),
            (
                &[("content-type", "application/json")],
                b"\x1f\x8b\x08\0\0",
                "the reply is compressed (gzip), which is read with `http.compression = true`",
            ),
            (
                &[("content-encoding", "br")],
                b"\x8b\x02\x80\x03",
                "the reply is compressed (br), which is read with `http.compression = true`",
            ),
            (
                &[("content-type", "audio/wav")],
                b"RIFF\0\0\0\0",
                "the reply is not JSON (audio/wav) but bytes that are no text",
            ),
        ] {
            assert_eq!(why_no_json(&Answer(headers, body)).as_deref(), Some(says));
        }
    }
}
