//! What a protocol brings to a plan: the table of a step, its checks, and what becomes of it.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::exchange::spec_error::SpecError;
use super::http::HttpSpec;
use super::message_template::MessageSpec;
use crate::diag::{Problem, Spanned};

/// The table of a step that a protocol reads.
pub trait ProtocolSpec: fmt::Debug {
    /// Whether both sides of a stream send messages. Elsewhere a stream is the reply to one request.
    fn is_duplex(&self) -> bool;

    /// The request, or what opens the stream, in the form of an HTTP request.
    fn request(&self) -> Cow<'_, HttpSpec>;

    /// Whether a stream ends with a close code.
    fn has_close_code(&self) -> bool {
        false
    }

    /// Whether the bytes of audio go into a message that the protocol makes, and not into the JSON of the plan.
    fn encodes_audio(&self) -> bool {
        false
    }

    /// Whether the client closes its side once everything is sent: not where that would cut off what it waits for.
    fn closes_sending(&self, stream: &StreamOutline<'_>) -> bool {
        stream.finish.is_none()
            && !stream.has_until
            && (stream.audio.is_some() || stream.has_linger)
    }

    /// What in the step does not fit the protocol. Keys count from the step.
    fn check(&self, step: &StepOutline<'_>) -> Vec<Problem>;
}

/// The table of a step, compiled apart from its request.
pub trait Bind: ProtocolSpec {
    /// What the table becomes.
    type Binding;

    /// Reads what the table names, below `folder`; with it everything that is wrong.
    fn bind(
        &self,
        step: &StepOutline<'_>,
        folder: &Path,
    ) -> (Option<Self::Binding>, Vec<SpecError>);
}

/// A step, as far as its protocol must know it.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepOutline<'a> {
    /// Its stream, where it has one.
    pub stream: Option<StreamOutline<'a>>,
}

/// A stream, as far as its protocol must know it.
#[derive(Debug, Clone, Copy, Default)]
pub struct StreamOutline<'a> {
    /// The messages that are sent first.
    pub open: &'a [MessageSpec],
    /// The audio that is sent.
    pub audio: Option<AudioOutline<'a>>,
    /// The message that is sent last.
    pub finish: Option<&'a MessageSpec>,
    /// Whether a message of the target ends it.
    pub has_until: bool,
    /// Whether the client listens on after the audio.
    pub has_linger: bool,
}

/// The audio of a stream, as far as its protocol must know it.
#[derive(Debug, Clone, Copy, Default)]
pub struct AudioOutline<'a> {
    /// The field of a message that a chunk is sent in.
    pub field: Option<&'a Spanned<String>>,
    /// The JSON that a chunk is sent in or with.
    pub json: Option<&'a Spanned<Value>>,
}

impl<'a> StreamOutline<'a> {
    /// Whether more than one message is sent.
    #[must_use]
    pub const fn sends_several(&self) -> bool {
        self.audio.is_some() || self.open.len() > 1
    }

    /// The messages before and after the audio, each with its key.
    pub fn messages(&self) -> impl Iterator<Item = (&'static str, &'a MessageSpec)> {
        let open = self.open.iter().map(|message| ("open", message));
        open.chain(self.finish.map(|message| ("finish", message)))
    }
}

/// The JSON around a chunk has one place for its base64.
pub(crate) fn check_audio_in_json(audio: &AudioOutline<'_>) -> Option<Problem> {
    const PLACE: &str = "{{chunk.base64}}";
    let json = audio.json?.get_ref().to_string();
    (json.matches(PLACE).count() != 1).then(|| {
        Problem::error(
            "stream.audio.json",
            "`{{chunk.base64}}` stands once in it, for the audio in base64",
            "json = { type = \"append\", audio = \"{{chunk.base64}}\" }",
        )
    })
}
