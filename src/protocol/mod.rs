//! Exchanges with a target over connections of our own, each moment of them noted by the clock.

mod failure;
pub mod http;
pub mod mock;
mod origin;
mod payload;
mod reply;
mod request;
mod timing;

pub use failure::{Failed, Failure};
pub use origin::{Origin, OriginError, join};
pub use payload::{Attachment, Payload};
pub use reply::Reply;
pub use request::{Exchange, Request};
pub use timing::Timing;
