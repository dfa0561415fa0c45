//! The embedded target: a deterministic server to practise on, which counts and times what it does by itself.
//!
//! It shares no code with the client's side of any protocol, so that one misreading cannot cancel itself out.

mod connection;
mod deadline;
mod faults;
mod grpc;
mod health;
mod http;
mod key;
mod serve;
mod service;
mod spec;
mod stream;
mod supported_keys;
mod tally;
mod target;
mod testing;
mod websocket;
mod wire;
mod wyoming;

pub use faults::Faults;
pub use serve::serve;
pub use service::{ROUTES_OF_ALL, Service};
pub use spec::DemoSpec;
pub use stream::StreamSpec;
