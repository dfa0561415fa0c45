//! What the clips of a pool say, as somebody wrote it down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::AudioError;

/// Where the texts of a pool are looked for.
pub(super) enum References {
    /// A text beside each file, or in another folder: `<stem>.txt`.
    Folder(Option<PathBuf>),
    /// One table: the name of the file, and its text.
    Table(PathBuf, BTreeMap<String, String>),
}

impl References {
    /// Reads what the plan names: a `.tsv` or `.csv` of file and text, or a folder; nothing is the files' own folder.
    pub(super) fn read(path: Option<&str>, folder: &Path) -> Result<Self, AudioError> {
        let Some(path) = path.map(|path| folder.join(path)) else {
            return Ok(Self::Folder(None));
        };
        let delimiter = match path.extension().and_then(|extension| extension.to_str()) {
            Some("tsv") => b'\t',
            Some("csv") => b',',
            _ if path.is_dir() => return Ok(Self::Folder(Some(path))),
            _ => {
                return Err(AudioError::References {
                    file: path,
                    reason: "it is no folder, .tsv or .csv".to_owned(),
                });
            }
        };
        let texts = table(&path, delimiter)?;
        Ok(Self::Table(path, texts))
    }

    /// The text of an audio file, where there is one.
    pub(super) fn of(&self, audio: &Path) -> Result<Option<String>, AudioError> {
        let name = audio.file_name().unwrap_or_default().to_string_lossy();
        let plain = name.strip_suffix(".b64").unwrap_or(&name);
        let stem = Path::new(plain)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        match self {
            Self::Table(_, texts) => Ok([&name, plain, &stem]
                .into_iter()
                .find_map(|key| texts.get(key))
                .cloned()),
            Self::Folder(folder) => {
                let folder = folder
                    .as_deref()
                    .or_else(|| audio.parent())
                    .unwrap_or(Path::new("."));
                let file = folder.join(format!("{stem}.txt"));
                match std::fs::read_to_string(&file) {
                    Ok(text) => Ok(Some(text.trim().to_owned())),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(reason) => Err(AudioError::Unreadable { file, reason }),
                }
            }
        }
    }

    /// An error where the plan names references and no clip has one: a table of other files.
    pub(super) fn require_any(&self, found: usize) -> Result<(), AudioError> {
        let file = match self {
            Self::Table(file, _) | Self::Folder(Some(file)) if found == 0 => file.clone(),
            _ => return Ok(()),
        };
        Err(AudioError::References {
            file,
            reason: "it has no text for any of the pool's files".to_owned(),
        })
    }
}

/// What a heading calls the file, and the text.
const FILE: [&str; 5] = ["file", "filename", "file_name", "path", "audio"];
const TEXT: [&str; 6] = [
    "text",
    "transcript",
    "transcription",
    "sentence",
    "reference",
    "words",
];

/// Which columns have the file and the text.
#[derive(Clone, Copy)]
struct Columns {
    file: usize,
    text: usize,
    /// Whether the first line is a heading.
    heading: bool,
}

impl Columns {
    /// By a heading where there is one; without it the table has these two and no others.
    fn of(first: &csv::StringRecord) -> Result<Self, String> {
        let names: Vec<String> = first
            .iter()
            .map(|cell| cell.trim().to_lowercase())
            .collect();
        let find = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        match (find(&FILE), find(&TEXT)) {
            (Some(file), Some(text)) => Ok(Self {
                file,
                text,
                heading: true,
            }),
            (Some(file), None) if names.len() == 2 => Ok(Self {
                file,
                text: 1 - file,
                heading: true,
            }),
            (Some(_), None) => Err(format!(
                "none of its columns {} is the text: call one `text`",
                names.join(", ")
            )),
            (None, _) if names.len() > 2 => Err(format!(
                "line 1 has {} columns and no heading that says which is which: begin with one, such as `file` and `text`",
                names.len()
            )),
            (None, _) => Ok(Self {
                file: 0,
                text: 1,
                heading: false,
            }),
        }
    }
}

