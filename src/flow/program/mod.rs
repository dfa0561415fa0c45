//! A compiled flow: its steps, and the messages, names and tags that iterations fill in.

pub(crate) mod built_in;
pub(crate) mod clip;
pub(crate) mod flow;
pub(crate) mod op;
pub(crate) mod script;
pub(crate) mod setup;
pub(crate) mod step;
pub(crate) mod tags;
