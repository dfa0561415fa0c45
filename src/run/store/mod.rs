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
pub use collect::Gathered;
pub(crate) use collect::judgement;
pub use discover::{BelowError, sessions_below};
pub use files::Surroundings;
pub use folder::{SessionFolder, newest};
pub use read::{StoredError, stored};
pub(crate) use reports::write_judgement;
pub use reports::{REPORTS, write_reports};
