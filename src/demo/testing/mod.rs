//! The target over real connections.

#[cfg(test)]
pub(crate) mod grpc_caller;
#[cfg(test)]
pub(crate) mod live;
#[cfg(test)]
pub(crate) mod live_grpc;
#[cfg(test)]
pub(crate) mod live_services;
#[cfg(test)]
pub(crate) mod live_stream_faults;
#[cfg(test)]
pub(crate) mod live_streams;
