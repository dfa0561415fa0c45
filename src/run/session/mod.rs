//! One session under way: its runs, phases and loads, and what is told while they go on.

mod bound_plan;
mod control;
mod describe;
mod evidence;
mod guard;
mod hooks;
mod loads;
mod on_failure;
mod phase_run;
mod progress;
mod running_session;
mod sample_file;
mod searching;
mod settings;
mod signals;
mod sweeping;
mod watch;
mod watched;

pub(crate) use bound_plan::BoundPlan;
pub(crate) use control::Control;
pub(crate) use describe::describe;
pub(crate) use evidence::{SessionEvidence, finish, judge};
pub(crate) use hooks::{HookPlace, HookRunner, PendingHooks};
pub(crate) use loads::workers;
pub(crate) use on_failure::{explain_error, explain_failure};
pub(crate) use progress::{Progress, RunEvent};
pub(crate) use running_session::RunningSession;
pub(crate) use settings::{Finished, Settings};
pub(crate) use signals::Signals;
