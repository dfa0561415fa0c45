//! Sessions on disk: finding, reading and writing their documents.

mod arrivals;
mod collect;
mod discover;
mod files;
mod folder;
mod past;
mod read;
mod reports;

pub use arrivals::arrivals;
pub use collect::CollectedSessions;
pub(crate) use collect::judgement;
pub use discover::{BelowError, sessions_below};
pub use files::SessionFiles;
pub use folder::{SessionFolder, newest};
pub use read::{StoredError, stored};
pub(crate) use reports::write_judgement;
pub use reports::{EVIDENCE, session_files, write_reports};
