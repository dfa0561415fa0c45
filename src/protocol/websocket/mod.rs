//! WebSockets (RFC 6455): a handshake over HTTP/1.1, then messages both ways.

mod failure;
mod line;
#[cfg(test)]
mod live_tests;
mod spec;

pub use line::Line;
pub use spec::{Protocols, WebSocketSpec};
