//! What is made of the registry: each protocol by its own types, without dynamic dispatch.

use std::sync::Arc;

use ::http::HeaderMap;

use super::binding::{ChunkEncoder, DescribeError, ProtocolBinding};
use super::exchange::codec::Codec;
use super::exchange::failure::RequestError;
use super::net::connector::Connector;
use super::{
    ConnectionOptions, DuplexStream, ExchangeError, Failure, Frame, Opened, Reply, Request,
    StreamEvent, StreamKind, StreamRequest, Transport,
};
use super::{grpc, http, tcp, websocket};
use crate::clock::{Clock, Tick};
use crate::units::Duration;

macro_rules! table {
    ($($(#[$doc:meta])* $key:ident => $Name:ident $schemes:tt,)*) => {
        /// The names of all statuses that have names.
        pub(crate) fn status_names() -> impl Iterator<Item = &'static str> {
            [$($key::STATUS_NAMES,)*].into_iter().flatten().copied()
        }

        /// The protocol of a compiled step.
        #[derive(Debug, Clone)]
        pub enum Binding {
            $($(#[$doc])* $Name($key::Binding),)*
        }

        /// A stream in one of the protocols.
        #[derive(Debug)]
        pub enum AnyStream {
            $($(#[$doc])* $Name(Box<$key::Connection>),)*
        }

        /// What opens streams, for one VU.
        #[derive(Debug)]
        pub(crate) struct Connectors {
            $($key: $key::Connector,)*
        }

        impl Binding {
            /// The streams that it opens.
            #[must_use]
            pub const fn kind(&self) -> StreamKind {
                match self { $(Self::$Name(_) => <$key::Binding as ProtocolBinding>::KIND,)* }
            }

            /// See [`ProtocolBinding::codec`].
            ///
            /// # Errors
            /// Says what is not known of the messages yet.
            pub fn codec(&self) -> Result<Option<Arc<dyn Codec>>, RequestError> {
                match self { $(Self::$Name(binding) => binding.codec(),)* }
            }

            /// See [`ProtocolBinding::chunk_encoder`].
            ///
            /// # Errors
            /// Says why the field takes no audio.
            pub fn chunk_encoder(&self, field: Option<&str>) -> Result<Option<ChunkEncoder>, RequestError> {
                match self { $(Self::$Name(binding) => binding.chunk_encoder(field),)* }
            }

            /// See [`ProtocolBinding::add_headers`].
            fn add_headers(&self, headers: &mut HeaderMap) {
                match self { $(Self::$Name(binding) => binding.add_headers(headers),)* }
            }

            /// What opens a stream of the step.
            ///
            /// # Errors
            /// Says what is not known of its messages yet.
            pub fn stream_request(&self, mut request: Request, deadline: Duration) -> Result<StreamRequest, RequestError> {
                self.add_headers(&mut request.headers);
                Ok(StreamRequest {
                    request,
                    kind: self.kind(),
                    codec: self.codec()?,
                    deadline,
                })
            }

            /// See [`ProtocolBinding::is_described`].
            #[must_use]
            pub fn is_described(&self) -> bool {
                match self { $(Self::$Name(binding) => binding.is_described(),)* }
            }

            /// See [`ProtocolBinding::describe`].
            ///
            /// # Errors
            /// Says why the messages are not known, or do not fit the plan.
            pub async fn describe<T: Transport>(
                &self,
                transport: &mut T,
                request: &Request,
                field: Option<&str>,
            ) -> Result<(), DescribeError> {
                match self { $(Self::$Name(binding) => binding.describe(transport, request, field).await,)* }
            }

            /// See [`ProtocolBinding::exchange`].
            ///
            /// # Errors
            /// What went wrong and how far it got.
            pub async fn exchange<T: Transport>(
                &self,
                transport: &mut T,
                request: &Request,
                now: Tick,
                timeout: Duration,
            ) -> Result<Reply, Box<ExchangeError>> {
                match self { $(Self::$Name(binding) => binding.exchange(transport, request, now, timeout).await,)* }
            }
        }

        impl Connectors {
            pub(crate) fn new(clock: &Clock, options: &Arc<ConnectionOptions>) -> Self {
                Self { $($key: $key::Connector::new(clock.clone(), Arc::clone(options)),)* }
            }

            pub(crate) async fn open(
                &mut self,
                request: &StreamRequest,
            ) -> Result<Opened<AnyStream>, Box<ExchangeError>> {
                match request.kind.key {
                    $(stringify!($key) => Ok(match self.$key.open(request).await? {
                        Opened::Open(stream) => Opened::Open(AnyStream::$Name(Box::new(stream))),
                        Opened::Refused(reply) => Opened::Refused(reply),
                    }),)*
                    other => unreachable!("`{other}` is a key of the table"),
                }
            }

            /// Closes the connections that are kept for the next stream.
            pub(crate) fn close(&mut self) {
                $(self.$key.close();)*
            }

            pub(crate) fn reconnects(&self) -> u64 {
                0 $(+ self.$key.reconnects())*
            }
        }

        impl DuplexStream for AnyStream {
            fn send(&mut self, frame: Frame) {
                match self { $(Self::$Name(stream) => stream.send(frame),)* }
            }

            async fn next(&mut self) -> Result<StreamEvent, Failure> {
                match self { $(Self::$Name(stream) => stream.next().await,)* }
            }

            fn head(&self) -> (u16, &HeaderMap) {
                match self { $(Self::$Name(stream) => stream.head(),)* }
            }

            fn reply(&self) -> Reply {
                match self { $(Self::$Name(stream) => stream.reply(),)* }
            }

            async fn leave(self) {
                match self { $(Self::$Name(stream) => stream.leave().await,)* }
            }
        }
    };
}
super::registry::with_protocols!(table);
