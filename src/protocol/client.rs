//! The connections of one VU, whatever is spoken on them.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::http::HttpClient;
use super::table::{AnyStream, Connectors};
use super::{
    ConnectionLifetime, ConnectionOptions, ExchangeError, Framing, Message, Opened, Reply, Request,
    StreamRequest, Transport,
};
use crate::clock::Clock;

/// Requests and streams in every protocol, for one VU.
#[derive(Debug)]
pub struct Client {
    requests: HttpClient,
    streams: Connectors,
    options: Arc<ConnectionOptions>,
}

impl Client {
    /// A client without connections, timed by `clock`.
    #[must_use]
    pub fn new(clock: Clock, options: Arc<ConnectionOptions>) -> Self {
        Self {
            requests: HttpClient::new(clock.clone(), Arc::clone(&options)),
            streams: Connectors::new(&clock, &options),
            options,
        }
    }
}

impl Transport for Client {
    type Stream = AnyStream;

    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<ExchangeError>> {
        self.requests.exchange(request).await
    }

    async fn stream(
        &mut self,
        request: &Request,
        framing: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> Result<Reply, Box<ExchangeError>> {
        self.requests.stream(request, framing, each).await
    }

    async fn open_stream(
        &mut self,
        request: &StreamRequest,
    ) -> Result<Opened<AnyStream>, Box<ExchangeError>> {
        self.streams.open(request).await
    }

    fn begin_iteration(&mut self) {
        if self.options.connections == ConnectionLifetime::PerIteration {
            self.streams.close();
        }
        self.requests.begin_iteration();
    }

    fn has_reply_started(&self) -> bool {
        self.requests.has_reply_started()
    }

    fn reconnects(&self) -> u64 {
        self.requests.reconnects() + self.streams.reconnects()
    }
}
