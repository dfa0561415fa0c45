//! What WAV files are there, each measured, for people who put a pool together.

use std::path::{Path, PathBuf};

use super::error::AudioError;
use super::files;

/// The files that some paths lead to.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Those that can be read, path by path as they were given, each once.
    pub items: Vec<Item>,
    /// Why the others cannot be, and what was not found.
    pub unreadable: Vec<AudioError>,
}

/// One WAV file as it was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The file.
    pub path: PathBuf,
    /// The length of its samples.
    pub seconds: f64,
    /// Frames a second.
    pub sample_rate: u32,
    /// Samples a frame.
    pub channels: u16,
    /// Bits a sample.
    pub bits: u16,
    /// The size of the WAV in bytes.
    pub bytes: usize,
    /// `short`, `medium` or `long`.
    pub length_class: &'static str,
    /// Whether a text of its name stands beside it.
    pub has_text: bool,
}

impl Inventory {
    /// Looks at files, at what is right in folders, and at what patterns match.
    #[must_use]
    pub fn of(paths: &[String]) -> Self {
        let mut inventory = Self::default();
        for path in paths {
            let found = if Path::new(path).is_dir() {
                files::inside(Path::new(path))
            } else if Path::new(path).is_file() {
                // A name may hold what a pattern reads as a wildcard.
                files::find(&[glob::Pattern::escape(path)], Path::new(""))
            } else {
                files::find(std::slice::from_ref(path), Path::new(""))
            };
            match found {
                Ok(files) => files.into_iter().for_each(|file| inventory.add(file)),
                Err(AudioError::NoMatch { pattern, .. }) if !pattern.contains(['*', '?', '[']) => {
                    inventory
                        .unreadable
                        .push(AudioError::Missing { path: pattern });
                }
                // Here no plan says anything: the path is the reader's own, and nothing is relative to a plan.
                Err(AudioError::NoMatch { folder, .. }) => {
                    inventory.unreadable.push(AudioError::NoFiles { folder });
                }
                Err(error) => inventory.unreadable.push(error),
            }
        }
        inventory
    }

    fn add(&mut self, path: PathBuf) {
        if self.items.iter().any(|item| item.path == path) {
            return;
        }
        match files::read(&path) {
            Ok(clip) => self.items.push(Item {
                seconds: clip.seconds,
                sample_rate: clip.sample_rate,
                channels: clip.channels,
                bits: clip.bits,
                bytes: clip.wav.len(),
                length_class: clip.length_class(),
                has_text: text_of(&path).is_file(),
                path,
            }),
            Err(error) => self.unreadable.push(error),
        }
    }
}

/// Where the text of a recording stands: `a.txt` beside `a.wav` and beside `a.wav.b64`.
fn text_of(path: &Path) -> PathBuf {
    let encoded = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("b64"));
    let wav = if encoded {
        path.with_extension("")
    } else {
        path.to_path_buf()
    };
    wav.with_extension("txt")
}

#[cfg(test)]
mod tests {
    use super::super::synthesis::{ClipKind, synthesize};
    use super::*;

    #[test]
    fn files_folders_and_patterns_are_measured_once_each() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.wav"), synthesize(ClipKind::Tone, 0.5, 1, 0)).expect("write");
        std::fs::write(at("a.txt"), "hello").expect("write");
        std::fs::write(at("[b].wav"), synthesize(ClipKind::Tone, 3.0, 1, 0)).expect("write");
        std::fs::write(at("c.wav"), "no").expect("write");
        std::fs::create_dir(at("empty")).expect("a folder");
        let path = |name: &str| at(name).display().to_string();
        let all = Inventory::of(&[
            path("a.wav"),
            path(""),
            path("[b].wav"),
            path("*.wav"),
            path("empty"),
            path("d.wav"),
            path("none/*.wav"),
        ]);
        let seen: Vec<_> = all
            .items
            .iter()
            .map(|item| (item.seconds, item.length_class, item.has_text))
            .collect();
        assert_eq!(seen, [(0.5, "short", true), (3.0, "medium", false)]);
        let wrong: Vec<_> = all.unreadable.iter().map(ToString::to_string).collect();
        assert_eq!(
            wrong
                .iter()
                .filter(|why| why.contains("`c.wav` is not a WAV"))
                .count(),
            2,
            "{wrong:?}"
        );
        let nothing = format!("no WAV files found in `{}`", path("empty"));
        assert!(
            wrong
                .iter()
                .any(|why| why.contains(&nothing) && why.contains("perfgate audio make")),
            "{wrong:?}"
        );
        assert!(
            wrong
                .iter()
                .any(|why| why.contains(&format!("`{}` does not exist", path("d.wav")))),
            "{wrong:?}"
        );
        let nowhere = format!("no WAV files found in `{}`", path("none"));
        assert!(wrong.iter().any(|why| why.contains(&nowhere)), "{wrong:?}");
    }
}
