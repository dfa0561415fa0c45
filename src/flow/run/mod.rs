//! Runs a flow: one virtual user, and each kind of step.

mod client;
mod context;
mod describe;
mod exchange;
mod exchange_result;
mod exchange_step;
mod failure;
mod findings;
mod found;
mod interrupt;
mod iteration;
mod poll_step;
mod reply;
mod samples;
mod setup_step;
mod steps;
mod stream_step;
mod user;

pub use found::{Findings, Found};
pub use user::FlowUser;
