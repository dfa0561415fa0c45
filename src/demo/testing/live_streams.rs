//! WebSocket services over real connections, by a client of another make: counts and order, never speeds.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::live_services::{Client, begin};

/// A client's end of one stream.
pub(crate) struct Caller {
    socket: WebSocketStream<TcpStream>,
    pub(crate) instance: String,
    pub(crate) close: Option<u16>,
}

impl Caller {
    /// Connects; the status where it is refused.
    pub(crate) async fn dial(
        to: SocketAddr,
        path: &str,
        header: Option<&str>,
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{to}{path}")
            .into_client_request()
            .expect("a request");
        if let Some(key) = header {
            request
                .headers_mut()
                .insert("authorization", key.parse().expect("a value"));
        }
        let tcp = TcpStream::connect(to).await.expect("a connection");
        match client_async(request, tcp).await {
            Ok((socket, reply)) => {
                let instance = reply.headers()["x-instance"]
                    .to_str()
                    .expect("text")
                    .to_owned();
                Ok(Self {
                    socket,
                    instance,
                    close: None,
                })
            }
            Err(Error::Http(reply)) => Err(reply.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    pub(crate) async fn text(&mut self, text: impl ToString) {
        self.socket
            .send(Message::text(text.to_string()))
            .await
            .expect("sent");
    }

    pub(crate) async fn binary(&mut self, bytes: &[u8]) {
        self.socket
            .send(Message::binary(bytes.to_vec()))
            .await
            .expect("sent");
    }

    /// Sends what a server may be gone for.
    pub(crate) async fn try_binary(&mut self, bytes: &[u8]) {
        let _ = self.socket.send(Message::binary(bytes.to_vec())).await;
    }

    pub(crate) async fn try_text(&mut self, text: &str) {
        let _ = self.socket.send(Message::text(text.to_owned())).await;
    }

    /// The next message; none where the server has closed, or broken off.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            match self.socket.next().await? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("JSON")),
                Ok(Message::Close(frame)) => self.close = frame.map(|frame| frame.code.into()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// All messages to the end.
    pub(crate) async fn rest(&mut self) -> Vec<Value> {
        let mut all = Vec::new();
        while let Some(message) = self.next().await {
            all.push(message);
        }
        all
    }
}

pub(crate) const KEYS: &str = "stream = { delay = '5ms', transcript = 'a b c d e', result_every = '200ms', words_per_second = 10 }";

/// The `streams` of `/truth`, once so many sessions have ended.
pub(crate) async fn truth(to: SocketAddr, ended: u64) -> Value {
    loop {
        let mut truth = Client::new(to).get("/truth").await.1;
        let streams = truth["streams"].take();
        let count = |key: &str| streams[key].as_u64().expect("a count");
        if count("ended_well") + count("broken") >= ended {
            return streams;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn whisperlive(to: SocketAddr) -> Caller {
    let mut caller = Caller::dial(to, "/any/path", None)
        .await
        .expect("it lets everyone in");
    caller.text(json!({ "uid": "u", "language": "de" })).await;
    caller
}

#[tokio::test]
async fn whisperlive_sends_its_segments_again_and_again() {
    let to = begin(&format!("service = 'whisperlive'\nworkers = 2\n{KEYS}"));
    let mut caller = whisperlive(to).await;
    assert_eq!(
        caller.next().await,
        Some(
            json!({ "uid": "u", "message": "SERVER_READY", "backend": "faster_whisper", "instance": "worker-1" })
        )
    );
    assert_eq!(
        caller.next().await,
        Some(json!({ "uid": "u", "language": "de", "language_prob": 0.98 }))
    );
    // 0.1 s of float samples in each frame, 1.55 s of all.
    for _ in 0..15 {
        caller.binary(&[0; 6_400]).await;
    }
    caller.binary(&[0; 3_200]).await;
    caller.binary(b"END_OF_AUDIO").await;
    let all = caller.rest().await;
    assert_eq!(
        (all.len(), caller.close, caller.instance.as_str()),
        (16, Some(1000), "worker-1")
    );
    let part = |start: &str, end: &str, text: &str, completed: bool| json!({ "start": start, "end": end, "text": text, "completed": completed });
    assert_eq!(
        all[0],
        json!({ "uid": "u", "segments": [part("0.000", "0.100", "a", false)] })
    );
    assert_eq!(
        all[2]["segments"],
        json!([
            part("0.000", "0.200", "a b", true),
            part("0.200", "0.300", "c", false)
        ])
    );
    let last = all[15]["segments"].as_array().expect("segments");
    assert!(
        last.iter().all(|segment| segment["completed"] == true),
        "{last:?}"
    );
    assert_eq!((last.len(), &last[7]["end"]), (8, &"1.550".into()));
    let truth = truth(to, 1).await;
    for (key, count) in [
        ("begun", 1),
        ("ended_well", 1),
        ("frames", 16),
        ("results", 16),
        ("now", 0),
        ("max_at_once", 1),
    ] {
        assert_eq!(truth[key], count, "{key}: {truth}");
    }
    assert_eq!(
        (&truth["audio_seconds"], &truth["pacing"]["count"]),
        (&1.55.into(), &16.into())
    );
    let moments = Client::new(to).get("/truth/streams").await.1;
    assert_eq!(moments[0]["frame_start_s"][15], 1.5);
    let (arrived, sent) = (&moments[0]["frame_at_s"], &moments[0]["results"]);
    for n in 0..15 {
        let late = sent[n]["at_s"].as_f64().expect("a time") - arrived[n].as_f64().expect("a time");
        assert!(
            late >= 0.005 && sent[n]["covers_s"] == (n + 1) as f64 / 10.0,
            "{n}: {late} {}",
            sent[n]
        );
    }
}

#[tokio::test]
async fn whisperlive_refuses_in_words() {
    let keys =
        "slots = 1\nstream = { required = ['uid', 'token'], overtime = '10m', warning = 'slow' }";
    let to = begin(&format!("service = 'whisperlive'\n{keys}"));
    let options = |token: &str| json!({ "uid": "u", "token": token, "audio_format": "int16" });
    let mut short = Caller::dial(to, "/", None).await.expect("let in");
    short.text(options("")).await;
    assert_eq!(
        short.rest().await,
        [json!({ "uid": "u", "status": "ERROR", "message": "Missing required fields: token" })]
    );
    let mut first = Caller::dial(to, "/", None).await.expect("let in");
    first.text(options("t")).await;
    assert_eq!(
        first.next().await.expect("ready")["message"],
        "SERVER_READY"
    );
    assert_eq!(
        first.next().await,
        Some(json!({ "uid": "u", "status": "WARNING", "message": "slow" }))
    );
    let mut second = Caller::dial(to, "/", None).await.expect("let in");
    second.text(options("t")).await;
    let wait = second.rest().await.pop().expect("a message");
    assert!(
        wait["status"] == "WAIT"
            && wait["message"]
                .as_f64()
                .is_some_and(|m| m > 9.9 && m <= 10.0),
        "{wait}"
    );
    // Half a sample is none: someone has mistaken the format.
    first.next().await;
    first.binary(&[0; 3]).await;
    assert_eq!(first.rest().await[0]["status"], "ERROR");
    let truth = truth(to, 1).await;
    assert_eq!(
        (&truth["begun"], &truth["refused"], &truth["broken"]),
        (&1.into(), &1.into(), &1.into())
    );
}

#[tokio::test]
async fn whisperlive_disconnects_who_stays_for_too_long() {
    let to = begin("service = 'whisperlive'\nstream = { overtime = '30ms' }");
    let mut caller = whisperlive(to).await;
    let all = caller.rest().await;
    assert_eq!(
        (all.last(), caller.close),
        (
            Some(&json!({ "uid": "u", "message": "DISCONNECT" })),
            Some(1000)
        )
    );
}

#[tokio::test]
async fn vosk_has_one_reply_for_each_chunk() {
    let to = begin(&format!("service = 'vosk'\nslots = 1\n{KEYS}"));
    let mut caller = Caller::dial(to, "/", None).await.expect("let in");
    assert_eq!(Caller::dial(to, "/", None).await.err(), Some(503));
    caller
        .text(json!({ "config": { "sample_rate": 16000 } }))
        .await;
    let mut replies = Vec::new();
    for _ in 0..5 {
        caller.binary(&[0; 3_200]).await;
        replies.push(caller.next().await.expect("a reply"));
    }
    let word = |word: &str, start: f64, end: f64| json!({ "conf": 0.97, "start": start, "end": end, "word": word });
    let result = |words: &[Value], text: &str| json!({ "result": words, "text": text });
    assert_eq!(
        replies,
        [
            json!({ "partial": "a" }),
            result(&[word("a", 0.0, 0.1), word("b", 0.1, 0.2)], "a b"),
            json!({ "partial": "c" }),
            result(&[word("c", 0.2, 0.3), word("d", 0.3, 0.4)], "c d"),
            json!({ "partial": "e" }),
        ]
    );
    caller.text("{\"eof\" : 1}").await;
    assert_eq!(caller.rest().await, [result(&[word("e", 0.4, 0.5)], "e")]);
    assert_eq!(caller.close, Some(1000));
    let truth = truth(to, 1).await;
    assert_eq!(
        (
            &truth["refused"],
            &truth["audio_seconds"],
            &truth["results"]
        ),
        (&1.into(), &0.5.into(), &6.into())
    );
    let mut careless = Caller::dial(to, "/", None)
        .await
        .expect("there is room again");
    careless.text("{\"eof\":1}").await;
    assert_eq!(
        (careless.rest().await, careless.close),
        (vec![], Some(1007))
    );
}
