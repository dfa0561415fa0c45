//! The messages of `plans/protos/voice_workflow.proto`.

use bytes::Bytes;
use prost::{Enumeration, Message, Oneof};

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ClientMessage {
    #[prost(oneof = "FromClient", tags = "1, 2, 3")]
    pub(crate) message: Option<FromClient>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum FromClient {
    #[prost(message, tag = "1")]
    Config(VoiceConfig),
    #[prost(bytes = "bytes", tag = "2")]
    AudioChunk(Bytes),
    #[prost(string, tag = "3")]
    TextInput(String),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct VoiceConfig {
    #[prost(string, tag = "1")]
    pub(crate) language_code: String,
    #[prost(string, tag = "2")]
    pub(crate) session_id: String,
    #[prost(int32, tag = "3")]
    pub(crate) sample_rate: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ServerMessage {
    #[prost(oneof = "FromServer", tags = "1, 2, 3, 4")]
    pub(crate) message: Option<FromServer>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum FromServer {
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
pub(crate) struct ServerEvent {
    #[prost(enumeration = "EventType", tag = "1")]
    pub(crate) kind: i32,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(crate) enum EventType {
    Unspecified = 0,
    Listening = 1,
    Processing = 2,
    Speaking = 3,
    Error = 4,
    EndOfTurn = 5,
}
