//! Sessions that were stored before.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::document::{ReadError, read};
use crate::summary::{SCHEMA, Summary, VERSION};

/// Why a stored session could not be read.
#[derive(Debug, Error)]
pub enum StoredError {
    /// Its document could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is a plan.
    #[error("`{}` is a plan, not a session: use `perfgate validate {}`, or `perfgate run` to make a session of it", .0.display(), .0.display())]
    Plan(PathBuf),
}

/// The session in a folder, or in its `summary.json`.
///
/// # Errors
/// When there is no readable summary, or the file is something else.
pub fn stored(path: &Path) -> Result<Summary, StoredError> {
    if path.extension().is_some_and(|extension| extension == "toml") {
        return Err(StoredError::Plan(path.to_owned()));
    }
    let file = if path.is_dir() { path.join("summary.json") } else { path.to_owned() };
    Ok(read(&file, SCHEMA, VERSION)?)
}
