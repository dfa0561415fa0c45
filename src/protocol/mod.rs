//! Exchanges with a target over connections of our own, each moment of them noted by the clock.

mod attachment;
mod failure;
mod framing;
pub mod http;
mod message;
pub mod mock;
mod origin;
mod payload;
mod reply;
mod request;
mod tap;
mod timing;

pub use attachment::Attachment;
pub use failure::{Failed, Failure};
pub use framing::Framing;
pub use message::Message;
pub use origin::{Origin, OriginError, join};
pub use payload::Payload;
pub use reply::Reply;
pub use request::{Exchange, Request};
pub use tap::{Heard, Tap};
pub use timing::Timing;
