//! Sessions on disk: finding, reading and writing their documents.

mod arrivals;
mod collect;
mod discover;
mod files;
mod folder;
mod past;
mod read;
mod reports;

pub(crate) use arrivals::arrivals;
pub(crate) use collect::CollectedSessions;
pub(crate) use collect::judgement;
pub(crate) use discover::{is_session, session_folder, sessions_below};
pub(crate) use files::SessionFiles;
pub(crate) use folder::{SessionFolder, newest};
pub(crate) use read::stored;
pub(crate) use reports::write_judgement;
pub(crate) use reports::{EVIDENCE, session_files, write_reports};
