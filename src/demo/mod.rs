//! The embedded target: a deterministic server to practise on, which counts and times what it does by itself.
//!
//! It shares no code with the client's side of any protocol, so that one misreading cannot cancel itself out.

mod alarm;
mod attend;
mod call;
mod chat;
mod faults;
mod grpc;
#[cfg(test)]
mod grpc_caller;
mod health;
mod heeded;
mod jobs;
mod key;
mod line;
#[cfg(test)]
mod live;
#[cfg(test)]
mod live_grpc;
#[cfg(test)]
mod live_services;
#[cfg(test)]
mod live_stream_faults;
#[cfg(test)]
mod live_streams;
mod login;
mod model;
mod pieces;
mod pressure;
mod routes;
mod serve;
mod service;
mod sessions;
mod slots;
mod spec;
mod speech;
mod stream;
mod submit;
mod tally;
mod target;
mod transcribe;
mod trickle;
mod upload;
mod wav;
mod websocket;
mod wire;

pub use faults::Faults;
pub use serve::serve;
pub use service::{ROUTES_OF_ALL, Service};
pub use spec::DemoSpec;
pub use stream::StreamSpec;
