//! The Wyoming protocol: messages of JSON lines with counted payloads on a plain TCP connection.

mod connection;
mod message;

pub(crate) use connection::hold;
