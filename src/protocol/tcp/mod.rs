//! Messages over a plain TCP connection: a line of JSON each, with counted bytes behind it.

mod framing;
mod protocol;
mod spec;
mod stream;

pub(crate) use protocol::{Binding, STATUS_NAMES};
pub(crate) use stream::TcpMessages as Connection;
pub(crate) use {protocol::TcpConnector as Connector, spec::TcpSpec as Spec};
