//! Deepgram's live API: samples in, `Results` out, and `Metadata` at the end.

use axum::extract::ws::Message;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::dialect::{ClientEvent, WebSocketDialect, audio};
use super::handshake::{Upgrade, receive};
use crate::demo::http::call::Call;
use crate::demo::http::upload::refuse;
use crate::demo::stream::{SessionStep, SpokenSegment, Steps, Word};
use crate::units::Duration;

/// One client's side of it.
struct Deepgram {
    rate: u64,
    interim: bool,
    flushed: bool,
}

/// `GET /v1/listen?encoding=linear16&sample_rate=16000`
pub(crate) async fn listen(call: Call, upgrade: Upgrade) -> Response {
    let query = call.uri.query().unwrap_or_default().to_owned();
    let given = |key: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|pair| pair.0 == key)
    };
    let given = |key: &str| given(key).map(|(_, value)| value);
    let rate = given("sample_rate")
        .and_then(|rate| rate.parse().ok())
        .unwrap_or(16_000);
    if given("encoding") != Some("linear16")
        || given("channels").is_some_and(|channels| channels != "1")
        || rate == 0
    {
        return refuse(
            StatusCode::BAD_REQUEST,
            "only encoding=linear16 of one channel is understood here",
        );
    }
    let interim = given("interim_results") == Some("true");
    receive(
        call,
        upgrade,
        StatusCode::TOO_MANY_REQUESTS,
        Deepgram {
            rate,
            interim,
            flushed: false,
        },
    )
    .await
}

impl Deepgram {
    fn results(&self, segment: &SpokenSegment, is_final: bool, speech_final: bool) -> String {
        let word = |word: &Word| {
            let text = &word.text;
            json!({ "word": text, "start": word.start, "end": word.end, "confidence": 0.98, "punctuated_word": text })
        };
        let words: Vec<Value> = segment.words.iter().map(word).collect();
        json!({
            "type": "Results",
            "channel_index": [0, 1],
            "duration": segment.end.saturating_sub(segment.start).as_secs_f64(),
            "start": segment.start.as_secs_f64(),
            "is_final": is_final,
            "speech_final": speech_final,
            "channel": { "alternatives": [{ "transcript": segment.text(), "confidence": 0.98, "words": words }] },
            "from_finalize": self.flushed,
        })
        .to_string()
    }
}

impl WebSocketDialect for Deepgram {
    const STEPS: Steps = Steps::Halves;
    const GREETS: bool = false;

    fn read(&mut self, message: Message) -> ClientEvent {
        match message {
            Message::Binary(bytes) => audio(bytes.len(), 2, self.rate),
            Message::Text(text) => {
                let kind = serde_json::from_str::<Value>(&text).unwrap_or_default()["type"].take();
                match kind.as_str() {
                    Some("CloseStream") => ClientEvent::End,
                    Some("KeepAlive") => ClientEvent::Nothing,
                    Some("Finalize") => {
                        self.flushed = true;
                        ClientEvent::Flush
                    }
                    _ => ClientEvent::Wrong(format!("`{text}` is no control message")),
                }
            }
            _ => ClientEvent::Nothing,
        }
    }

    fn say(&mut self, turn: &SessionStep) -> Option<String> {
        let none = SpokenSegment::nothing(turn.covers);
        let said = match (turn.closed.first(), &turn.partial) {
            (Some(segment), _) => Some(self.results(segment, true, true)),
            (None, Some(partial)) if self.interim => Some(self.results(partial, false, false)),
            (None, _) if turn.last || self.flushed => Some(self.results(&none, true, turn.last)),
            (None, _) => None,
        };
        self.flushed = false;
        said
    }

    fn bye(&mut self, heard: Duration) -> Option<String> {
        let id = "c0ffee00-0000-4000-8000-000000000000";
        let duration = heard.as_secs_f64();
        Some(
            json!({ "type": "Metadata", "request_id": id, "duration": duration, "channels": 1 })
                .to_string(),
        )
    }

    fn fail(&self, why: &str) -> Option<String> {
        Some(json!({ "type": "Error", "description": why, "variant": "TARGET" }).to_string())
    }
}
