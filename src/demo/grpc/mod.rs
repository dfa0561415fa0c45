//! Services that speak gRPC, from messages of their own. What is theirs is a `Talk`; one exchange serves all of them.

mod codec;
mod dialect;
mod exchange;
pub(crate) mod gateway;
mod gateway_messages;
mod method;
pub(crate) mod reflection;
pub(crate) mod riva;
mod riva_messages;
mod voice_turn;
