//! The spine: from a plan to a session's folder. Reads and writes every document.

mod ab_compare;
mod chronicle;
mod error;
mod execute;
mod once;
mod reference;
mod session;
mod sessions;
mod side_by_side;
mod store;

pub use ab_compare::{Duel, Side};
pub use chronicle::remember;
pub use error::RunError;
pub use execute::{Finished, Settings, execute};
pub use once::{Act, rehearse};
pub use reference::{Reference, ReferenceError};
pub use session::{Event, Progress, workers};
pub use sessions::{Done, Several};
pub use side_by_side::Lineup;
pub use store::{
    BelowError, Gathered, REPORTS, SessionFolder, StoredError, Surroundings, arrivals, newest,
    sessions_below, stored, write_reports,
};
