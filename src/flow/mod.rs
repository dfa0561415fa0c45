//! What one iteration does: steps in order over protocol connections, with captured values. Implements the virtual user.

mod compile;
mod job;
mod message;
mod names;
mod poll;
mod single;
mod spec;
mod step;
mod user;

pub use compile::{Flow, FlowError, Scene};
pub use poll::PollSpec;
pub use spec::{Capture, StepSpec};
pub use user::FlowUser;
