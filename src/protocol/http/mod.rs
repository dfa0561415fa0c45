//! HTTP/1.1 on connections of our own: one VU, one open connection per origin, no pool.

mod body;
mod client;
mod compile;
mod connection;
mod error;
mod frames;
mod multipart;
mod reading;
mod spec;
mod template;
mod texts;
mod wire;
mod wiring;

#[cfg(test)]
mod live_tests;
#[cfg(test)]
mod stream_tests;

pub use client::Client;
pub use multipart::{Attached, Part, Parts};
pub use spec::{HttpSpec, SpecError, Surroundings};
pub use template::HttpTemplate;
pub use texts::{Text, Texts};
pub use wiring::{Connections, Wiring};
