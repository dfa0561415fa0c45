//! In the manner of OpenAI's realtime API: audio as base64 in JSON, the transcript in deltas.

use std::borrow::Cow;

use axum::extract::ws::Message;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::dialect::{ClientEvent, WebSocketDialect, audio};
use super::handshake::{Upgrade, receive};
use crate::demo::http::call::Call;
use crate::demo::stream::{SessionStep, Steps, StreamSlot, Word};
use crate::units::Duration;

/// One client's side of it.
struct Realtime {
    rate: u64,
    number: u64,
    transcript: String,
    /// Where the last word ends that was sent.
    said: f64,
}

#[derive(Deserialize)]
struct RealtimeEvent<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    audio: Option<Cow<'a, str>>,
}

/// `GET /v1/realtime`, of 16,000 samples a second unless `?sample_rate=` says otherwise.
pub(crate) async fn listen(call: Call, upgrade: Upgrade) -> Response {
    let query = call.uri.query().unwrap_or_default();
    let rate = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("sample_rate="))
        .and_then(|rate| rate.parse().ok());
    let rate = rate.unwrap_or(16_000);
    let dialect = Realtime {
        rate,
        number: 0,
        transcript: String::new(),
        said: 0.0,
    };
    receive(call, upgrade, StatusCode::TOO_MANY_REQUESTS, dialect).await
}

impl WebSocketDialect for Realtime {
    const STEPS: Steps = Steps::Halves;
    const GREETS: bool = true;

    fn read(&mut self, message: Message) -> ClientEvent {
        let Message::Text(text) = message else {
            let binary = matches!(message, Message::Binary(_));
            return if binary {
                ClientEvent::Wrong("audio is base64 in JSON".to_owned())
            } else {
                ClientEvent::Nothing
            };
        };
        let Ok(event) = serde_json::from_str::<RealtimeEvent<'_>>(&text) else {
            return ClientEvent::Wrong("this is no event".to_owned());
        };
        match (event.kind.as_ref(), &event.audio) {
            ("input_audio_buffer.append", Some(data)) => match STANDARD.decode(data.as_bytes()) {
                Ok(bytes) => audio(bytes.len(), 2, self.rate),
                Err(why) => ClientEvent::Wrong(format!("`audio` is no base64: {why}")),
            },
            ("input_audio_buffer.commit", _) => ClientEvent::End,
            ("session.update", _) => ClientEvent::Nothing,
            (kind, _) => {
                ClientEvent::Wrong(format!("`{kind}` is not understood, or has no `audio`"))
            }
        }
    }

    fn greet(&mut self, seat: &StreamSlot) -> Vec<String> {
        self.number = seat.number();
        let session = json!({
            "id": format!("sess_{}", self.number),
            "object": "realtime.session",
            "input_audio_format": "pcm16",
            "instance": seat.worker(),
        });
        vec![json!({ "type": "session.created", "session": session }).to_string()]
    }

    fn say(&mut self, turn: &SessionStep) -> Option<String> {
        let words = turn
            .closed
            .iter()
            .chain(&turn.partial)
            .flat_map(|segment| &segment.words);
        let fresh: Vec<&Word> = words.filter(|word| word.end > self.said).collect();
        self.said = fresh.last()?.end;
        let texts: Vec<&str> = fresh.iter().map(|word| word.text.as_str()).collect();
        let space = if self.transcript.is_empty() { "" } else { " " };
        let delta = format!("{space}{}", texts.join(" "));
        self.transcript.push_str(&delta);
        let kind = "conversation.item.input_audio_transcription.delta";
        Some(
            json!({ "type": kind, "item_id": format!("item_{}", self.number), "delta": delta })
                .to_string(),
        )
    }

    fn bye(&mut self, _heard: Duration) -> Option<String> {
        let kind = "conversation.item.input_audio_transcription.completed";
        let item = format!("item_{}", self.number);
        Some(json!({ "type": kind, "item_id": item, "transcript": self.transcript }).to_string())
    }

    fn fail(&self, why: &str) -> Option<String> {
        let error = json!({ "type": "server_error", "message": why });
        Some(json!({ "type": "error", "error": error }).to_string())
    }
}
