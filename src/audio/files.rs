//! Finding and reading the files of a pool.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::clip::Clip;
use super::error::{AudioError, ffmpeg};

/// The `.wav` and `.wav.b64` files that the patterns name, each once, in the order of their paths.
pub(super) fn find(patterns: &[String], folder: &Path) -> Result<Vec<PathBuf>, AudioError> {
    let mut all = Vec::new();
    for pattern in patterns {
        let matched = matches(pattern, folder)?;
        let Some(first) = matched.first() else {
            let whole = folder.join(pattern);
            return Err(match whole.is_dir() {
                true => AudioError::Folder {
                    pattern: pattern.clone(),
                },
                false => no_match(pattern, searched(&whole)),
            });
        };
        // A pattern may well cover the transcripts beside the audio, but not them alone.
        if !matched.iter().any(|path| is_audio(path)) {
            return Err(AudioError::NotWav {
                file: first.display().to_string(),
                reason: "its name ends neither in .wav nor in .wav.b64".to_owned(),
                command: ffmpeg(16_000, 1),
            });
        }
        all.extend(matched.into_iter().filter(|path| is_audio(path)));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// A pattern that comes from an environment variable was probably typed for the folder that the command was typed in.
fn no_match(pattern: &str, folder: PathBuf) -> AudioError {
    let pattern = pattern.to_owned();
    match matches(&pattern, Path::new("."))
        .map_or(0, |here| here.iter().filter(|path| is_audio(path)).count())
    {
        0 => AudioError::NoMatch { pattern, folder },
        1 => AudioError::FromHere {
            pattern,
            folder,
            here: "one file".to_owned(),
        },
        n => AudioError::FromHere {
            pattern,
            folder,
            here: format!("{n} files"),
        },
    }
}

/// The `.wav` and `.wav.b64` files right in a folder, in the order of their paths.
pub(super) fn inside(folder: &Path) -> Result<Vec<PathBuf>, AudioError> {
    let unreadable = |reason| AudioError::Unreadable {
        file: folder.to_path_buf(),
        reason,
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() && is_audio(&path) {
            all.push(path);
        }
    }
    all.sort();
    if all.is_empty() {
        Err(AudioError::NoFiles {
            folder: folder.to_path_buf(),
        })
    } else {
        Ok(all)
    }
}

/// The folder that a pattern begins in: its path up to the first wildcard.
fn searched(pattern: &Path) -> PathBuf {
    let plain = |part: &std::path::Component<'_>| {
        !part.as_os_str().to_string_lossy().contains(['*', '?', '['])
    };
    let here = |part: &std::path::Component<'_>| *part == std::path::Component::CurDir;
    let folders = pattern.parent().into_iter().flat_map(Path::components);
    let folder: PathBuf = folders
        .take_while(plain)
        .filter(|part| !here(part))
        .collect();
    if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder
    }
}

/// Reads and measures one file.
pub(super) fn read(path: &Path) -> Result<Clip, AudioError> {
    let bytes = std::fs::read(path).map_err(|reason| AudioError::Unreadable {
        file: path.to_path_buf(),
        reason,
    })?;
    let file_name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    match file_name.strip_suffix(".b64") {
        None => Clip::new(file_name, bytes),
        Some(name) => {
            let text: Vec<u8> = bytes
                .into_iter()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect();
            let wav = STANDARD.decode(text).map_err(|reason| AudioError::Base64 {
                file: path.to_path_buf(),
                reason,
            })?;
            Clip::new(name, wav)
        }
    }
}

fn matches(pattern: &str, folder: &Path) -> Result<Vec<PathBuf>, AudioError> {
    // The folder's own name may hold what a pattern reads as a wildcard.
    let folder = glob::Pattern::escape(&folder.to_string_lossy());
    let whole = Path::new(&folder).join(pattern);
    let found = glob::glob(&whole.to_string_lossy()).map_err(|why| AudioError::Pattern {
        pattern: pattern.to_owned(),
        reason: why.to_string(),
    })?;
    let mut paths = Vec::new();
    for entry in found {
        let path = entry.map_err(|why| AudioError::Unreadable {
            file: why.path().into(),
            reason: why.into(),
        })?;
        if path.is_file() {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn is_audio(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    name.ends_with(".wav") || name.ends_with(".wav.b64")
}
