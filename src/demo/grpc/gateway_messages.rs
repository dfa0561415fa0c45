//! The messages of `plans/protos/voice_workflow.proto`.

use bytes::Bytes;
use prost::{Enumeration, Message, Oneof};

#[derive(Clone, PartialEq, Message)]
pub(super) struct ClientMessage {
    #[prost(oneof = "FromClient", tags = "1, 2, 3")]
    pub(super) message: Option<FromClient>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum FromClient {
    #[prost(message, tag = "1")]
    Config(VoiceConfig),
    #[prost(bytes = "bytes", tag = "2")]
    AudioChunk(Bytes),
    #[prost(string, tag = "3")]
    TextInput(String),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct VoiceConfig {
    #[prost(string, tag = "1")]
    pub(super) language_code: String,
    #[prost(string, tag = "2")]
    pub(super) session_id: String,
    #[prost(int32, tag = "3")]
    pub(super) sample_rate: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ServerMessage {
    #[prost(oneof = "FromServer", tags = "1, 2, 3, 4")]
    pub(super) message: Option<FromServer>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum FromServer {
    #[prost(string, tag = "1")]
    TranscriptChunk(String),
    #[prost(string, tag = "2")]
    LlmResponseChunk(String),
    #[prost(bytes = "bytes", tag = "3")]
    AudioChunk(Bytes),
    #[prost(message, tag = "4")]
    Event(ServerEvent),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ServerEvent {
    #[prost(enumeration = "EventType", tag = "1")]
    pub(super) kind: i32,
    #[prost(string, tag = "2")]
    pub(super) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(super) enum EventType {
    Unspecified = 0,
    Listening = 1,
    Processing = 2,
    Speaking = 3,
    Error = 4,
    EndOfTurn = 5,
}
