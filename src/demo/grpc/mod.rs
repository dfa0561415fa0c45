//! Services that speak gRPC, from messages of their own. What is theirs is a `Talk`; one exchange serves all of them.

mod codec;
mod exchange;
pub(super) mod gateway;
mod gateway_messages;
mod method;
pub(super) mod reflection;
pub(super) mod riva;
mod riva_messages;
mod talk;
mod voice_turn;
