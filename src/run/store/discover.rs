//! The sessions that a path means: itself, or all below it.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a folder could not be looked into.
#[derive(Debug, Error)]
#[error("cannot read `{}`: {source}", path.display())]
pub(crate) struct BelowError {
    pub(crate) path: PathBuf,
    #[source]
    pub(crate) source: std::io::Error,
}

/// A session's folder or file is itself; of another folder all sessions at any depth, by name. A link, such as the one to the
/// newest session, leads to what is found anyway.
pub(crate) fn sessions_below(path: &Path) -> Result<Vec<PathBuf>, BelowError> {
    if !path.is_dir() || path.join("summary.json").is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let listed = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<fs::DirEntry>, _>>);
    let entries = listed.map_err(|source| BelowError {
        path: path.to_owned(),
        source,
    })?;
    let folders = entries
        .iter()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut folders: Vec<PathBuf> = folders.map(fs::DirEntry::path).collect();
    folders.sort();
    let mut sessions = Vec::new();
    for folder in folders {
        sessions.extend(if folder.join("summary.json").is_file() {
            vec![folder]
        } else {
            sessions_below(&folder)?
        });
    }
    Ok(sessions)
}
