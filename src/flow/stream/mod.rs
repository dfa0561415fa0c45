//! The state of one stream: what is sent when, and what has come.

pub(crate) mod coverage;
pub(crate) mod driver;
pub(crate) mod measured;
pub(crate) mod message;
pub(crate) mod state;
