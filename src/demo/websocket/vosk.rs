//! Vosk: a configuration, samples, one reply for each chunk, and an end that is compared letter by letter.

use axum::extract::ws::Message;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::dialect::{ClientEvent, WebSocketDialect, audio};
use super::handshake::{Upgrade, receive};
use crate::demo::http::call::Call;
use crate::demo::stream::{SessionStep, SpokenSegment, Steps, Word};

const END: &str = "{\"eof\" : 1}";
/// What the server takes where no configuration says otherwise.
const RATE: u64 = 8_000;

/// One client's side of it.
struct Vosk {
    rate: u64,
}

/// `GET /`
pub(crate) async fn listen(call: Call, upgrade: Upgrade) -> Response {
    receive(
        call,
        upgrade,
        StatusCode::SERVICE_UNAVAILABLE,
        Vosk { rate: RATE },
    )
    .await
}

impl WebSocketDialect for Vosk {
    const STEPS: Steps = Steps::Frames;
    const GREETS: bool = false;

    fn read(&mut self, message: Message) -> ClientEvent {
        match message {
            Message::Binary(bytes) => audio(bytes.len(), 2, self.rate),
            Message::Text(text) if text == END => ClientEvent::End,
            Message::Text(text) => match serde_json::from_str::<Value>(&text) {
                Ok(options) if options["config"].is_object() => {
                    self.rate = options["config"]["sample_rate"]
                        .as_f64()
                        .map_or(self.rate, |rate| rate as u64);
                    ClientEvent::Nothing
                }
                _ => ClientEvent::Wrong(format!("`{text}` is neither a configuration nor `{END}`")),
            },
            _ => ClientEvent::Nothing,
        }
    }

    fn say(&mut self, turn: &SessionStep) -> Option<String> {
        if turn.closed.is_empty() && !turn.last {
            let partial = turn
                .partial
                .as_ref()
                .map(SpokenSegment::text)
                .unwrap_or_default();
            return Some(json!({ "partial": partial }).to_string());
        }
        let said: Vec<&Word> = turn
            .closed
            .iter()
            .flat_map(|segment| &segment.words)
            .collect();
        let text: Vec<&str> = said.iter().map(|word| word.text.as_str()).collect();
        let text = text.join(" ");
        let word = |word: &&Word| json!({ "conf": 0.97, "start": word.start, "end": word.end, "word": word.text });
        let result: Vec<_> = said.iter().map(word).collect();
        // As the server does: where nothing was said there are no words, not even none of them.
        let reply = if result.is_empty() {
            json!({ "text": text })
        } else {
            json!({ "result": result, "text": text })
        };
        Some(reply.to_string())
    }

    fn fail(&self, _why: &str) -> Option<String> {
        None
    }
}
