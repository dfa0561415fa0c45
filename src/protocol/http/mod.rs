//! HTTP/1.1 and HTTP/2 on connections of our own: one VU, one open connection per origin, no pool.

mod auth;
pub(crate) mod body;
mod client;
mod compile;
pub(crate) mod connection;
mod decode;
mod file;
mod frames;
mod insert;
mod jar;
mod multipart;
mod outgoing;
mod protocol;
mod reading;
mod redirect;
mod spec;
mod template;
#[cfg(test)]
mod testing;
mod texts;

pub use auth::Auth;
pub use client::HttpClient;
pub use compile::RequestContext;
pub use multipart::{Attached, FormPart, Parts};
pub use protocol::{Binding, NoStream as Connection, STATUS_NAMES};
pub use spec::HttpSpec;
pub use template::HttpTemplate;
pub use texts::{MapText, TextMap};
pub(crate) use {protocol::RequestOnly as Connector, spec::HttpSpec as Spec};
