//! What the target understood, as one text.

use std::str::FromStr;

use schemars::JsonSchema;
use serde_json::Value;

use super::segments::{Segments, TimeScale};
use crate::diag::nearest;
use crate::select::{Evidence, FillIn, Finding, Found, SelectError, Selector};

/// `[last|join|segments] SELECTOR [when SELECTOR CONDITION]`: where a reply has its transcript, and how the messages of a stream make one.
#[derive(Debug, Clone)]
pub struct Transcript {
    how: How,
    selector: Selector,
    /// What a message must have in it to count.
    when: Option<Finding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// The last one is the whole text.
    Last,
    /// All of them together are the text.
    Join,
    /// Each message has the whole list again: the last list is the text.
    Segments,
}

/// The pieces of a transcript that have come so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct TranscriptParts {
    /// All of them, where they are joined; else those of the newest message that has any.
    texts: Vec<String>,
    pub(crate) segments: Segments,
    pub(crate) scale: TimeScale,
}

impl Transcript {
    /// Takes what one message adds. `false` for a message that says nothing, or says again what the one before it said.
    pub(crate) fn hear(&self, message: &dyn Evidence, pieces: &mut TranscriptParts) -> bool {
        if self.when.as_ref().is_some_and(|when| !when.is_in(message)) {
            return false;
        }
        let found = self.selector.find(message);
        let texts = found.iter().flat_map(texts);
        if self.how == How::Join {
            let before = pieces.texts.len();
            pieces.texts.extend(texts);
            return pieces.texts.len() > before;
        }
        let list: Vec<&Value> = found
            .iter()
            .flat_map(|value| flat(value.as_ref()))
            .collect();
        let newest: Vec<String> = match self.how {
            How::Segments if pieces.segments.take(&list, pieces.scale) => list
                .iter()
                .filter_map(|segment| Some(segment.get("text")?.as_str()?.to_owned()))
                .collect(),
            How::Segments | How::Join => texts.collect(),
            How::Last => texts.last().into_iter().collect(),
        };
        let new = !newest.is_empty() && newest != pieces.texts;
        if new {
            pieces.texts = newest;
        }
        new
    }

    /// The transcript of a single reply: everything that the selector finds in it, or the last of it.
    pub(crate) fn of(&self, reply: &dyn Evidence) -> Option<String> {
        let mut pieces = TranscriptParts::default();
        self.hear(reply, &mut pieces);
        pieces.text()
    }
}

impl TranscriptParts {
    /// The pieces as one text; `None` where nothing was found. A target that puts blanks at the borders of any piece says where words end;
    /// else each piece ends a word.
    pub(crate) fn text(&self) -> Option<String> {
        let segments = self.segments.texts();
        let texts = if segments.is_empty() {
            &self.texts
        } else {
            &segments
        };
        let spaced = texts.iter().any(|text| {
            text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace)
        });
        (!texts.is_empty()).then(|| texts.join(if spaced { "" } else { " " }).trim().to_owned())
    }
}

/// The elements of a list, or the value itself.
fn flat(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// Texts, numbers and what a list has of them; an empty list is no transcript.
fn texts(found: &Found<'_>) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    flat(found.as_ref()).iter().filter_map(one).collect()
}

impl FromStr for Transcript {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        Self::fill_in(&text.into(), &[])
    }
}

impl FillIn for Transcript {
    const EXPECTED: &'static str = "a selector, with `last`, `join` or `segments` before it";

    fn fill_in(written: &Value, values: &[Value]) -> Result<Self, SelectError> {
        let text = written.as_str().unwrap_or_default();
        let selector = |text: &str| Selector::fill_in(&text.into(), values);
        let (text, when) = match text.trim().split_once(" when ") {
            Some((text, when)) => (text.trim(), Some(Finding::fill_in(&when.into(), values)?)),
            None => (text.trim(), None),
        };
        for (word, how) in [
            ("last ", How::Last),
            ("join ", How::Join),
            ("segments ", How::Segments),
        ] {
            if let Some(rest) = text.strip_prefix(word) {
                return Ok(Self {
                    how,
                    selector: selector(rest)?,
                    when,
                });
            }
        }
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if let Some(meant) =
            nearest(word, ["last", "join", "segments"]).filter(|_| rest.trim().starts_with('$'))
        {
            return Err(SelectError {
                message: format!(
                    "`{text}` is no transcript: did you mean `{meant} {}`?",
                    rest.trim()
                ),
            });
        }
        // A list in one reply is one text; of messages the last one counts.
        Ok(Self {
            how: How::Segments,
            selector: selector(text)?,
            when,
        })
    }
}

