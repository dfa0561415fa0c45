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

pub use ab_compare::{AbComparison, AbSide, ab_compare};
pub use error::RunError;
pub use execute::execute;
pub use once::{OnceEvent, run_once};
pub use reference::{Reference, ReferenceError};
pub use session::{Event, Finished, Progress, Settings, workers};
pub use sessions::{Repetition, SessionsFinished};
pub use side_by_side::SideBySide;
pub use store::{
    BelowError, CollectedSessions, EVIDENCE, SessionFiles, SessionFolder, StoredError, arrivals,
    newest, session_files, sessions_below, stored, write_reports,
};
