//! HTTP/1.1 and HTTP/2 on connections of our own: one VU, one open connection per origin, no pool.

mod auth;
pub(super) mod body;
mod client;
mod compile;
pub(super) mod connection;
mod decode;
pub(super) mod dial;
pub(super) mod error;
mod frame_scan;
mod frames;
mod insert;
mod jar;
pub(super) mod local;
mod multipart;
mod outgoing;
mod proxy;
mod reading;
mod redirect;
mod spec;
mod stream;
mod template;
mod texts;
mod tls;
mod tls_failure;
pub(super) mod wire;
mod wiring;

#[cfg(test)]
mod body_tests;
#[cfg(test)]
mod http2_tests;
#[cfg(test)]
mod live_tests;
#[cfg(test)]
mod routes_tests;
#[cfg(test)]
mod site;
#[cfg(test)]
mod stream_tests;
#[cfg(test)]
mod tls_tests;

pub use auth::Auth;
pub use client::Client;
pub use multipart::{Attached, Part, Parts};
pub use proxy::Proxy;
pub use spec::{HttpSpec, SpecError, Surroundings};
pub use template::HttpTemplate;
pub use texts::{Text, Texts};
pub use tls::{Tls, TlsFiles, TlsFlaw};
pub use wiring::{Connections, HttpVersion, Wiring};
