//! WebSockets (RFC 6455): a handshake over HTTP/1.1, then messages both ways.

mod failure;
mod handshake;
#[cfg(test)]
mod live_tests;
mod protocol;
mod spec;
mod stream;

pub use protocol::{Binding, STATUS_NAMES};
pub use spec::{Protocols, WebSocketSpec};
pub use stream::WebSocketConnection as Connection;
pub(crate) use {protocol::WebSocketConnector as Connector, spec::WebSocketSpec as Spec};
