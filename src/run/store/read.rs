//! Sessions that were stored before, and what other tools have measured.

use std::path::{Path, PathBuf};

use serde_json::Value;
use thiserror::Error;

use super::discover::is_session;
use crate::document::{ReadError, read, read_text};
use crate::import::{foreign_session, single_measurements};
use crate::summary::{SCHEMA, Summary, VERSION};

/// Why a stored session could not be read.
#[derive(Debug, Error)]
pub(crate) enum StoredError {
    /// Its document could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is a plan.
    #[error("`{}` is a plan, not a session: use `perfgate validate {}`, or `perfgate run` to make a session of it", .0.display(), .0.display())]
    Plan(PathBuf),
    /// A folder without a session in it.
    #[error("`{}` is no session: it has no summary.json{hint}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What may have been meant.
        hint: String,
    },
    /// k6 wrote single measurements into it.
    #[error("`{}` holds single measurements of k6 (`--out {output}`), not its summary: write one with `k6 run --summary-export FILE`, or in `handleSummary`", path.display())]
    Points {
        /// The file.
        path: PathBuf,
        /// The output of k6 that wrote it.
        output: &'static str,
    },
    /// It is JSON and nothing that is known.
    #[error("`{}` is neither a session of perfgate nor a summary of k6 or of streaming clients: expected a `summary.json`, or what k6 writes with `--summary-export FILE`, in `handleSummary` or with `--new-machine-readable-summary`", .0.display())]
    Unknown(PathBuf),
}

/// The session in a folder, in its `summary.json`, or in a summary of k6.
pub(crate) fn stored(path: &Path) -> Result<Summary, StoredError> {
    if path
        .extension()
        .is_some_and(|extension| extension == "toml")
    {
        return Err(StoredError::Plan(path.to_owned()));
    }
    if !is_session(path) {
        let shown = |name: &str| path.join(name).display().to_string();
        let hint = if path.join("latest/summary.json").is_file() {
            format!("; its newest session is `{}`", shown("latest"))
        } else if path.join("head/summary.json").is_file() {
            format!(
                "; it holds a comparison, whose sides are `{}` and `{}`",
                shown("base"),
                shown("head")
            )
        } else {
            String::new()
        };
        return Err(StoredError::Folder {
            path: path.to_owned(),
            hint,
        });
    }
    let file = if path.is_dir() {
        path.join("summary.json")
    } else {
        path.to_owned()
    };
    match read(&file, SCHEMA, VERSION) {
        Err(error @ (ReadError::Kind { .. } | ReadError::Shape { .. })) => {
            elsewhere(path, &file, error)
        }
        read => Ok(read?),
    }
}

/// What another tool has written, `error` where the file claims to be perfgate's or is no JSON at all.
fn elsewhere(path: &Path, file: &Path, error: ReadError) -> Result<Summary, StoredError> {
    let text = read_text(file).map_err(|source| ReadError::Io {
        path: file.to_owned(),
        source,
    })?;
    if let Some(output) = single_measurements(&text) {
        return Err(StoredError::Points {
            path: path.to_owned(),
            output,
        });
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(document) if document.get("schema").is_none() => {
            let name = path.display().to_string();
            foreign_session(&document, &name).ok_or_else(|| StoredError::Unknown(path.to_owned()))
        }
        _ => Err(error.into()),
    }
}
