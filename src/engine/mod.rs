//! Carries schedules out: time, virtual users, budget, drain. Knows only the [`Vu`](crate::measure::Vu) trait.

mod budget;
mod busy;
mod closed_vu;
mod command;
mod load_state;
mod mailbox;
mod open_load;
mod open_vu;
mod outbox;
mod pacer;
mod pulse;
mod report;
mod run_delay;
mod threads;
#[cfg(target_os = "linux")]
mod timer;
mod vu_pool;
mod wait;
mod worker;

pub use budget::Budget;
pub use command::WorkerCommand;
pub use load_state::LoadShare;
pub use outbox::WorkerOutbox;
pub use report::{WorkerReport, WorkerResult};
pub use threads::{VuFactory, Workers};
pub use worker::work;
