//! Commands that a plan runs around its load: they scale a service, fetch an address, show a log.

mod capture;
mod process;
mod spec;

pub use process::{Hook, HookEnd, HookOutcome};
pub use spec::{HookCommand, HookSpec};
