//! The file of a history: JSON lines to which sessions are added, and from which nothing is ever taken.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::error::Category;
use thiserror::Error;

use super::entry::{HistoryEntry, SCHEMA, VERSION};
use crate::document::{WriteError, replace};

/// A history as its file has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Every session, in the order of the file.
    pub lines: Vec<HistoryEntry>,
    /// Numbers, from 1, of lines that end in their middle: a full disk or a kill. They are passed over.
    pub cut_off: Vec<usize>,
}

/// Why a history cannot be used.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// The file is unreadable.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A line is no session.
    #[error("`{}` line {line} is no session of a history: {source}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the reader said.
        #[source]
        source: serde_json::Error,
    },
    /// A line says it is something else.
    #[error("`{}` line {line} is a {found}, not a {SCHEMA}", path.display())]
    Kind {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What its `schema` says.
        found: String,
    },
    /// A line was written by a newer perfgate.
    #[error("`{}` line {line} has version {found} of its format, this perfgate reads up to {VERSION}: use a newer perfgate", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Its major version.
        found: u32,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// What the first key of a line says.
#[derive(Deserialize)]
struct LineHeader {
    #[serde(default)]
    schema: String,
}

impl History {
    /// Reads a file; one that is not there is a history without sessions.
    ///
    /// # Errors
    /// When it is unreadable, or a line is whole and no session of a history.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        // A device or a pipe has no end.
        let odd = fs::metadata(path).is_ok_and(|found| !found.is_file());
        let read = if odd {
            Err(io::Error::other("it is no ordinary file"))
        } else {
            fs::read(path)
        };
        match read {
            Ok(bytes) => Self::parse(path, &bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(HistoryError::Io {
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self, HistoryError> {
        let mut history = Self::default();
        for (at, text) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let number = at + 1;
            if text.trim_ascii().is_empty() {
                continue;
            }
            match line(path, number, text) {
                Ok(line) => history.lines.push(line),
                Err(HistoryError::Shape { source, .. }) if source.classify() == Category::Eof => {
                    history.cut_off.push(number);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(history)
    }

    /// Whether a session is in it.
    #[must_use]
    pub fn has(&self, session: &str, started: &str) -> bool {
        self.lines.iter().any(|line| line.is(session, started))
    }

    /// Adds a session to the file, whose folder is made where it is missing. Nothing happens where it is there already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn append(&mut self, path: &Path, line: HistoryEntry) -> Result<(), HistoryError> {
        if !self.has(&line.session, &line.started) {
            appended(path, &line).map_err(|source| WriteError {
                path: path.to_owned(),
                source,
            })?;
            self.lines.push(line);
        }
        Ok(())
    }

    /// Writes these sessions in place of what the file holds, whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(path: &Path, lines: &[HistoryEntry]) -> Result<(), HistoryError> {
        let fail = |source: io::Error| WriteError {
            path: path.to_owned(),
            source,
        };
        make_folder(path).map_err(fail)?;
        let mut text = Vec::new();
        for line in lines {
            text.extend(bytes(line).map_err(fail)?);
        }
        Ok(replace(path, &text)?)
    }

    /// What is to be said about lines that are passed over.
    #[must_use]
    pub fn gaps(&self, path: &Path) -> Option<String> {
        let numbers: Vec<String> = self.cut_off.iter().map(ToString::to_string).collect();
        let (lines, are) = if numbers.len() == 1 {
            ("line", "is")
        } else {
            ("lines", "are")
        };
        let said = || {
            format!(
                "`{}`: {lines} {} {are} cut off and passed over",
                path.display(),
                numbers.join(", ")
            )
        };
        (!numbers.is_empty()).then(said)
    }
}

fn line(path: &Path, number: usize, text: &[u8]) -> Result<HistoryEntry, HistoryError> {
    let shape = |source| HistoryError::Shape {
        path: path.to_owned(),
        line: number,
        source,
    };
    let LineHeader { schema } = serde_json::from_slice(text).map_err(shape)?;
    let (name, major) = schema.split_once('/').unwrap_or((&schema, "0"));
    if name != SCHEMA {
        let found = if schema.is_empty() {
            "line without `schema`".to_owned()
        } else {
            schema
        };
        return Err(HistoryError::Kind {
            path: path.to_owned(),
            line: number,
            found,
        });
    }
    let found = major
        .split('.')
        .next()
        .and_then(|major| major.parse().ok())
        .unwrap_or(u32::MAX);
    if found > VERSION {
        return Err(HistoryError::Newer {
            path: path.to_owned(),
            line: number,
            found,
        });
    }
    serde_json::from_slice(text).map_err(shape)
}

fn appended(path: &Path, line: &HistoryEntry) -> io::Result<()> {
    make_folder(path)?;
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(path)?;
    let mut text = Vec::new();
    // A line that was cut off must not swallow the next one.
    if file.seek(SeekFrom::End(0))? > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            text.push(b'\n');
        }
    }
    text.extend(bytes(line)?);
    file.write_all(&text)?;
    file.sync_all()
}

fn bytes(line: &HistoryEntry) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    Ok(text)
}

fn make_folder(path: &Path) -> io::Result<()> {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or(Ok(()), fs::create_dir_all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{ExitCode, Overall};
    use crate::summary::Summary;

    fn session(name: &str) -> HistoryEntry {
        let summary = Summary {
            session: name.to_owned(),
            started: name.to_owned(),
            ..Summary::empty("nightly")
        };
        HistoryEntry::of(&summary, Overall::Pass, ExitCode::Success, None)
    }

    #[test]
    fn a_session_is_added_once_and_a_line_cut_off_spoils_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history/nightly.jsonl");
        let mut history = History::open(&path).unwrap();
        for name in ["1", "2", "1"] {
            history.append(&path, session(name)).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
        assert_eq!(History::open(&path).unwrap(), history);
        let whole = fs::read(&path).unwrap();
        for end in [whole.len() - 2, whole.len() - 30, whole.len() / 2 + 1] {
            fs::write(&path, &whole[..end]).unwrap();
            let mut history = History::open(&path).unwrap();
            assert_eq!((history.lines.len(), &history.cut_off[..]), (1, &[2][..]));
            history.append(&path, session("3")).unwrap();
            let after = History::open(&path).unwrap();
            assert!(
                after == history && after.has("3", "3") && after.cut_off == [2],
                "{after:?}"
            );
            assert!(
                after
                    .gaps(&path)
                    .unwrap()
                    .ends_with("line 2 is cut off and passed over")
            );
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(
            History::open(&path).unwrap().lines.len(),
            2,
            "only its end of line is missing"
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nightly.jsonl");
        History::write(&path, &[session("1")]).unwrap();
        let good = fs::read_to_string(&path).unwrap();
        for (wrong, said) in [
            ("{\"schema\": 1}", "line 2 is no session of a history"),
            (
                "{\"schema\": \"perfgate.history/1\"}",
                "line 2 is no session of a history: missing field `plan`",
            ),
            ("{}", "line 2 is a line without `schema`"),
            (
                "{\"schema\": \"perfgate.summary/1\"}",
                "line 2 is a perfgate.summary/1",
            ),
            (
                "{\"schema\": \"perfgate.history/2\"}",
                "line 2 has version 2 of its format",
            ),
            ("nonsense", "line 2 is no session"),
        ] {
            let text = format!("{good}{wrong}\n{good}");
            fs::write(&path, &text).unwrap();
            let error = History::open(&path).unwrap_err().to_string();
            assert!(
                error.contains("nightly.jsonl` ") && error.contains(said),
                "{error}"
            );
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
}
