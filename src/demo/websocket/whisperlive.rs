//! WhisperLive: options, a ready message, float samples in; the last segments and one that is under way out, again and again.

use std::collections::VecDeque;

use axum::extract::ws::{Message, WebSocket};
use axum::response::Response;
use serde_json::{Value, json};

use super::conversation::{WebSocketSession, hang_up};
use super::dialect::{ClientEvent, WebSocketDialect, audio};
use super::handshake::{Upgrade, answer, close_at_once, handshake};
use crate::demo::faults::Fault;
use crate::demo::http::call::Call;
use crate::demo::stream::{SessionStep, SpokenSegment, Steps, StreamSlot};
use crate::units::Duration;

/// Segments that are complete and sent again with each message.
const SENT_AGAIN: usize = 10;
const RATE: u64 = 16_000;

/// One client's side of it.
struct Whisperlive {
    uid: Value,
    language: Value,
    /// Bytes of a sample.
    width: usize,
    warning: Option<String>,
    complete: VecDeque<SpokenSegment>,
}

/// `GET /`: whoever comes is let in, and told in words what is the matter.
pub(crate) async fn listen(call: Call, upgrade: Upgrade) -> Response {
    match handshake(&call, upgrade) {
        Ok(upgrade) if call.fault == Some(Fault::Close) => close_at_once(call, upgrade),
        Ok(upgrade) => answer(call, upgrade, welcome),
        Err(refusal) => *refusal,
    }
}

async fn welcome(mut socket: WebSocket, call: Call) {
    let options = loop {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => {
                break serde_json::from_str::<Value>(&text).unwrap_or_default();
            }
            // Audio before the options, or nothing at all.
            Some(Ok(Message::Binary(_))) => break Value::Null,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return,
        }
    };
    let target = call.target.clone();
    let spec = &target.spec.stream;
    let now = target.now();
    let uid = options["uid"].clone();
    // Who is not understood takes no place.
    let place = understood(&options, &spec.required.0)
        .map(|width| (width, StreamSlot::enter(&target.roll, call.worker, now)));
    let refusal = match place {
        Ok((width, Ok(seat))) => {
            let (language, warning) = (options["language"].clone(), spec.warning.clone());
            let dialect = Whisperlive {
                uid,
                language,
                width,
                warning,
                complete: VecDeque::new(),
            };
            let ready = target.ready_at(now);
            return WebSocketSession::new(call, seat, dialect, ready)
                .hold(socket)
                .await;
        }
        Ok((_, Err(full))) => {
            let minutes = spec.overtime.saturating_sub(full.oldest).as_secs_f64() / 60.0;
            json!({ "uid": uid, "status": "WAIT", "message": minutes })
        }
        Err(why) => json!({ "uid": uid, "status": "ERROR", "message": why }),
    };
    if socket
        .send(Message::text(refusal.to_string()))
        .await
        .is_ok()
    {
        hang_up(socket, 1000).await;
    }
}

/// The width of a sample, where the options have all that they need.
fn understood(options: &Value, required: &[String]) -> Result<usize, String> {
    let empty = |value: &Value| value.is_null() || value == "";
    let missing: Vec<_> = required
        .iter()
        .filter(|field| empty(&options[field.as_str()]))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        return Err(format!("Missing required fields: {}", missing.join(", ")));
    }
    match options["audio_format"].as_str() {
        None | Some("float32") => Ok(4),
        Some("int16") => Ok(2),
        Some("uint8") => Ok(1),
        Some(other) => Err(format!("Unsupported audio_format: {other}")),
    }
}

impl Whisperlive {
    fn segment(segment: &SpokenSegment, completed: bool) -> Value {
        let time = |at: Duration| format!("{:.3}", at.as_secs_f64());
        json!({ "start": time(segment.start), "end": time(segment.end), "text": segment.text(), "completed": completed })
    }
}

impl WebSocketDialect for Whisperlive {
    const STEPS: Steps = Steps::Halves;
    const GREETS: bool = true;

    fn read(&mut self, message: Message) -> ClientEvent {
        match message {
            Message::Binary(bytes) if bytes == "END_OF_AUDIO" => ClientEvent::End,
            Message::Binary(bytes) => audio(bytes.len(), self.width, RATE),
            Message::Text(_) => {
                ClientEvent::Wrong("audio is binary, and so is END_OF_AUDIO".to_owned())
            }
            _ => ClientEvent::Nothing,
        }
    }

    fn greet(&mut self, seat: &StreamSlot) -> Vec<String> {
        let uid = &self.uid;
        let ready = json!({ "uid": uid, "message": "SERVER_READY", "backend": "faster_whisper", "instance": seat.worker() });
        let warning = self
            .warning
            .iter()
            .map(|text| json!({ "uid": uid, "status": "WARNING", "message": text }));
        let language = if self.language.is_string() {
            self.language.clone()
        } else {
            "en".into()
        };
        let language = json!({ "uid": uid, "language": language, "language_prob": 0.98 });
        std::iter::once(ready)
            .chain(warning)
            .chain([language])
            .map(|message| message.to_string())
            .collect()
    }

    fn say(&mut self, turn: &SessionStep) -> Option<String> {
        if turn.closed.is_empty() && turn.partial.is_none() && !turn.last {
            return None;
        }
        self.complete.extend(turn.closed.iter().cloned());
        while self.complete.len() > SENT_AGAIN {
            self.complete.pop_front();
        }
        let complete = self
            .complete
            .iter()
            .map(|segment| Self::segment(segment, true));
        let segments: Vec<_> = complete
            .chain(
                turn.partial
                    .iter()
                    .map(|segment| Self::segment(segment, false)),
            )
            .collect();
        Some(json!({ "uid": self.uid, "segments": segments }).to_string())
    }

    fn fail(&self, why: &str) -> Option<String> {
        Some(json!({ "uid": self.uid, "status": "ERROR", "message": why }).to_string())
    }

    fn overtime(&self) -> Option<String> {
        Some(json!({ "uid": self.uid, "message": "DISCONNECT" }).to_string())
    }
}
