//! The services that the embedded target plays, each with its routes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Routes of every service beside its own.
pub const ROUTES_OF_ALL: [(&str, &str); 4] = [
    (
        "GET /health",
        "how it is, and which worker answers; faults never touch it",
    ),
    (
        "GET /health/detailed",
        "its limits and what is in use (/healthz, /healthcheck: as /health)",
    ),
    ("GET /truth", "what it has counted and timed itself"),
    (
        "GET /truth/streams",
        "the last 1000 streams: when each frame arrived, and when each result was sent",
    ),
];

const TRANSCRIPTIONS: (&str, &str) = (
    "POST /v1/audio/transcriptions",
    "a form with `file` and `model`; answers { \"text\": … }, in pieces with stream=true",
);
const SPEECH: (&str, &str) = (
    "POST /v1/audio/speech",
    "{ \"model\", \"input\", \"voice\" }; answers with a WAV file",
);
const CHAT: (&str, &str) = (
    "POST /v1/chat/completions",
    "{ \"model\", \"messages\" }; answers { \"choices\": … }, token by token with \"stream\": true",
);

const STREAMING_RECOGNIZE: &str = "POST /nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize";
const RECOGNIZE: &str = "POST /nvidia.riva.asr.RivaSpeechRecognition/Recognize";
const STREAM_AUDIO: &str = "POST /voice_workflow.VoiceGateway/StreamAudio";

