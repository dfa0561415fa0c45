//! Messages over TCP among the protocols.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::framing::encode;
use super::spec::TcpSpec;
use super::stream::TcpMessages;
use crate::clock::Clock;
use crate::diag::Problem;
use crate::protocol::binding::{ChunkEncoder, ProtocolBinding};
use crate::protocol::http::HttpSpec;
use crate::protocol::net::connector::Connector;
use crate::protocol::spec::{Bind, ProtocolSpec, StepOutline};
use crate::protocol::{
    ConnectionOptions, ExchangeError, Opened, RequestError, SpecError, StreamKind, StreamRequest,
};

/// There are no statuses.
pub(crate) const STATUS_NAMES: &[&str] = &[];

/// A compiled step over TCP, with what stands before the bytes of a chunk of audio.
#[derive(Debug, Clone)]
pub struct Binding {
    audio: Option<Arc<Map<String, Value>>>,
}

/// Opens connections, one for each stream.
#[derive(Debug)]
pub(crate) struct TcpConnector {
    clock: Clock,
    options: Arc<ConnectionOptions>,
}

impl ProtocolSpec for TcpSpec {
    fn is_duplex(&self) -> bool {
        true
    }

    fn request(&self) -> Cow<'_, HttpSpec> {
        Cow::Owned(self.address())
    }

    fn encodes_audio(&self) -> bool {
        true
    }

    fn check(&self, step: &StepOutline<'_>) -> Vec<Problem> {
        const HELP: &str =
            "json = { type = \"audio-chunk\", data = { rate = 16000, width = 2, channels = 1 } }";
        let Some(stream) = &step.stream else {
            return vec![Problem::error(
                "tcp",
                "over TCP many messages go both ways: the step needs a `stream`",
                "stream = { open = { json = { type = \"describe\" } }, until = { \"$.type\" = \"info\" } }",
            )];
        };
        let Some(audio) = &stream.audio else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        if audio.field.is_some() {
            let message = "over TCP the audio follows a line of JSON";
            problems.push(Problem::error("stream.audio.field", message, HELP));
        }
        match audio.json.map(toml::Spanned::get_ref) {
            Some(Value::Object(_)) => {}
            Some(_) => problems.push(Problem::error(
                "stream.audio.json",
                "the line before the audio is a table",
                HELP,
            )),
            None => problems.push(Problem::error(
                "stream.audio",
                "over TCP a chunk of audio follows a line of JSON, and there is none",
                HELP,
            )),
        }
        problems
    }
}

impl Bind for TcpSpec {
    type Binding = Binding;

    fn bind(&self, step: &StepOutline<'_>, _: &Path) -> (Option<Binding>, Vec<SpecError>) {
        let json = step.stream.and_then(|stream| stream.audio?.json);
        let audio = json.and_then(|json| json.get_ref().as_object().cloned());
        let audio = audio.map(Arc::new);
        (Some(Binding { audio }), Vec::new())
    }
}

impl ProtocolBinding for Binding {
    const KIND: StreamKind = StreamKind {
        key: "tcp",
        scheme: "tcp",
        open_status: 0,
        has_handshake: false,
    };

    fn chunk_encoder(&self, _: Option<&str>) -> Result<Option<ChunkEncoder>, RequestError> {
        let Some(header) = self.audio.clone() else {
            return Ok(None);
        };
        Ok(Some(Box::new(move |chunk: &[u8]| -> Bytes {
            encode(&header, chunk)
        })))
    }
}

impl Connector for TcpConnector {
    type Connection = TcpMessages;

    fn new(clock: Clock, options: Arc<ConnectionOptions>) -> Self {
        Self { clock, options }
    }

    async fn open(
        &mut self,
        request: &StreamRequest,
    ) -> Result<Opened<TcpMessages>, Box<ExchangeError>> {
        TcpMessages::open(&request.request, &self.options, &self.clock)
            .await
            .map(Opened::Open)
    }
}
