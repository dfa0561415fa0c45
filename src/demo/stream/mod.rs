//! A stream: audio arrives, results go out by schedule. What is said when, whoever carries it, and what is noted of it.

mod kind;
mod odds;
mod pacing;
mod record;
mod roll;
mod row;
mod script;
mod seat;
mod session;
mod spec;

pub(super) use kind::Kind;
use odds::Odds;
pub(super) use roll::{Roll, worker_name};
pub(super) use script::{Script, Word};
pub(super) use seat::Seat;
pub(super) use session::{Segment, Session, Steps, Turn};
pub use spec::StreamSpec;
