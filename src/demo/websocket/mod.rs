//! Services that speak WebSocket. What is theirs is a `Dialect`; one conversation serves all of them.

mod conversation;
pub(crate) mod deepgram;
mod dialect;
mod handshake;
pub(crate) mod realtime;
pub(crate) mod vosk;
pub(crate) mod whisperlive;
