//! WebSocket among the protocols.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use ::http::header::SEC_WEBSOCKET_PROTOCOL;
use ::http::{HeaderMap, HeaderValue};

use super::spec::WebSocketSpec;
use super::stream::WebSocketConnection;
use crate::clock::Clock;
use crate::diag::Problem;
use crate::protocol::binding::ProtocolBinding;
use crate::protocol::http::HttpSpec;
use crate::protocol::net::connector::Connector;
use crate::protocol::spec::{Bind, ProtocolSpec, StepOutline, check_audio_in_json};
use crate::protocol::{
    ConnectionOptions, ExchangeError, Opened, SpecError, StreamKind, StreamRequest,
};

/// Statuses have numbers alone.
pub const STATUS_NAMES: &[&str] = &[];

/// A compiled step over a WebSocket, with the subprotocols that it offers.
#[derive(Debug, Clone)]
pub struct Binding(Option<HeaderValue>);

/// Opens WebSockets, each on a connection of its own.
#[derive(Debug)]
pub(crate) struct WebSocketConnector {
    clock: Clock,
    options: Arc<ConnectionOptions>,
}

impl ProtocolSpec for WebSocketSpec {
    fn is_duplex(&self) -> bool {
        true
    }

    fn request(&self) -> Cow<'_, HttpSpec> {
        Cow::Owned(self.handshake())
    }

    fn has_close_code(&self) -> bool {
        true
    }

    fn check(&self, step: &StepOutline<'_>) -> Vec<Problem> {
        let Some(stream) = &step.stream else {
            return vec![Problem::error(
                "websocket",
                "on a WebSocket many messages go both ways: the step needs a `stream`",
                "stream = { audio = { from = \"POOL\" }, until = { \"$.final\" = true } }",
            )];
        };
        let audio = stream.audio.unwrap_or_default();
        let field = audio.field.map(|_| {
            Problem::error(
                "stream.audio.field",
                "a message of a WebSocket has no fields",
                "leave it out, or say json = { audio = \"{{chunk.base64}}\" }",
            )
        });
        field
            .into_iter()
            .chain(check_audio_in_json(&audio))
            .collect()
    }
}

impl Bind for WebSocketSpec {
    type Binding = Binding;

    fn bind(&self, _: &StepOutline<'_>, _: &Path) -> (Option<Binding>, Vec<SpecError>) {
        match self.offer() {
            Ok(offer) => (Some(Binding(offer)), Vec::new()),
            Err(error) => (None, vec![error]),
        }
    }
}

impl ProtocolBinding for Binding {
    const KIND: StreamKind = StreamKind {
        key: "websocket",
        scheme: "ws",
        open_status: 101,
        has_handshake: true,
    };

    fn add_headers(&self, headers: &mut HeaderMap) {
        if let Some(protocols) = &self.0 {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, protocols.clone());
        }
    }
}

impl Connector for WebSocketConnector {
    type Connection = WebSocketConnection;

    fn new(clock: Clock, options: Arc<ConnectionOptions>) -> Self {
        Self { clock, options }
    }

    async fn open(
        &mut self,
        request: &StreamRequest,
    ) -> Result<Opened<WebSocketConnection>, Box<ExchangeError>> {
        WebSocketConnection::open(&request.request, &self.options, &self.clock).await
    }
}
