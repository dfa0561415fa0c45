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

/// Whether a path is a session: its folder, or a file of it.
pub(crate) fn is_session(path: &Path) -> bool {
    !path.is_dir() || path.join("summary.json").is_file()
}

/// The folder of a session that was named by itself or by its summary.
pub(crate) fn session_folder(path: &Path) -> &Path {
    if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(Path::new(""))
    }
}

/// A session's folder or file is itself; of another folder all sessions at any depth, by name. A link, such as the one to the
/// newest session, leads to what is found anyway.
pub(crate) fn sessions_below(path: &Path) -> Result<Vec<PathBuf>, BelowError> {
    if is_session(path) {
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
