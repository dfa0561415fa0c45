//! HTTP among the protocols: one request, one reply, whole or as a stream of messages.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use ::http::HeaderMap;

use super::spec::HttpSpec;
use crate::clock::Clock;
use crate::diag::Problem;
use crate::metric::ErrorClass;
use crate::protocol::binding::ProtocolBinding;
use crate::protocol::net::connector::Connector;
use crate::protocol::spec::{Bind, ProtocolSpec, StepOutline};
use crate::protocol::{
    ConnectionOptions, DuplexStream, ExchangeError, Failure, Frame, Opened, Reply, SpecError,
    StreamEvent, StreamKind, StreamRequest, Timing,
};

/// Statuses have numbers alone.
pub const STATUS_NAMES: &[&str] = &[];

/// A compiled step that exchanges over HTTP.
#[derive(Debug, Clone, Copy)]
pub struct Binding;

/// Opens nothing: HTTP has no streams on which both sides send messages.
#[derive(Debug)]
pub(crate) struct RequestOnly {
    clock: Clock,
}

/// A stream that is never open.
#[derive(Debug)]
pub enum NoStream {}

impl ProtocolSpec for HttpSpec {
    fn is_duplex(&self) -> bool {
        false
    }

    fn request(&self) -> Cow<'_, HttpSpec> {
        Cow::Borrowed(self)
    }

    fn check(&self, _: &StepOutline<'_>) -> Vec<Problem> {
        Vec::new()
    }
}

impl Bind for HttpSpec {
    type Binding = Binding;

    fn bind(&self, _: &StepOutline<'_>, _: &Path) -> (Option<Binding>, Vec<SpecError>) {
        (Some(Binding), Vec::new())
    }
}

impl ProtocolBinding for Binding {
    const KIND: StreamKind = StreamKind {
        key: "http",
        scheme: "http",
        open_status: 200,
        has_handshake: false,
    };
}

impl Connector for RequestOnly {
    type Connection = NoStream;

    fn new(clock: Clock, _: Arc<ConnectionOptions>) -> Self {
        Self { clock }
    }

    async fn open(&mut self, _: &StreamRequest) -> Result<Opened<NoStream>, Box<ExchangeError>> {
        let now = self.clock.now();
        Err(Box::new(ExchangeError {
            failure: Failure::new(
                ErrorClass::Protocol,
                "over HTTP only the target sends messages",
            ),
            timing: Timing {
                started: now,
                ended: now,
                ..Timing::default()
            },
        }))
    }
}

impl DuplexStream for NoStream {
    fn send(&mut self, _: Frame) {
        match *self {}
    }

    async fn next(&mut self) -> Result<StreamEvent, Failure> {
        match *self {}
    }

    fn head(&self) -> (u16, &HeaderMap) {
        match *self {}
    }

    fn reply(&self) -> Reply {
        match *self {}
    }

    async fn leave(self) {
        match self {}
    }
}
