//! What all protocols share: requests and replies, streams, and the moments of both.

pub(crate) mod attachment;
pub(crate) mod charset;
pub(crate) mod codec;
pub(crate) mod duplex;
pub(crate) mod failure;
pub(crate) mod framing;
pub(crate) mod message;
pub(crate) mod origin;
pub(crate) mod payload;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod spec_error;
pub(crate) mod timing;
pub(crate) mod transport;
pub(crate) mod userinfo;
