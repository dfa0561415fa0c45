//! Reading a document whose first key says what it is.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use thiserror::Error;

use super::text::read_text;

/// Why a document could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file is missing or unreadable.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is empty.
    #[error("`{}` is empty", .0.display())]
    Empty(PathBuf),
    /// The file is not JSON, or not of the shape its schema promises.
    #[error("`{}` is not a {kind} document in JSON: {source}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        kind: String,
        /// What the reader said, with line and column.
        #[source]
        source: serde_json::Error,
    },
    /// The file says it is something else.
    #[error("`{}` is a {found}, not a {kind}", path.display())]
    Kind {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        kind: String,
        /// What its `schema` says.
        found: String,
    },
    /// The file was written by a newer perfgate.
    #[error("`{}` has version {found} of its format, this perfgate reads up to {known}: use a newer perfgate", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its major version.
        found: u32,
        /// The newest known one.
        known: u32,
    },
}

/// Reads the document at `path` whose `schema` must be `kind/major` with a major version up to `known`.
///
/// # Errors
/// When the file is unreadable, of another kind, newer than `known`, or not of its own shape.
pub fn read<T: DeserializeOwned>(path: &Path, kind: &str, known: u32) -> Result<T, ReadError> {
    let text = read_text(path).map_err(|source| ReadError::Io {
        path: path.to_owned(),
        source,
    })?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty(path.to_owned()));
    }
    let shape = |source| ReadError::Shape {
        path: path.to_owned(),
        kind: kind.to_owned(),
        source,
    };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(shape)?;
    let schema = value
        .get("schema")
        .and_then(serde_json::Value::as_str)
        .unwrap_or("file without `schema`");
    let (name, major) = schema.split_once('/').unwrap_or((schema, "0"));
    if name != kind {
        return Err(ReadError::Kind {
            path: path.to_owned(),
            kind: kind.to_owned(),
            found: schema.to_owned(),
        });
    }
    let found = major
        .split('.')
        .next()
        .and_then(|m| m.parse().ok())
        .unwrap_or(u32::MAX);
    if found > known {
        return Err(ReadError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    // Parsed again from the text, so that an error names line and column.
    serde_json::from_str(&text).map_err(shape)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[derive(Debug, serde::Serialize, serde::Deserialize, PartialEq)]
    struct Doc {
        schema: String,
        value: u32,
    }

    #[test]
    fn what_is_written_is_read_and_what_is_newer_or_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("doc.json");
        let doc = Doc {
            schema: "perfgate.doc/1".to_owned(),
            value: 3,
        };
        super::super::write(&path, &doc).unwrap();
        assert_eq!(read::<Doc>(&path, "perfgate.doc", 1).unwrap(), doc);
        assert!(matches!(
            read::<Doc>(&path, "perfgate.other", 1),
            Err(ReadError::Kind { .. })
        ));
        super::super::write(
            &path,
            &Doc {
                schema: "perfgate.doc/2".to_owned(),
                value: 3,
            },
        )
        .unwrap();
        assert!(matches!(
            read::<Doc>(&path, "perfgate.doc", 1),
            Err(ReadError::Newer { found: 2, .. })
        ));
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no half-written file stays"
        );
    }

    #[test]
    fn an_unwritable_place_is_an_error_that_names_it() {
        let error = super::super::write(Path::new("/nonexistent/doc.json"), &1).unwrap_err();
        assert!(
            error.to_string().contains("/nonexistent/doc.json"),
            "{error}"
        );
    }
}
