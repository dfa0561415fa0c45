//! How a streamed body falls into messages.

use schemars::JsonSchema;
use serde::Deserialize;

/// What is one message of a streamed body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Framing {
    /// Server-sent events.
    Sse,
    /// Each line that is not empty: JSON lines.
    Lines,
    /// Each piece as it arrives.
    Chunks,
}

impl Framing {
    /// What a reply's Content-Type says of it; pieces where it says nothing.
    #[must_use]
    pub fn of(content_type: Option<&str>) -> Self {
        let media_type = content_type
            .and_then(|text| text.split(';').next())
            .unwrap_or_default();
        match media_type.trim().to_ascii_lowercase().as_str() {
            "text/event-stream" => Self::Sse,
            "application/x-ndjson" | "application/jsonl" | "application/json-seq" => Self::Lines,
            _ => Self::Chunks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_type_decides() {
        for (says, framing) in [
            (Some("text/event-stream"), Framing::Sse),
            (Some("Text/Event-Stream; charset=utf-8"), Framing::Sse),
            (Some("application/x-ndjson"), Framing::Lines),
            (Some("application/jsonl ; x=y"), Framing::Lines),
            (Some("application/json-seq"), Framing::Lines),
            (Some("application/json"), Framing::Chunks),
            (None, Framing::Chunks),
        ] {
            assert_eq!(Framing::of(says), framing, "{says:?}");
        }
    }
}
