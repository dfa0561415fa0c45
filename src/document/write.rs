//! Writing a file so that a reader sees the old one or the new one, never half of it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use thiserror::Error;

use super::lines::Lines;

/// Why a document could not be written.
#[derive(Debug, Error)]
#[error("cannot write `{}`: {source}", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// Writes `document` as indented JSON with a final newline.
///
/// # Errors
/// When the folder is missing, full or read-only.
pub fn write<T: Serialize>(path: &Path, document: &T) -> Result<(), WriteError> {
    let fail = |source: io::Error| WriteError {
        path: path.to_owned(),
        source,
    };
    let mut text = serde_json::to_vec_pretty(document).map_err(|e| fail(e.into()))?;
    text.push(b'\n');
    replace(path, &text)
}

/// Writes `document` as JSON for people who read its diff: a list is one line.
///
/// # Errors
/// When the folder is missing, full or read-only.
pub fn write_lines<T: Serialize>(path: &Path, document: &T) -> Result<(), WriteError> {
    let mut text = Vec::new();
    document
        .serialize(&mut serde_json::Serializer::with_formatter(
            &mut text,
            Lines::default(),
        ))
        .map_err(|error| WriteError {
            path: path.to_owned(),
            source: error.into(),
        })?;
    text.push(b'\n');
    replace(path, &text)
}

/// Writes `content` beside `path` and renames it into place.
///
/// # Errors
/// When the folder is missing, full or read-only.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    let fail = |source: io::Error| WriteError {
        path: path.to_owned(),
        source,
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|source| {
            // What could not be finished must not be found later and be taken for a document.
            let _ = fs::remove_file(&beside);
            fail(source)
        })
}
