//! Services that speak WebSocket. What is theirs is a `Dialect`; one conversation serves all of them.

mod conversation;
pub(super) mod deepgram;
mod dialect;
pub(super) mod realtime;
mod reception;
pub(super) mod vosk;
pub(super) mod whisperlive;
