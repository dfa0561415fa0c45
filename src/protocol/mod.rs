//! Exchanges with a target over connections of our own, each moment of them noted by the clock.
//! What all protocols share is in `exchange` and `net`; a protocol is a folder and its line in `registry`.

pub(crate) mod binding;
mod client;
pub(crate) mod exchange;
pub mod grpc;
pub mod http;
mod inspector;
mod message_template;
pub(crate) mod net;
mod registry;
pub(crate) mod spec;
mod table;
pub(crate) mod tcp;
pub mod testing;
pub mod websocket;

pub use binding::{ChunkEncoder, DescribeError};
pub use client::Client;
pub use exchange::attachment::Attachment;
pub use exchange::codec::Codec;
pub use exchange::duplex::{DuplexStream, Frame, Opened, StreamEvent, StreamKind, StreamRequest};
pub use exchange::failure::{ExchangeError, Failure, RequestError};
pub use exchange::framing::Framing;
pub use exchange::message::Message;
pub use exchange::origin::{Origin, OriginError, join};
pub use exchange::payload::Payload;
pub use exchange::reply::{Closing, DROPPED, Reply};
pub use exchange::request::Request;
pub use exchange::spec_error::SpecError;
pub use exchange::timing::Timing;
pub use exchange::transport::Transport;
pub use exchange::userinfo::has_userinfo;
pub use inspector::{ExchangeTrace, Inspector};
pub use message_template::{MessageSpec, MessageTemplate};
pub use net::http_version::HttpVersion;
pub use net::options::{ConnectionLifetime, ConnectionOptions};
pub use net::proxy::Proxy;
pub use net::tls::{Tls, TlsFiles, TlsFlaw};
pub(crate) use registry::with_protocols;
pub use registry::{PROTOCOLS, Protocol, is_secure};
pub use spec::{AudioOutline, Bind, ProtocolSpec, StepOutline, StreamOutline};
pub(crate) use table::status_names;
pub use table::{AnyStream, Binding};
