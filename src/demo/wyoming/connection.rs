//! One connection of a Wyoming client. Whoever asks in HTTP is answered in HTTP.

use std::io;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::message::{Message, take, write};
use crate::clock::Tick;
use crate::demo::connection;
use crate::demo::deadline::Alarm;
use crate::demo::faults::Fault;
use crate::demo::http::request_guard::RequestGuard;
use crate::demo::stream::{SessionStep, SpokenSegment, Steps, StreamSession, StreamSlot, samples};
use crate::demo::tally::ReplyKind;
use crate::demo::target::Target;

/// How its streams are counted.
const ROUTE: (&str, &str) = ("TCP", "transcribe");

/// Serves one connection until one side ends it.
pub(crate) async fn hold(socket: TcpStream, router: Router, target: Arc<Target>) {
    let mut first = [0];
    match socket.peek(&mut first).await {
        Ok(1) if first[0] == b'{' => {}
        Ok(1) => return connection::hold(socket, router, target).await,
        _ => return,
    }
    let mut client = Client {
        socket,
        target: Arc::clone(&target),
        rate: 16_000,
        width: 2,
        channels: 1,
        stream: None,
    };
    tokio::select! {
        _ = client.serve() => {}
        () = target.death() => {}
    }
    if target.is_dead() {
        // As of a process that is killed.
        let _ = client.socket.set_zero_linger();
    }
}

struct Client {
    socket: TcpStream,
    target: Arc<Target>,
    rate: u64,
    width: u64,
    channels: u64,
    stream: Option<Stream>,
}

/// A recording that is listened to.
struct Stream {
    slot: StreamSlot,
    session: StreamSession,
    fault: Option<Fault>,
    text: Vec<String>,
    visit: RequestGuard,
}

impl Client {
    async fn serve(&mut self) -> io::Result<()> {
        let (mut alarm, mut buffer) = (Alarm::default(), Vec::new());
        loop {
            let due = self.next_due();
            let target = Arc::clone(&self.target);
            tokio::select! {
                biased;
                read = self.socket.read_buf(&mut buffer) => {
                    if read? == 0 {
                        return Ok(());
                    }
                    let now = target.now();
                    loop {
                        match take(&mut buffer) {
                            Ok(Some(message)) => self.receive(message, now).await?,
                            Ok(None) => break,
                            Err(why) => return self.fail(&why).await,
                        }
                    }
                }
                () = alarm.at(due, || target.now()) => self.speak().await?,
            }
        }
    }

    fn next_due(&self) -> Option<Tick> {
        let stream = self.stream.as_ref()?;
        let is_silent = stream.fault.is_some_and(silences);
        stream.session.next_due().filter(|_| !is_silent)
    }