impl JsonSchema for Transcript {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Transcript".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "transcript",
            "type": "string",
            "description": "[last|join|segments] SELECTOR [when SELECTOR CONDITION]",
            "examples": ["$.text", "join $.delta", "segments $.segments[*].text"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Reply, Timing};

    fn reply(body: &str) -> Reply {
        Reply::new(
            200,
            http::HeaderMap::new(),
            body.to_owned().into(),
            Timing::default(),
        )
    }

    #[test]
    fn messages_become_one_text() {
        for (spec, messages, text) in [
            ("$.text", vec![r#"{"text": "a b"}"#], Some("a b")),
            (
                "$.text",
                vec![r#"{"text": "a"}"#, r#"{"text": "a b"}"#, "{}"],
                Some("a b"),
            ),
            (
                "$.w[*].t",
                vec![r#"{"w": [{"t": "a"}, {"t": "b"}]}"#],
                Some("a b"),
            ),
            (
                "last $.w[*].t",
                vec![r#"{"w": [{"t": "a"}, {"t": "b"}]}"#],
                Some("b"),
            ),
            (
                "join $.text",
                vec![r#"{"text": "a"}"#, r#"{"x": 1}"#, r#"{"text": "b"}"#],
                Some("a b"),
            ),
            (
                "join $.text",
                vec![
                    r#"{"text": "Hel"}"#,
                    r#"{"text": "lo"}"#,
                    r#"{"text": " you"}"#,
                ],
                Some("Hello you"),
            ),
            (
                "segments $.s[*]",
                vec![r#"{"s": ["a"]}"#, r#"{"s": ["a", "b"]}"#, r#"{"s": []}"#],
                Some("a b"),
            ),
            (
                "join $.text when $.final is true",
                vec![
                    r#"{"text": "a", "final": false}"#,
                    r#"{"text": "a b", "final": true}"#,
                    r#"{"text": "c", "final": true}"#,
                ],
                Some("a b c"),
            ),
            ("$.text", vec![r#"{"text": ""}"#], Some("")),
            ("$.text", vec![r#"{"text": null}"#, "no JSON"], None),
            ("body", vec!["plain text"], Some("plain text")),
            ("segments $.segments", vec![r#"{"segments": []}"#], None),
            ("$.words", vec![r#"{"words": ["a", "b"]}"#], Some("a b")),
            ("$.result", vec![r#"{"result": {"text": "a"}}"#], None),
        ] {
            let transcript: Transcript = spec.parse().expect(spec);
            let mut pieces = TranscriptParts::default();
            messages.iter().for_each(|message| {
                transcript.hear(&reply(message), &mut pieces);
            });
            assert_eq!(pieces.text().as_deref(), text, "{spec} of {messages:?}");
        }
        for (spec, messages) in [
            (
                "segments $.s",
                [
                    (r#"{"s": [{"start": 0, "end": 1, "text": "a"}]}"#, true),
                    (
                        r#"{"s": [{"start": 0, "end": 1, "text": "a", "completed": true}]}"#,
                        false,
                    ),
                    (r#"{"x": 1}"#, false),
                    (
                        r#"{"s": [{"start": 0, "end": 1, "text": "b", "completed": true}]}"#,
                        true,
                    ),
                ],
            ),
            (
                "$.s",
                [
                    (r#"{"s": "a"}"#, true),
                    (r#"{"s": "a"}"#, false),
                    ("{}", false),
                    (r#"{"s": "a b"}"#, true),
                ],
            ),
            (
                "join $.s",
                [
                    (r#"{"s": "a"}"#, true),
                    (r#"{"s": "a"}"#, true),
                    ("{}", false),
                    (r#"{"s": ""}"#, true),
                ],
            ),
        ] {
            let transcript: Transcript = spec.parse().expect(spec);
            let mut pieces = TranscriptParts::default();
            for (message, new) in messages {
                assert_eq!(
                    transcript.hear(&reply(message), &mut pieces),
                    new,
                    "{spec}: {message}"
                );
            }
        }
        let typed = "joyn $.text"
            .parse::<Transcript>()
            .expect_err("a typo")
            .to_string();
        assert!(typed.contains("did you mean `join $.text`?"), "{typed}");
    }
}
