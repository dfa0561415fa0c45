//! The files a plan was read from, laid one behind the other, so that one offset names a file and a place in it.

use std::path::{Path, PathBuf};

/// A byte range in the sources of a plan, see [`Sources`].
pub type Span = std::ops::Range<usize>;

/// The text of every file of a plan. A span of the second file is counted from the end of the first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

#[derive(Debug, Clone)]
struct SourceFile {
    path: PathBuf,
    text: String,
    start: usize,
}

/// Where a span is: its file, and its first line and column, both counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file as it was named.
    pub path: &'a Path,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Sources {
    /// Adds a file and returns the offset that its spans are to be shifted by.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> usize {
        let start = self
            .files
            .last()
            .map_or(0, |last| last.start + last.text.len() + 1);
        self.files.push(SourceFile {
            path: path.into(),
            text: text.into(),
            start,
        });
        start
    }

    /// The place of a span's first byte. `None` where no file was added.
    #[must_use]
    pub fn place(&self, span: &Span) -> Option<Place<'_>> {
        let (file, local) = self.locate(span)?;
        let before = &file.text[..local.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some(Place {
            path: &file.path,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        })
    }

    /// The file a span lies in: its path, text, and the span within it.
    pub(super) fn slice(&self, span: &Span) -> Option<(&Path, &str, Span)> {
        self.locate(span)
            .map(|(file, local)| (file.path.as_path(), file.text.as_str(), local))
    }

    /// The files, in the order they were read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files
            .iter()
            .map(|file| file.path.as_path())
            .filter(|path| *path != Path::new("--set"))
    }

    /// Covers what nobody may see with as many bytes, so that spans stay what they are.
    pub fn cover(&mut self, cover: impl Fn(&str) -> String) {
        for file in &mut self.files {
            let covered = cover(&file.text);
            debug_assert_eq!(covered.len(), file.text.len());
            if covered.len() == file.text.len() {
                file.text = covered;
            }
        }
    }

    /// What stands at a span.
    #[must_use]
    pub fn text(&self, span: &Span) -> Option<&str> {
        self.locate(span).map(|(file, local)| &file.text[local])
    }

    /// The folder of the file that a span lies in: what relative paths start from.
    #[must_use]
    pub fn folder(&self, span: &Span) -> &Path {
        let path = self
            .locate(span)
            .map_or(Path::new("."), |(file, _)| &file.path);
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn locate(&self, span: &Span) -> Option<(&SourceFile, Span)> {
        let file = self
            .files
            .iter()
            .rev()
            .find(|file| file.start <= span.start)?;
        let inside = |at: usize| {
            let mut at = at.saturating_sub(file.start).min(file.text.len());
            while !file.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        Some((file, inside(span.start)..inside(span.end.max(span.start))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_offset_names_file_line_and_column() {
        let mut sources = Sources::default();
        assert_eq!(sources.add("a.toml", "x = 1\ny = 2\n"), 0);
        let second = sources.add("dir/b.toml", "ä = 3\nz = 4");
        let place = sources.place(&(6..7)).expect("in a");
        assert_eq!(
            (place.path, place.line, place.column),
            (Path::new("a.toml"), 2, 1)
        );
        let place = sources.place(&(second + 3..second + 4)).expect("in b");
        assert_eq!(
            (place.path, place.line, place.column),
            (Path::new("dir/b.toml"), 1, 3)
        );
        assert_eq!(sources.folder(&(second..second)), Path::new("dir"));
    }
}
