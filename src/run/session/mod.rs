//! One session under way: its runs, phases and loads, and what is told while they go on.

mod describe;
mod guard;
mod loads;
mod progress;
mod session;
mod signals;
mod watch;

pub(crate) use describe::describe;
pub use loads::workers;
pub use progress::{Event, Progress};
pub(crate) use session::{Session, judged};
pub(crate) use signals::Signals;
