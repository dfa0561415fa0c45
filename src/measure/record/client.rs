//! What one client said and heard in one conversation: the record of it that a file keeps.

use crate::audio::WordErrors;
use crate::clock::Tick;
use crate::metric::{LoadId, LoadPart, Outcome, StepId};
use crate::units::Duration;

/// One conversation as its client knows it.
#[derive(Debug, Clone)]
pub struct ClientRecord {
    /// The step.
    pub step: StepId,
    /// The clip that was sent.
    pub clip: Option<String>,
    /// Its length in seconds, and how much of it was sent.
    pub audio: Option<(f64, f64)>,
    /// When the step began and ended.
    pub time: (Tick, Tick),
    /// How it ended.
    pub outcome: Outcome,
    /// What went wrong.
    pub error: Option<String>,
    /// Name, TCP and TLS together.
    pub connect: Option<Duration>,
    /// From the open connection to the reply that makes it a WebSocket.
    pub handshake: Option<Duration>,
    /// From the step's start to the message that says ready.
    pub ready: Option<Duration>,
    /// From the step's start to the first message after that.
    pub first_message: Option<Duration>,
    /// Messages that came.
    pub messages: u64,
    /// How long each message that reached further took after its audio was sent.
    pub delays: Vec<Duration>,
    /// From each chunk of audio sent to the first message that reached it.
    pub stale: Vec<Duration>,
    /// From the end of the audio to the last message that said anything new.
    pub tail: Option<Duration>,
    /// How long the plan listened on in vain, before `finish`.
    pub idle: Duration,
    /// Seconds of audio sent per second.
    pub pace: Option<f64>,
    /// Of the seconds sent, the share that results cover.
    pub coverage: Option<f64>,
    /// What the target understood.
    pub transcript: Option<String>,
    /// How far that is from what was said, where somebody wrote it down.
    pub words: Option<WordErrors>,
    /// The close code of a WebSocket.
    pub close: Option<u16>,
    /// How long there was no connection, each time that it was taken up again.
    pub gaps: Vec<Duration>,
    /// The first messages, when each came.
    pub heard: Vec<(Tick, String)>,
}

/// The record of a conversation with the iteration that it belongs to.
#[derive(Debug, Clone)]
pub struct ClientSample {
    /// The load.
    pub load: LoadId,
    /// The part of the load.
    pub part: LoadPart,
    /// The iteration's number, from 0.
    pub n: u64,
    /// The virtual user, from 1.
    pub vu: u64,
    /// The value that the load is split by.
    pub split: Option<String>,
    /// The conversation.
    pub note: ClientRecord,
}
