//! A stream: audio arrives, results go out by schedule. What is said when, whoever carries it, and what is noted of it.

mod chance;
mod kind;
mod pacing;
mod record;
mod registry;
mod row;
mod script;
mod session;
mod slot;
mod spec;

pub(crate) use kind::StreamService;
pub(crate) use record::worker_name;
pub(crate) use registry::StreamRegistry;
pub(crate) use script::{Script, Word};
pub(crate) use session::{SessionStep, SpokenSegment, Steps, StreamSession, samples};
pub(crate) use slot::StreamSlot;
pub use spec::StreamSpec;
