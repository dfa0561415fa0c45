//! What the target understood, as one text.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::Value;

use crate::select::{Evidence, Found, SelectError, Selector};

/// `[last|join|segments] SELECTOR`: where a reply has its transcript, and how the messages of a stream make one.
#[derive(Debug, Clone)]
pub struct Transcript {
    how: How,
    selector: Selector,
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
pub(super) struct Pieces(Vec<String>);

impl Transcript {
    /// Takes what one message adds.
    pub(super) fn hear(&self, message: &dyn Evidence, pieces: &mut Pieces) {
        let found = self.selector.find(message);
        let mut texts = found.iter().filter_map(text);
        match self.how {
            How::Join => pieces.0.extend(texts),
            How::Last => {
                if let Some(last) = texts.next_back() {
                    pieces.0 = vec![last];
                }
            }
            How::Segments => {
                let all: Vec<String> = texts.collect();
                if !all.is_empty() {
                    pieces.0 = all;
                }
            }
        }
    }

    /// The transcript of a single reply: everything that the selector finds in it, or the last of it.
    pub(super) fn of(&self, reply: &dyn Evidence) -> Option<String> {
        let mut pieces = Pieces::default();
        self.hear(reply, &mut pieces);
        pieces.text()
    }
}

impl Pieces {
    /// The pieces as one text; `None` where nothing was found. A target that puts blanks at the borders of any piece says where words end;
    /// else each piece ends a word.
    pub(super) fn text(&self) -> Option<String> {
        let spaced =
            self.0.iter().any(|text| text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace));
        (!self.0.is_empty()).then(|| self.0.join(if spaced { "" } else { " " }).trim().to_owned())
    }
}

fn text(found: &Found<'_>) -> Option<String> {
    match found.as_ref() {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl FromStr for Transcript {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        let text = text.trim();
        for (word, how) in [("last ", How::Last), ("join ", How::Join), ("segments ", How::Segments)] {
            if let Some(selector) = text.strip_prefix(word) {
                return Ok(Self { how, selector: selector.parse()? });
            }
        }
        // A list in one reply is one text; of messages the last one counts.
        Ok(Self { how: How::Segments, selector: text.parse()? })
    }
}

impl<'de> Deserialize<'de> for Transcript {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Transcript;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a selector, with `last`, `join` or `segments` before it")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Transcript, E> {
                text.parse().map_err(E::custom)
            }
        }
        from.deserialize_str(Text)
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
            "description": "[last|join|segments] SELECTOR",
            "examples": ["$.text", "join $.delta", "segments $.segments[*].text"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Reply, Timing};

    fn reply(body: &str) -> Reply {
        Reply::new(200, http::HeaderMap::new(), body.to_owned().into(), Timing::default())
    }

    #[test]
    fn messages_become_one_text() {
        for (spec, messages, text) in [
            ("$.text", vec![r#"{"text": "a b"}"#], Some("a b")),
            ("$.text", vec![r#"{"text": "a"}"#, r#"{"text": "a b"}"#, "{}"], Some("a b")),
            ("$.w[*].t", vec![r#"{"w": [{"t": "a"}, {"t": "b"}]}"#], Some("a b")),
            ("last $.w[*].t", vec![r#"{"w": [{"t": "a"}, {"t": "b"}]}"#], Some("b")),
            ("join $.text", vec![r#"{"text": "a"}"#, r#"{"x": 1}"#, r#"{"text": "b"}"#], Some("a b")),
            ("join $.text", vec![r#"{"text": "Hel"}"#, r#"{"text": "lo"}"#, r#"{"text": " you"}"#], Some("Hello you")),
            ("segments $.s[*]", vec![r#"{"s": ["a"]}"#, r#"{"s": ["a", "b"]}"#, r#"{"s": []}"#], Some("a b")),
            ("$.text", vec![r#"{"text": ""}"#], Some("")),
            ("$.text", vec![r#"{"text": null}"#, "no JSON"], None),
            ("body", vec!["plain text"], Some("plain text")),
        ] {
            let transcript: Transcript = spec.parse().expect(spec);
            let mut pieces = Pieces::default();
            messages.iter().for_each(|message| transcript.hear(&reply(message), &mut pieces));
            assert_eq!(pieces.text().as_deref(), text, "{spec} of {messages:?}");
        }
        assert!("joined $.text".parse::<Transcript>().is_err());
    }
}