    async fn receive(&mut self, message: Message, now: Tick) -> io::Result<()> {
        match message.kind.as_str() {
            "describe" => self.send("info", &info()).await?,
            "transcribe" => self.open(now).await?,
            "audio-start" => {
                self.format(&message.data);
                if self.stream.is_none() {
                    self.open(now).await?;
                }
            }
            "audio-chunk" => {
                self.format(&message.data);
                let frame = self.width.saturating_mul(self.channels);
                let audio = samples(message.payload, self.rate.saturating_mul(frame));
                if let Some(stream) = &mut self.stream {
                    stream.slot.frame(now, audio);
                    stream.session.hear(now, audio);
                }
            }
            "audio-stop" => {
                if let Some(stream) = &mut self.stream {
                    stream.session.finish(now);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn format(&mut self, data: &Value) {
        for (key, value) in [
            ("rate", &mut self.rate),
            ("width", &mut self.width),
            ("channels", &mut self.channels),
        ] {
            *value = data[key].as_u64().unwrap_or(*value);
        }
    }

    /// A recording begins, where a worker has room for it.
    async fn open(&mut self, now: Tick) -> io::Result<()> {
        self.stream = None;
        let target = &self.target;
        let fault = target.begin(true);
        let visit = RequestGuard {
            target: Arc::clone(target),
            route: ROUTE,
            reply: ReplyKind::Aborted,
        };
        let Ok(slot) = StreamSlot::enter(&target.roll, target.roll.next_worker(), now) else {
            visit.end(ReplyKind::Status(503));
            return self.fail("Too many concurrent sessions").await;
        };
        if let Some(fault) = fault.filter(|fault| silences(*fault)) {
            target.books().tally.fault(fault.name());
        }
        self.stream = Some(Stream {
            slot,
            session: target.session(Steps::Halves, target.ready_at(now)),
            fault,
            text: Vec::new(),
            visit,
        });
        Ok(())
    }

    /// Sends what is due.
    async fn speak(&mut self) -> io::Result<()> {
        loop {
            let now = self.target.now();
            let Some(stream) = &mut self.stream else {
                return Ok(());
            };
            let Some(step) = stream.session.pop(now) else {
                return Ok(());
            };
            if let Some(fault) = stream.fault.take_if(|fault| breaks(*fault)) {
                return self.strike(fault).await;
            }
            let closed = step.closed.iter().map(SpokenSegment::text);
            let closed: Vec<String> = closed.filter(|text| !text.is_empty()).collect();
            stream.text.extend(closed.iter().cloned());
            for text in closed {
                self.say(&step, "transcript-chunk", &json!({ "text": text }))
                    .await?;
            }
            if step.last {
                let text = self.stream.as_ref().map(|stream| stream.text.join(" "));
                let data = json!({ "text": text, "language": "en" });
                self.say(&step, "transcript", &data).await?;
                if let Some(stream) = &self.stream {
                    stream.slot.well();
                }
                self.end(ReplyKind::Status(200));
            }
        }
    }

    /// Sends a part of a result.
    async fn say(&mut self, step: &SessionStep, kind: &str, data: &Value) -> io::Result<()> {
        if let Some(stream) = &self.stream {
            // Before it is sent: no client can have it earlier than it is said to have been sent.
            stream
                .slot
                .sent(self.target.now(), step.covers, step.kind());
        }
        self.send(kind, data).await
    }

    async fn send(&mut self, kind: &str, data: &Value) -> io::Result<()> {
        self.socket.write_all(&write(kind, data)).await
    }

    /// The fault of this stream happens.
    async fn strike(&mut self, fault: Fault) -> io::Result<()> {
        self.target.books().tally.fault(fault.name());
        match fault {
            Fault::Reset => self.socket.set_zero_linger()?,
            Fault::Garbage => self.socket.write_all(b"\x00\xffgarbage\n").await?,
            Fault::Close => {}
            _ => return self.fail("Injected fault").await,
        }
        self.end(ReplyKind::Reset);
        Err(io::ErrorKind::ConnectionAborted.into())
    }

    /// Reports an error, and ends the connection.
    async fn fail(&mut self, why: &str) -> io::Result<()> {
        self.send("error", &json!({ "text": why })).await?;
        self.socket.shutdown().await?;
        Err(io::ErrorKind::ConnectionAborted.into())
    }

    fn end(&mut self, reply: ReplyKind) {
        if let Some(Stream { slot, visit, .. }) = self.stream.take() {
            drop(slot);
            visit.end(reply);
        }
    }
}

/// Whether a fault keeps a stream from saying anything.
const fn silences(fault: Fault) -> bool {
    matches!(fault, Fault::Stall | Fault::NeverReady)
}

/// Whether a fault breaks off a stream when its first result is due.
const fn breaks(fault: Fault) -> bool {
    matches!(
        fault,
        Fault::Reset | Fault::Garbage | Fault::Close | Fault::Error | Fault::Status
    )
}

fn info() -> Value {
    let model = json!({ "name": "demo", "languages": ["en"], "installed": true });
    json!({ "asr": [{ "name": "perfgate-demo", "installed": true, "models": [model] }] })
}
