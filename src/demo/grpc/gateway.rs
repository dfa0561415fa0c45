//! A voice gateway: one turn of a conversation over one gRPC stream.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use tonic::Status;

use super::dialect::{GrpcClientEvent, GrpcDialect, Later, sample_bytes};
use super::exchange::receive;
use super::gateway_messages::{ClientMessage, EventType, FromClient, FromServer, ServerMessage};
use super::voice_turn::{event, turn};
use crate::clock::Tick;
use crate::demo::StreamSpec;
use crate::demo::stream::{SessionStep, SpokenSegment, StreamSession};
use crate::demo::target::Target;

/// Its messages, for people and programs that want to call it.
pub(crate) const PROTO: &str = include_str!("../../../plans/protos/voice_workflow.proto");

/// One client's side of it.
struct Gateway {
    spec: StreamSpec,
    configured: bool,
    rate: i32,
    transcript: Vec<String>,
}

/// `/voice_workflow.VoiceGateway/StreamAudio`
pub(crate) async fn stream_audio(State(target): State<Arc<Target>>, request: Request) -> Response {
    let mut spec = target.spec.stream.clone();
    for stage in [
        &mut spec.asr,
        &mut spec.llm_first,
        &mut spec.llm,
        &mut spec.tts,
    ] {
        *stage = target.stream_time(*stage);
    }
    receive(
        target,
        request,
        Gateway {
            spec,
            configured: false,
            rate: 16_000,
            transcript: Vec::new(),
        },
    )
    .await
}

/// `GET /voice_workflow.proto`
pub(crate) async fn proto() -> &'static str {
    PROTO
}

impl GrpcDialect for Gateway {
    type In = ClientMessage;
    type Out = ServerMessage;

    fn read(&mut self, message: ClientMessage) -> Result<GrpcClientEvent, Status> {
        match message.message {
            Some(FromClient::Config(config)) => {
                self.configured = true;
                self.rate = if config.sample_rate > 0 {
                    config.sample_rate
                } else {
                    self.rate
                };
                Ok(GrpcClientEvent::Nothing)
            }
            Some(FromClient::AudioChunk(_)) if !self.configured => Err(Status::invalid_argument(
                "the first message must be `config`",
            )),
            Some(FromClient::AudioChunk(bytes)) => {
                sample_bytes(bytes.len(), self.rate).map(GrpcClientEvent::Audio)
            }
            Some(FromClient::TextInput(text)) => {
                self.transcript.push(text);
                Ok(GrpcClientEvent::Nothing)
            }
            None => Err(Status::invalid_argument("a message with nothing in it")),
        }
    }

    fn greet(&mut self) -> Option<ServerMessage> {
        Some(ServerMessage {
            message: Some(event(EventType::Listening, "Ready")),
        })
    }

    fn say(&mut self, turn: &SessionStep) -> Option<ServerMessage> {
        self.transcript
            .extend(turn.closed.iter().map(SpokenSegment::text));
        // While it listens it says so; what it has understood follows with each segment.
        let text = match (turn.closed.is_empty(), &turn.partial) {
            (true, None) => return None,
            (true, Some(_)) => "...".to_owned(),
            (false, _) => self.transcript.join(" "),
        };
        Some(ServerMessage {
            message: Some(FromServer::TranscriptChunk(text)),
        })
    }

    fn finish(
        &mut self,
        now: Tick,
        session: &mut StreamSession,
        fails: bool,
    ) -> Vec<Later<ServerMessage>> {
        // The final transcript has its own time; what the session would have said until then is in it.
        session.finish(now);
        while let Some(turn) = session.pop(Tick::NEVER) {
            self.transcript
                .extend(turn.closed.iter().map(SpokenSegment::text));
        }
        self.transcript.retain(|text| !text.is_empty());
        let all = turn(&self.spec, self.transcript.join(" "), fails).into_iter();
        all.map(|(after, message, kind)| Later {
            at: now + after,
            message: ServerMessage {
                message: Some(message),
            },
            kind,
        })
        .collect()
    }
}