/// What the embedded target plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// `POST /v1/audio/transcriptions` answers with the text.
    Transcription,
    /// `POST /v1/audio/speech` answers with a recording of the text.
    Speech,
    /// `POST /v1/chat/completions` answers with a message, whole or token by token.
    Chat,
    /// Transcription, speech and chat behind one address.
    Voice,
    /// `POST /jobs/` makes a job, `GET /jobs/{id}` says how far it is; uploads in chunks and a login stand before it.
    Jobs,
    /// WhisperLive: a WebSocket that takes float samples and sends segments again and again.
    Whisperlive,
    /// Vosk: a WebSocket with one reply for each chunk.
    Vosk,
    /// Deepgram's live API: a WebSocket that sends `Results`.
    Deepgram,
    /// A WebSocket in the manner of OpenAI's realtime API: audio as base64 in JSON.
    Realtime,
    /// A gRPC stream of one voice turn: speech in, transcript, answer, speech out.
    Gateway,
    /// NVIDIA Riva's speech recognition over gRPC, with server reflection.
    Riva,
    /// The Wyoming protocol: speech recognition over a plain TCP connection.
    Wyoming,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 12] = [
        Self::Transcription,
        Self::Speech,
        Self::Chat,
        Self::Voice,
        Self::Jobs,
        Self::Whisperlive,
        Self::Vosk,
        Self::Deepgram,
        Self::Realtime,
        Self::Gateway,
        Self::Riva,
        Self::Wyoming,
    ];

    /// Whether audio comes in frames and results go out meanwhile.
    #[must_use]
    pub const fn streams(self) -> bool {
        !matches!(
            self,
            Self::Transcription | Self::Speech | Self::Chat | Self::Voice | Self::Jobs
        )
    }

    /// Whether it speaks gRPC.
    #[must_use]
    pub const fn is_grpc(self) -> bool {
        matches!(self, Self::Gateway | Self::Riva)
    }

    /// The scheme of the addresses of its streams, where it has some.
    #[must_use]
    pub const fn stream_scheme(self) -> Option<&'static str> {
        match self {
            Self::Wyoming => Some("tcp"),
            _ if self.is_grpc() => Some("grpc"),
            _ if self.streams() => Some("ws"),
            _ => None,
        }
    }

    /// The name in plans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transcription => "transcription",
            Self::Speech => "speech",
            Self::Chat => "chat",
            Self::Voice => "voice",
            Self::Jobs => "jobs",
            Self::Whisperlive => "whisperlive",
            Self::Vosk => "vosk",
            Self::Deepgram => "deepgram",
            Self::Realtime => "realtime",
            Self::Gateway => "gateway",
            Self::Riva => "riva",
            Self::Wyoming => "wyoming",
        }
    }

    /// What it plays, in a few words.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Transcription => "an upload is answered with its text",
            Self::Speech => "a text is answered with its recording",
            Self::Chat => "messages are answered with a message",
            Self::Voice => "transcription, speech and chat behind one address",
            Self::Jobs => "an upload makes a job, which is polled until its transcript is there",
            Self::Whisperlive => {
                "WhisperLive: options, SERVER_READY, float samples in, segments out, END_OF_AUDIO"
            }
            Self::Vosk => {
                "Vosk: a configuration, samples in, one reply for each chunk, an end of file"
            }
            Self::Deepgram => "Deepgram's live API: samples in, Results out, CloseStream",
            Self::Realtime => "in the manner of OpenAI's realtime API: base64 in JSON, deltas out",
            Self::Gateway => "a voice turn over gRPC: speech in, transcript, answer, speech out",
            Self::Riva => "NVIDIA Riva over gRPC, live and whole files, with server reflection",
            Self::Wyoming => {
                "Wyoming over TCP: transcribe, audio-start, audio-chunk, audio-stop, transcript out"
            }
        }
    }

    /// A command to try it by; URL, or HOST:PORT, stands for its address.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Transcription | Self::Voice => {
                "curl -F file=@clip.wav -F model=whisper-1 URL/v1/audio/transcriptions"
            }
            Self::Speech => "curl --json '{\"input\":\"Hi\"}' -o hi.wav URL/v1/audio/speech",
            Self::Chat => {
                "curl --json '{\"messages\": [{\"content\":\"Hi\"}]}' URL/v1/chat/completions"
            }
            Self::Jobs => "curl -F file=@clip.wav URL/jobs/",
            Self::Whisperlive => "echo '{\"uid\":\"me\"}' | websocat ws://HOST:PORT/",
            Self::Vosk => "echo '{\"eof\" : 1}' | websocat ws://HOST:PORT/",
            Self::Deepgram => {
                "echo '{\"type\":\"CloseStream\"}' | websocat 'ws://HOST:PORT/v1/listen?encoding=linear16'"
            }
            Self::Realtime => {
                "echo '{\"type\":\"input_audio_buffer.commit\"}' | websocat ws://HOST:PORT/v1/realtime"
            }
            Self::Gateway => {
                "echo '{\"config\":{}}' | grpcurl -plaintext -proto plans/protos/voice_workflow.proto -d @ HOST:PORT \
                 voice_workflow.VoiceGateway/StreamAudio"
            }
            Self::Riva => {
                "grpcurl -plaintext HOST:PORT describe nvidia.riva.asr.RivaSpeechRecognition"
            }
            Self::Wyoming => "echo '{\"type\":\"describe\"}' | nc -q 1 HOST PORT",
        }
    }

    /// Its own routes, each with what it takes and answers.
    #[must_use]
    pub const fn routes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Transcription => &[TRANSCRIPTIONS],
            Self::Speech => &[SPEECH],
            Self::Chat => &[CHAT],
            Self::Voice => &[TRANSCRIPTIONS, SPEECH, CHAT],
            Self::Jobs => &[
                (
                    "POST /jobs/",
                    "a form with `file` and `model`; answers { \"job_id\": … }",
                ),
                (
                    "GET /jobs/{job_id}",
                    "{ \"status\": queued, processing, enriching, completed or failed…, \"transcript\" }",
                ),
                (
                    "POST /auth/login",
                    "{ \"username\", \"password\" }; answers { \"access_token\": … }",
                ),
                (
                    "POST /uploads/initialize",
                    "{ \"filename\", \"file_size\" }; answers { \"session_id\", \"chunk_size\", \"total_chunks\" }",
                ),
                (
                    "POST /uploads/{session_id}/chunks/{number}",
                    "a form with `chunk_data`, numbers from 0",
                ),
                (
                    "POST /uploads/{session_id}/finalize",
                    "answers { \"status\": \"completed\", \"job_id\": … }",
                ),
            ],
            Self::Whisperlive => &[(
                "GET /",
                "a WebSocket: { \"uid\", … }, then binary samples (f32le, or `audio_format`), then END_OF_AUDIO as binary",
            )],
            Self::Vosk => &[(
                "GET /",
                "a WebSocket: { \"config\": { \"sample_rate\" } }, s16le, then {\"eof\" : 1}",
            )],
            Self::Deepgram => &[(
                "GET /v1/listen",
                "a WebSocket: ?encoding=linear16&sample_rate=16000, s16le, then { \"type\": \"CloseStream\" }",
            )],
            Self::Realtime => &[(
                "GET /v1/realtime",
                "a WebSocket: { \"type\": \"input_audio_buffer.append\", \"audio\" } of s16le, then …commit",
            )],
            Self::Gateway => &[
                (
                    STREAM_AUDIO,
                    "gRPC: config, audio_chunk…, half-close; answers transcript, answer, audio and events",
                ),
                (
                    "GET /voice_workflow.proto",
                    "its messages, as in plans/protos",
                ),
            ],
            Self::Riva => &[
                (
                    STREAMING_RECOGNIZE,
                    "gRPC: streaming_config, audio_content…; messages by reflection",
                ),
                (RECOGNIZE, "gRPC: { config, audio }"),
            ],
            // It has no routes but those of all: messages go over the connection itself.
            Self::Wyoming => &[],
        }
    }
}
