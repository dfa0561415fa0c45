//! gRPC over HTTP/2: calls of every kind, to services that are described at run time.

mod channel;
mod codec;
mod codes;
mod description;
mod fit;
#[cfg(test)]
mod live_tests;
mod method;
mod pool;
mod proto_files;
mod protocol;
mod reflection;
mod reply_body;
mod request_queue;
mod spec;
mod stream;
mod unary;

pub use crate::select::GRPC_STATUS_NAMES as STATUS_NAMES;
pub use protocol::Binding;
pub use spec::{GrpcSpec, MethodName};
pub use stream::GrpcStream as Connection;
pub(crate) use {protocol::GrpcConnector as Connector, spec::GrpcSpec as Spec};
