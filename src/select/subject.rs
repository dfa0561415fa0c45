//! What a condition is about.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::error::SelectError;
use super::plan_text::plan_text;
use super::{Evidence, Found, Selector};

/// The left side of `SUBJECT = CONDITION`.
#[derive(Debug, Clone)]
pub enum Subject {
    /// The status of the answer.
    Status,
    /// The close code of a WebSocket.
    Close,
    /// How many messages a stream had.
    Messages,
    /// What the target understood.
    Transcript,
    /// What a selector finds.
    Selector(Selector),
    /// A moment of the stream, by its name.
    Mark(String),
}

impl Subject {
    pub(super) fn find<'a>(&self, evidence: &'a dyn Evidence) -> Vec<Found<'a>> {
        let named = |name| evidence.named(name).map(Cow::Owned).into_iter().collect();
        match self {
            Self::Status => vec![Cow::Owned(match evidence.status_name() {
                Some(name) => name.into(),
                None => evidence.status().into(),
            })],
            Self::Selector(selector) => selector.find(evidence),
            Self::Close => named("close"),
            Self::Messages => named("messages"),
            Self::Transcript => named("transcript"),
            Self::Mark(name) => named(name),
        }
    }
}

impl FromStr for Subject {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        Self::read(text, &[])
    }
}

impl Subject {
    /// Reads a subject; values can only stand in a selector.
    pub(super) fn read(text: &str, values: &[Value]) -> Result<Self, SelectError> {
        let is_mark = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
        Ok(match text {
            "status" => Self::Status,
            "close" => Self::Close,
            "messages" => Self::Messages,
            "transcript" => Self::Transcript,
            "body" | "bytes" | "header" | "regex" | "event" | "id" => Self::Selector(text.parse()?),
            mark if is_mark => Self::Mark(mark.to_owned()),
            selector => Self::Selector(Selector::read(selector, values)?),
        })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.pad("status"),
            Self::Close => f.pad("close"),
            Self::Messages => f.pad("messages"),
            Self::Transcript => f.pad("transcript"),
            Self::Selector(selector) => selector.fmt(f),
            Self::Mark(name) => f.pad(name),
        }
    }
}

plan_text!(
    Subject,
    "subject",
    "`status`, `close`, `messages`, `transcript`, a selector or a mark",
    ["status", "$.text"]
);
