//! The moments of a stream: marks, and the times between them.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::Value;

use super::covers::CoversSpec;
use crate::select::{FillIn, Finding, SelectError};

/// A moment of a stream.
#[derive(Debug, Clone)]
pub struct MarkSpec {
    /// Whether the first message that fits is meant, and not the last.
    pub first: bool,
    /// What the message must have in it.
    pub finding: Finding,
}

/// A time between two moments, each a mark of the stream or a built-in one.
#[derive(Debug, Clone)]
pub struct SpanSpec {
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
}

/// Moments that every stream has.
pub(crate) const BUILT_IN: [&str; 5] =
    ["start", "connected", "first_message", "last_message", "end"];
/// Moments of streams on which this side speaks too.
pub(crate) const OF_SENDERS: [&str; 4] = ["ready", "audio_start", "audio_end", "finished"];

impl FillIn for MarkSpec {
    const EXPECTED: &'static str = "a mark, for example \"first $.text not empty\"";

    fn fill_in(written: &Value, values: &[Value]) -> Result<Self, SelectError> {
        let text = written.as_str().unwrap_or_default();
        let wrong = |message: String| SelectError { message };
        let (word, finding) = text
            .trim()
            .split_once(char::is_whitespace)
            .unwrap_or((text, ""));
        let first = match word {
            "first" => true,
            "last" => false,
            _ => {
                return Err(wrong(format!(
                    "`{text}` is not a mark: it begins with `first` or `last`\nwrite for example \"first $.text not empty\""
                )));
            }
        };
        let finding = Finding::fill_in(&finding.into(), values)
            .map_err(|error| wrong(format!("`{text}` is not a mark: {error}")))?;
        Ok(Self { first, finding })
    }
}

impl FromStr for SpanSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text
            .split_once("->")
            .map(|(from, to)| (from.trim(), to.trim()))
        {
            Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok(Self {
                from: from.to_owned(),
                to: to.to_owned(),
            }),
            _ => Err(format!(
                "`{text}` is not a span\nwrite for example \"start -> first_message\""
            )),
        }
    }
}

/// A text that is read by its `FromStr`, by the live deserializer, so that errors keep their place.
macro_rules! text_of_plan {
    ($type:ty, $expected:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                from.deserialize_str(Text)
            }
        }
    };
}
text_of_plan!(
    CoversSpec,
    "a selector, for example \"$.segments[-1].end\" or \"$.offset in ms\""
);
text_of_plan!(SpanSpec, "a span, for example \"start -> first_message\"");

#[cfg(test)]
mod tests {
    use crate::flow::StreamSpec;

    #[test]
    fn malformed_texts_are_errors_of_their_own() {
        for (plan, says) in [
            ("marks = { a = '$.x' }", "begins with `first` or `last`"),
            (
                "marks = { a = 'first $.x not_empty' }",
                "did you mean `not empty`",
            ),
            ("spans = { a = 'start end' }", "is not a span"),
            ("events = 'frames'", "unknown variant `frames`"),
        ] {
            let error = toml::from_str::<StreamSpec>(plan).expect_err(plan);
            assert!(error.message().contains(says), "{plan}: {error}");
        }
    }
}
