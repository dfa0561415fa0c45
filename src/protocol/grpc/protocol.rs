//! gRPC among the protocols.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::channel::Channels;
use super::codes::KIND;
use super::description::{MethodDescription, Sends, TAKES_ONE};
use super::method::GrpcMethod;
use super::reflection::reflect;
use super::spec::GrpcSpec;
use super::stream::GrpcStream;
use super::unary;
use crate::clock::{Clock, Tick};
use crate::diag::{Problem, Spanned};
use crate::protocol::binding::{ChunkEncoder, DescribeError, ProtocolBinding};
use crate::protocol::exchange::codec::Codec;
use crate::protocol::http::HttpSpec;
use crate::protocol::net::connector::Connector;
use crate::protocol::spec::{Bind, ProtocolSpec, StepOutline, StreamOutline};
use crate::protocol::{
    ConnectionOptions, ExchangeError, Opened, Reply, Request, RequestError, SpecError, StreamKind,
    StreamRequest, Transport,
};
use crate::units::Duration;

/// A compiled step that calls a method.
#[derive(Debug, Clone)]
pub struct Binding(MethodDescription);

/// Opens calls on connections that are kept.
#[derive(Debug)]
pub(crate) struct GrpcConnector {
    channels: Channels,
    clock: Clock,
    options: Arc<ConnectionOptions>,
}

impl ProtocolSpec for GrpcSpec {
    fn is_duplex(&self) -> bool {
        true
    }

    fn request(&self) -> Cow<'_, HttpSpec> {
        Cow::Owned(self.call())
    }

    fn encodes_audio(&self) -> bool {
        true
    }

    fn closes_sending(&self, _: &StreamOutline<'_>) -> bool {
        true
    }

    fn check(&self, step: &StepOutline<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let Some(stream) = &step.stream else {
            if self.message.is_none() {
                let help = "grpc.message = { … }, in protobuf JSON; or a `stream`";
                problems.push(Problem::error("grpc", "the call has no `message`", help));
            }
            return problems;
        };
        if self.message.is_some() && (!stream.open.is_empty() || stream.audio.is_some()) {
            problems.push(Problem::error(
                "grpc.message",
                "`message` is the one request of a call, and this stream sends its own",
                "move it to stream.open = { json = { … } }",
            ));
        }
        if let Some(audio) = &stream.audio {
            if audio.field.is_none() {
                let message = "over gRPC the audio is in a field of the message";
                problems.push(Problem::error(
                    "stream.audio",
                    message,
                    "field = \"audio_content\"",
                ));
            }
            if audio.json.is_some() {
                problems.push(Problem::error(
                    "stream.audio.json",
                    "over gRPC the audio is in a field of bytes",
                    "field = \"audio_content\"",
                ));
            }
        }
        for (key, message) in stream.messages() {
            if message.text.is_some() || message.binary.is_some() {
                problems.push(Problem::error(
                    format!("stream.{key}"),
                    "a message of gRPC is written as `json`, in the fields of its description",
                    "{ json = { config = { … } } }",
                ));
            }
        }
        problems
    }
}

impl Bind for GrpcSpec {
    type Binding = Binding;

    fn bind(&self, step: &StepOutline<'_>, folder: &Path) -> (Option<Binding>, Vec<SpecError>) {
        let described = match MethodDescription::of(self, folder) {
            Ok(described) => described,
            Err(error) => return (None, vec![error]),
        };
        let messages = self.messages(step.stream.as_ref());
        let several = step.stream.is_some_and(|stream| stream.sends_several());
        let mut errors = Vec::new();
        if let Some(method) = described.method() {
            errors.extend(misuse(step, several, method));
            for message in &messages {
                let misfits = method.misfits(message.get_ref()).into_iter();
                errors.extend(misfits.map(|misfit| SpecError::new(misfit, Some(message.span()))));
            }
        }
        let messages = messages
            .into_iter()
            .map(|message| message.get_ref().clone())
            .collect();
        let sends = if several { Sends::Several } else { Sends::One };
        (Some(Binding(described.saying(messages, sends))), errors)
    }
}

impl GrpcSpec {
    /// The messages of the step, as the plan has them.
    fn messages<'a>(&'a self, stream: Option<&StreamOutline<'a>>) -> Vec<&'a Spanned<Value>> {
        let sent = stream.into_iter().flat_map(StreamOutline::messages);
        let sent = sent.filter_map(|(_, message)| message.json.as_ref());
        self.message.iter().chain(sent).collect()
    }
}

/// Why the step cannot call the method.
fn misuse(step: &StepOutline<'_>, several: bool, method: &GrpcMethod) -> Option<SpecError> {
    let stream = step.stream.as_ref()?;
    if several && !method.takes_many() {
        return Some(SpecError::of_key(
            format!("this method {TAKES_ONE}"),
            "method",
        ));
    }
    let field = stream.audio?.field?;
    let error = method.field(field.get_ref()).err()?;
    Some(SpecError::new(error.to_string(), Some(field.span())))
}

impl Binding {
    fn method(&self) -> Result<&Arc<GrpcMethod>, RequestError> {
        let described = &self.0;
        described
            .method()
            .ok_or_else(|| RequestError(format!("{} is described nowhere", described.name)))
    }
}

impl ProtocolBinding for Binding {
    const KIND: StreamKind = KIND;

    fn codec(&self) -> Result<Option<Arc<dyn Codec>>, RequestError> {
        Ok(Some(Arc::clone(self.method()?) as Arc<dyn Codec>))
    }

    fn chunk_encoder(&self, field: Option<&str>) -> Result<Option<ChunkEncoder>, RequestError> {
        let Some(name) = field else { return Ok(None) };
        let field = self.method()?.field(name)?;
        Ok(Some(Box::new(move |chunk: &[u8]| -> Bytes {
            field.message(chunk)
        })))
    }

    fn is_described(&self) -> bool {
        self.0.method().is_some()
    }

    async fn describe<T: Transport>(
        &self,
        transport: &mut T,
        request: &Request,
        field: Option<&str>,
    ) -> Result<(), DescribeError> {
        let described = &self.0;
        if described.method().is_some() {
            return Ok(());
        }
        let pool = reflect(transport, request, &described.name).await?;
        described.learn(&pool).map_err(DescribeError::Unfit)?;
        if let Some(misfit) = described.misfit() {
            return Err(DescribeError::Unfit(misfit));
        }
        if let (Some(field), Some(method)) = (field, described.method()) {
            method.field(field)?;
        }
        Ok(())
    }

    async fn exchange<T: Transport>(
        &self,
        transport: &mut T,
        request: &Request,
        now: Tick,
        timeout: Duration,
    ) -> Result<Reply, Box<ExchangeError>> {
        let method = self
            .method()
            .map_err(|error| unary::unsendable(error, now))?;
        unary::call(transport, method, request, now, timeout).await
    }
}

impl Connector for GrpcConnector {
    type Connection = GrpcStream;

    fn new(clock: Clock, options: Arc<ConnectionOptions>) -> Self {
        Self {
            channels: Channels::default(),
            clock,
            options,
        }
    }

    async fn open(
        &mut self,
        request: &StreamRequest,
    ) -> Result<Opened<GrpcStream>, Box<ExchangeError>> {
        GrpcStream::open(request, &self.channels, &self.options, &self.clock)
            .await
            .map(Opened::Open)
    }

    fn close(&mut self) {
        self.channels.clear();
    }

    fn reconnects(&self) -> u64 {
        self.channels.reconnects()
    }
}
