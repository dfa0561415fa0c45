//! The spine: from a plan to a session's folder. Reads and writes every document.

mod ab_compare;
mod error;
mod execute;
mod once;
mod prepare;
mod reference;
mod session;
mod sessions;
mod side_by_side;
mod store;

pub(crate) use ab_compare::{AbComparison, AbSide, ab_compare};
pub(crate) use error::RunError;
pub(crate) use once::{OnceEvent, run_once};
pub(crate) use reference::{Reference, ReferenceError};
pub(crate) use session::{Finished, Progress, RunEvent, Settings, workers};
pub(crate) use sessions::{Repetition, SessionsFinished};
pub(crate) use side_by_side::SideBySide;
pub(crate) use store::{
    CollectedSessions, EVIDENCE, SessionFiles, arrivals, is_session, newest, session_files,
    session_folder, sessions_below, stored, write_reports,
};
