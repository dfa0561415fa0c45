//! Exchanges with a target over connections of our own, each moment of them noted by the clock.

mod attachment;
mod client;
mod dialogue;
mod failure;
mod framing;
pub mod grpc;
pub mod http;
mod message;
pub mod mock;
mod origin;
mod payload;
mod reply;
mod request;
mod say;
mod talk;
mod tap;
mod timing;
pub mod websocket;

pub use attachment::Attachment;
pub use client::{Client, Line};
pub use dialogue::{Dialogue, Said};
pub use failure::{Failed, Failure};
pub use framing::Framing;
pub use message::Message;
pub use origin::{Origin, OriginError, join};
pub use payload::Payload;
pub use reply::{Closing, DROPPED, Reply};
pub use request::{Exchange, Request};
pub use say::{Say, SaySpec};
pub use talk::{Call, Event, Frame, Manner, Opened, Talk, call};
pub use tap::{Heard, Tap};
pub use timing::Timing;
