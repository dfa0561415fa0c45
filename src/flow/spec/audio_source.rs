//! `stream.audio` of a step: the clip that is sent, and how fast.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::audio::Encoding;
use crate::diag::{Problem, Spanned};
use crate::units::{Duration, Number};

/// The name that stands for a chunk in base64 within [`AudioSourceSpec::json`].
pub(crate) const CHUNK: &str = "chunk.base64";

/// A clip that is streamed chunk by chunk.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AudioSourceSpec {
    /// The pool that the clip is taken from.
    #[schemars(with = "String")]
    pub from: Spanned<String>,
    /// How a sample is written: "s16le", "f32le" or "u8".
    #[serde(default)]
    pub encoding: Encoding,
    /// The audio in one message.
    #[serde(default = "a_tenth")]
    pub chunk: Duration,
    /// Seconds of audio sent in a second: 1 is a person who speaks, 0 sends everything at once.
    #[serde(default = "real_time")]
    pub pace: Number,
    /// The field of bytes that a chunk is sent in (grpc).
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub field: Option<Spanned<String>>,
    /// The message that a chunk is sent in (websocket), with `{{chunk.base64}}` for its base64; without it the chunk is a binary message.
    #[serde(default)]
    #[schemars(with = "Option<Value>")]
    pub json: Option<Spanned<Value>>,
}

const fn a_tenth() -> Duration {
    Duration::from_millis(100)
}

const fn real_time() -> Number {
    Number(1.0)
}

impl AudioSourceSpec {
    /// Whether it keeps to a clock.
    #[must_use]
    pub fn is_paced(&self) -> bool {
        self.pace.0 > 0.0
    }

    /// What is wrong with the table, whatever the protocol.
    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.chunk.is_zero() {
            found.push(
                Problem::error(
                    "chunk",
                    "a chunk of no length is never sent",
                    "chunk = \"100ms\"",
                )
                .at_value(),
            );
        }
        if self.pace.0 < 0.0 || !self.pace.0.is_finite() {
            let help = "1.0 is real time, 2.0 twice as fast, 0 everything at once";
            found.push(
                Problem::error("pace", format!("audio cannot go at {}", self.pace), help)
                    .at_value(),
            );
        }
        found
    }
}
