//! The spine: from a plan to a session's folder. Reads and writes every document.

mod arrivals;
mod below;
mod chronicle;
mod describe;
mod duel;
mod error;
mod execute;
mod folder;
mod gather;
mod guard;
mod loads;
mod progress;
mod reference;
mod rehearse;
mod rendered;
mod session;
mod several;
mod signals;
mod stored;
mod watch;

pub use arrivals::arrivals;
pub use below::{BelowError, sessions_below};
pub use chronicle::remember;
pub use duel::{Duel, Side};
pub use error::RunError;
pub use execute::{Finished, Settings, execute};
pub use folder::{SessionFolder, newest};
pub use gather::Gathered;
pub use loads::workers;
pub use progress::{Event, Progress};
pub use reference::{Reference, ReferenceError};
pub use rehearse::{Act, rehearse};
pub use rendered::{REPORTS, write_reports};
pub use several::{Done, Several};
pub use stored::{StoredError, stored};