fn table(path: &Path, delimiter: u8) -> Result<BTreeMap<String, String>, AudioError> {
    let wrong = |reason: String| AudioError::References {
        file: path.to_path_buf(),
        reason,
    };
    let mut rows = csv::ReaderBuilder::new();
    rows.delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .quoting(delimiter == b',');
    let mut texts = BTreeMap::new();
    let mut columns = None;
    for (nth, row) in rows
        .from_path(path)
        .map_err(|error| wrong(error.to_string()))?
        .records()
        .enumerate()
    {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let known = match columns {
            Some(known) => known,
            None => *columns.insert(Columns::of(&row).map_err(&wrong)?),
        };
        if nth == 0 && known.heading {
            continue;
        }
        let (Some(file), Some(text)) = (row.get(known.file), row.get(known.text)) else {
            return Err(wrong(format!(
                "line {} has no {} column with the text",
                nth + 1,
                if known.text == 1 {
                    "second".to_owned()
                } else {
                    format!("{}th", known.text + 1)
                }
            )));
        };
        let name = Path::new(file.trim())
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        texts.insert(name, text.trim().to_owned());
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::super::spec::PoolSpec;
    use super::super::synthesis::{ClipKind, synthesize};

    fn texts(files: &[(&str, &str)], plan: &str) -> Result<Vec<Option<String>>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let wav = synthesize(ClipKind::Tone, 0.1, 0, 0);
        for name in ["a.wav", "b.wav"] {
            std::fs::write(folder.path().join(name), &wav).expect(name);
        }
        for (name, text) in files {
            std::fs::create_dir_all(folder.path().join(name).parent().expect("a parent"))
                .expect(name);
            std::fs::write(folder.path().join(name), text).expect(name);
        }
        let spec: PoolSpec = toml::from_str(&format!("files = '*.wav'\n{plan}")).expect(plan);
        let pool = spec
            .load(folder.path(), 1)
            .map_err(|error| error.to_string())?;
        Ok(pool.clips.iter().map(|clip| clip.text.clone()).collect())
    }

    #[test]
    fn texts_are_found_beside_the_files_and_in_tables() {
        let some = |text: &str| Some(text.to_owned());
        for (files, plan, found) in [
            (vec![("a.txt", "hello\n")], "", vec![some("hello"), None]),
            (
                vec![("texts/a.txt", "x"), ("texts/b.txt", "y")],
                "references = 'texts'",
                vec![some("x"), some("y")],
            ),
            (
                vec![("t.tsv", "file\ttext\na.wav\tsay \"hi\"\nb\tbye\n")],
                "references = 't.tsv'",
                vec![some("say \"hi\""), some("bye")],
            ),
            (
                vec![("t.csv", "wavs/a.wav,\"one, two\"\nz.wav,x\n")],
                "references = 't.csv'",
                vec![some("one, two"), None],
            ),
            (
                vec![("t.tsv", "seconds\ttext\tkind\tfile\n7.1\thello\tx\ta.wav\n")],
                "references = 't.tsv'",
                vec![some("hello"), None],
            ),
        ] {
            assert_eq!(texts(&files, plan), Ok(found), "{plan}");
        }
    }

    #[test]
    fn references_that_help_nobody_are_errors() {
        for (files, plan, says) in [
            (vec![], "references = 'none.tsv'", "none.tsv"),
            (vec![], "references = 'none'", "no folder, .tsv or .csv"),
            (
                vec![("t.csv", "x.wav,hello")],
                "references = 't.csv'",
                "no text for any of the pool's files",
            ),
            (
                vec![("t.tsv", "a.wav hello")],
                "references = 't.tsv'",
                "line 1 has no second column",
            ),
            (
                vec![("t.tsv", "a.wav\t7.1\thello")],
                "references = 't.tsv'",
                "line 1 has 3 columns and no heading",
            ),
            (
                vec![("t.tsv", "file\tseconds\tkind\na.wav\t7.1\tx")],
                "references = 't.tsv'",
                "is the text: call one `text`",
            ),
        ] {
            let error = texts(&files, plan).expect_err(plan);
            assert!(error.contains(says), "{plan}: {error}");
        }
    }
}
