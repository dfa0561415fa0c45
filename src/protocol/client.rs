//! The connections of one VU, whatever is spoken on them.

use std::ops::ControlFlow;
use std::sync::Arc;

use ::http::HeaderMap;

use super::grpc::{self, Channels};
use super::http::{self, Connections, Wiring};
use super::{
    Call, Event, Exchange, Failed, Failure, Frame, Framing, Manner, Message, Opened, Reply,
    Request, Talk, websocket,
};
use crate::clock::Clock;

/// HTTP, WebSockets and gRPC for one VU.
#[derive(Debug)]
pub struct Client {
    http: http::Client,
    channels: Channels,
    clock: Clock,
    wiring: Arc<Wiring>,
    reconnects: u64,
}

/// A conversation in one of the protocols.
#[derive(Debug)]
pub enum Line {
    /// A WebSocket.
    WebSocket(Box<websocket::Line>),
    /// A gRPC call.
    Grpc(Box<grpc::Line>),
}

impl Client {
    /// A client without connections, timed by `clock`.
    #[must_use]
    pub fn new(clock: Clock, wiring: Arc<Wiring>) -> Self {
        let http = http::Client::new(clock.clone(), Arc::clone(&wiring));
        Self {
            http,
            channels: Channels::default(),
            clock,
            wiring,
            reconnects: 0,
        }
    }
}

impl Exchange for Client {
    type Talk = Line;

    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<Failed>> {
        self.http.exchange(request).await
    }

    async fn stream(
        &mut self,
        request: &Request,
        framing: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> Result<Reply, Box<Failed>> {
        self.http.stream(request, framing, each).await
    }

    async fn talk(&mut self, call: &Call) -> Result<Opened<Line>, Box<Failed>> {
        let (request, wiring, clock) = (&call.request, &self.wiring, &self.clock);
        match &call.manner {
            Manner::WebSocket(protocols) => {
                let opened =
                    websocket::Line::open(request, protocols.as_ref(), wiring, clock).await?;
                Ok(match opened {
                    Opened::Open(line) => Opened::Open(Line::WebSocket(Box::new(line))),
                    Opened::Refused(reply) => Opened::Refused(reply),
                })
            }
            Manner::Grpc { deadline, .. } => {
                let opened =
                    grpc::Line::open(request, *deadline, &self.channels, wiring, clock).await?;
                self.reconnects += u64::from(opened.1);
                Ok(Opened::Open(Line::Grpc(Box::new(opened.0))))
            }
        }
    }

    fn begin_iteration(&mut self) {
        if self.wiring.connections == Connections::PerIteration {
            self.channels.clear();
        }
        self.http.begin_iteration();
    }

    fn was_heard(&self) -> bool {
        self.http.was_heard()
    }

    fn reconnects(&self) -> u64 {
        self.http.reconnects() + self.reconnects
    }
}

impl Talk for Line {
    fn send(&mut self, frame: Frame) {
        match self {
            Self::WebSocket(line) => line.send(frame),
            Self::Grpc(line) => line.send(frame),
        }
    }

    async fn next(&mut self) -> Result<Event, Failure> {
        match self {
            Self::WebSocket(line) => line.next().await,
            Self::Grpc(line) => line.next().await,
        }
    }

    fn head(&self) -> (u16, &HeaderMap) {
        match self {
            Self::WebSocket(line) => line.head(),
            Self::Grpc(line) => line.head(),
        }
    }

    fn reply(&self) -> Reply {
        match self {
            Self::WebSocket(line) => line.reply(),
            Self::Grpc(line) => line.reply(),
        }
    }

    async fn leave(self) {
        match self {
            Self::WebSocket(line) => line.leave().await,
            Self::Grpc(line) => line.leave().await,
        }
    }
}
