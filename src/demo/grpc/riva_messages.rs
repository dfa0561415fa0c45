//! The messages of `riva_asr.proto`.

use std::collections::HashMap;

use bytes::Bytes;
use prost::{Enumeration, Message, Oneof};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(super) enum AudioEncoding {
    EncodingUnspecified = 0,
    LinearPcm = 1,
    Flac = 2,
    Mulaw = 3,
    Oggopus = 4,
    Alaw = 20,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StreamingRecognizeRequest {
    #[prost(oneof = "StreamingRequest", tags = "1, 2")]
    pub(super) streaming_request: Option<StreamingRequest>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum StreamingRequest {
    #[prost(message, tag = "1")]
    StreamingConfig(StreamingRecognitionConfig),
    #[prost(bytes = "bytes", tag = "2")]
    AudioContent(Bytes),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StreamingRecognitionConfig {
    #[prost(message, optional, tag = "1")]
    pub(super) config: Option<RecognitionConfig>,
    #[prost(bool, tag = "2")]
    pub(super) interim_results: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct RecognitionConfig {
    #[prost(enumeration = "AudioEncoding", tag = "1")]
    pub(super) encoding: i32,
    #[prost(int32, tag = "2")]
    pub(super) sample_rate_hertz: i32,
    #[prost(string, tag = "3")]
    pub(super) language_code: String,
    #[prost(int32, tag = "4")]
    pub(super) max_alternatives: i32,
    #[prost(bool, tag = "5")]
    pub(super) profanity_filter: bool,
    #[prost(int32, tag = "7")]
    pub(super) audio_channel_count: i32,
    #[prost(bool, tag = "8")]
    pub(super) enable_word_time_offsets: bool,
    #[prost(bool, tag = "11")]
    pub(super) enable_automatic_punctuation: bool,
    #[prost(string, tag = "13")]
    pub(super) model: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct RecognizeRequest {
    #[prost(message, optional, tag = "1")]
    pub(super) config: Option<RecognitionConfig>,
    #[prost(bytes = "bytes", tag = "2")]
    pub(super) audio: Bytes,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct RecognizeResponse {
    #[prost(message, repeated, tag = "1")]
    pub(super) results: Vec<SpeechRecognitionResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SpeechRecognitionResult {
    #[prost(message, repeated, tag = "1")]
    pub(super) alternatives: Vec<SpeechRecognitionAlternative>,
    #[prost(int32, tag = "2")]
    pub(super) channel_tag: i32,
    #[prost(float, tag = "3")]
    pub(super) audio_processed: f32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StreamingRecognizeResponse {
    #[prost(message, repeated, tag = "1")]
    pub(super) results: Vec<StreamingRecognitionResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StreamingRecognitionResult {
    #[prost(message, repeated, tag = "1")]
    pub(super) alternatives: Vec<SpeechRecognitionAlternative>,
    #[prost(bool, tag = "2")]
    pub(super) is_final: bool,
    #[prost(float, tag = "3")]
    pub(super) stability: f32,
    #[prost(int32, tag = "5")]
    pub(super) channel_tag: i32,
    #[prost(float, tag = "6")]
    pub(super) audio_processed: f32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SpeechRecognitionAlternative {
    #[prost(string, tag = "1")]
    pub(super) transcript: String,
    #[prost(float, tag = "2")]
    pub(super) confidence: f32,
    #[prost(message, repeated, tag = "3")]
    pub(super) words: Vec<WordInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct WordInfo {
    #[prost(int32, tag = "1")]
    pub(super) start_time: i32,
    #[prost(int32, tag = "2")]
    pub(super) end_time: i32,
    #[prost(string, tag = "3")]
    pub(super) word: String,
    #[prost(float, tag = "4")]
    pub(super) confidence: f32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ConfigRequest {
    #[prost(string, tag = "1")]
    pub(super) model_name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ConfigResponse {
    #[prost(message, repeated, tag = "1")]
    pub(super) model_config: Vec<ModelConfig>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ModelConfig {
    #[prost(string, tag = "1")]
    pub(super) model_name: String,
    #[prost(map = "string, string", tag = "2")]
    pub(super) parameters: HashMap<String, String>,
}
