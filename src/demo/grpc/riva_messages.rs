//! The messages of `riva_asr.proto`.

use std::collections::HashMap;

use bytes::Bytes;
use prost::{Enumeration, Message, Oneof};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(crate) enum AudioEncoding {
    EncodingUnspecified = 0,
    LinearPcm = 1,
    Flac = 2,
    Mulaw = 3,
    Oggopus = 4,
    Alaw = 20,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct StreamingRecognizeRequest {
    #[prost(oneof = "StreamingRequest", tags = "1, 2")]
    pub(crate) streaming_request: Option<StreamingRequest>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum StreamingRequest {
    #[prost(message, tag = "1")]
    StreamingConfig(StreamingRecognitionConfig),
    #[prost(bytes = "bytes", tag = "2")]
    AudioContent(Bytes),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct StreamingRecognitionConfig {
    #[prost(message, optional, tag = "1")]
    pub(crate) config: Option<RecognitionConfig>,
    #[prost(bool, tag = "2")]
    pub(crate) interim_results: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct RecognitionConfig {
    #[prost(enumeration = "AudioEncoding", tag = "1")]
    pub(crate) encoding: i32,
    #[prost(int32, tag = "2")]
    pub(crate) sample_rate_hertz: i32,
    #[prost(string, tag = "3")]
    pub(crate) language_code: String,
    #[prost(int32, tag = "4")]
    pub(crate) max_alternatives: i32,
    #[prost(bool, tag = "5")]
    pub(crate) profanity_filter: bool,
    #[prost(int32, tag = "7")]
    pub(crate) audio_channel_count: i32,
    #[prost(bool, tag = "8")]
    pub(crate) enable_word_time_offsets: bool,
    #[prost(bool, tag = "11")]
    pub(crate) enable_automatic_punctuation: bool,
    #[prost(string, tag = "13")]
    pub(crate) model: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct RecognizeRequest {
    #[prost(message, optional, tag = "1")]
    pub(crate) config: Option<RecognitionConfig>,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) audio: Bytes,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct RecognizeResponse {
    #[prost(message, repeated, tag = "1")]
    pub(crate) results: Vec<SpeechRecognitionResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SpeechRecognitionResult {
    #[prost(message, repeated, tag = "1")]
    pub(crate) alternatives: Vec<SpeechRecognitionAlternative>,
    #[prost(int32, tag = "2")]
    pub(crate) channel_tag: i32,
    #[prost(float, tag = "3")]
    pub(crate) audio_processed: f32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct StreamingRecognizeResponse {
    #[prost(message, repeated, tag = "1")]
    pub(crate) results: Vec<StreamingRecognitionResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct StreamingRecognitionResult {
    #[prost(message, repeated, tag = "1")]
    pub(crate) alternatives: Vec<SpeechRecognitionAlternative>,
    #[prost(bool, tag = "2")]
    pub(crate) is_final: bool,
    #[prost(float, tag = "3")]
    pub(crate) stability: f32,
    #[prost(int32, tag = "5")]
    pub(crate) channel_tag: i32,
    #[prost(float, tag = "6")]
    pub(crate) audio_processed: f32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SpeechRecognitionAlternative {
    #[prost(string, tag = "1")]
    pub(crate) transcript: String,
    #[prost(float, tag = "2")]
    pub(crate) confidence: f32,
    #[prost(message, repeated, tag = "3")]
    pub(crate) words: Vec<WordInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WordInfo {
    #[prost(int32, tag = "1")]
    pub(crate) start_time: i32,
    #[prost(int32, tag = "2")]
    pub(crate) end_time: i32,
    #[prost(string, tag = "3")]
    pub(crate) word: String,
    #[prost(float, tag = "4")]
    pub(crate) confidence: f32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigRequest {
    #[prost(string, tag = "1")]
    pub(crate) model_name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigResponse {
    #[prost(message, repeated, tag = "1")]
    pub(crate) model_config: Vec<ModelConfig>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ModelConfig {
    #[prost(string, tag = "1")]
    pub(crate) model_name: String,
    #[prost(map = "string, string", tag = "2")]
    pub(crate) parameters: HashMap<String, String>,
}
