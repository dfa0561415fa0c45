//! The target over real connections.

pub(crate) mod grpc_caller;
pub(crate) mod live;
mod live_faults;
pub(crate) mod live_grpc;
mod live_grpc_faults;
pub(crate) mod live_services;
pub(crate) mod live_stream_faults;
pub(crate) mod live_streams;
mod live_streams_apis;
