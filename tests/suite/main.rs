//! The integration suite: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(
    unreachable_pub,
    reason = "modules of a test binary are reached from each other"
)]

mod ci;
mod cli;
mod diagnostics;
mod docs;
mod engine;
mod flow;
mod html;
mod layers;
mod nights;
mod plan_mutations;
mod rooms;
mod support;
mod terminal;
mod truth;
