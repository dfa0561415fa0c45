//! One session under way: its runs, phases and loads, and what is told while they go on.

mod control;
mod describe;
mod evidence;
mod guard;
mod loads;
mod progress;
mod running_session;
mod settings;
mod signals;
mod sweeping;
mod watch;

pub(crate) use control::Control;
pub(crate) use describe::describe;
pub(crate) use evidence::{finish, judge};
pub(crate) use loads::workers;
pub(crate) use progress::{Progress, RunEvent};
pub(crate) use running_session::RunningSession;
pub(crate) use settings::{Finished, Settings};
pub(crate) use signals::Signals;
