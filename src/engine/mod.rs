//! Carries schedules out: time, virtual users, budget, drain. Knows only the [`Vu`](crate::measure::Vu) trait.

mod budget;
mod busy;
mod closed_vu;
mod command;
mod load_state;
mod mailbox;
mod open_vu;
mod pacer;
mod report;
mod threads;
#[cfg(target_os = "linux")]
mod timer;
mod worker;

pub use budget::Budget;
pub use command::WorkerCommand;
pub use load_state::LoadShare;
pub use report::{WorkerReport, WorkerResult};
pub use threads::{VuFactory, Workers};
pub use worker::{WorkerOutbox, work};
