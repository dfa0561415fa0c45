//! The embedded target: a deterministic server to practise on, which counts and times what it does by itself.
//!
//! It shares no code with the client's side of any protocol, so that one misreading cannot cancel itself out.

mod connection;
mod control;
mod deadline;
mod faults;
mod grpc;
mod health;
mod http;
mod key;
pub(crate) mod model;
pub(crate) mod pressure;
mod serve;
mod service;
pub(crate) mod slots;
mod spec;
mod stream;
mod supported_keys;
mod tally;
mod target;
#[cfg(test)]
mod testing;
mod websocket;
mod wire;
mod wyoming;

pub use faults::Faults;
pub use serve::serve;
pub use service::{ROUTES_OF_ALL, Service};
pub use spec::DemoSpec;
pub use stream::StreamSpec;
