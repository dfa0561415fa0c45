//! Why a pool has no clips, and what to do about it.

use std::path::PathBuf;

use thiserror::Error;

use crate::diag::shell_word;

/// What is wrong with the audio of a plan. Each message says what to do next.
#[derive(Debug, Error)]
pub enum AudioError {
    /// Keys that do not go together, or values out of range.
    #[error("{0}")]
    Spec(String),
    /// A pattern that is no glob.
    #[error("`{pattern}` is not a file pattern: {reason}")]
    Pattern {
        /// As the plan writes it.
        pattern: String,
        /// What the glob reader objects to.
        reason: String,
    },
    /// A pattern that no file matches.
    #[error(
        "no WAV files found in `{folder}`, where `{pattern}` leads\ncheck the path, which is relative to the plan, make \
         some with `perfgate audio make {}`, or use `synthesize = {{ seconds = 5 }}` instead of `files`",
        shell_word(&folder.to_string_lossy())
    )]
    NoMatch {
        /// As the plan writes it.
        pattern: String,
        /// The folder that was searched.
        folder: PathBuf,
    },
    /// A pattern that leads somewhere from where the command was typed, and nowhere from the plan.
    #[error(
        "no WAV files found in `{folder}`: paths are seen from the plan's folder, and `{pattern}` leads to {here} from where you are; \
         write the whole path, for example \"$PWD/{pattern}\""
    )]
    FromHere {
        /// As the plan writes it.
        pattern: String,
        /// The folder that was searched.
        folder: PathBuf,
        /// How many files there are, in words.
        here: String,
    },
    /// A folder where the files in it are meant.
    #[error("`{pattern}` is a folder: write `{}/*.wav` for the files in it", pattern.trim_end_matches('/'))]
    Folder {
        /// As the plan writes it.
        pattern: String,
    },
    /// A folder or a pattern that leads to no WAV file.
    #[error(
        "no WAV files found in `{folder}`: make some with `perfgate audio make {}`",
        shell_word(&folder.to_string_lossy())
    )]
    NoFiles {
        /// The folder that was searched.
        folder: PathBuf,
    },
    /// A path that leads nowhere.
    #[error(
        "`{path}` does not exist\ncheck the path, or make clips with `perfgate audio make {}`",
        shell_word(path)
    )]
    Missing {
        /// As it was typed.
        path: String,
    },
    /// A file or folder that the system does not let us read.
    #[error("cannot read `{file}`: {reason}")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// A `.b64` file that holds something else.
    #[error("`{file}` is not base64 ({reason}): write it again with `base64 in.wav > out.wav.b64`")]
    Base64 {
        /// The file.
        file: PathBuf,
        /// What the decoder objects to.
        reason: base64::DecodeError,
    },
    /// A file that is no WAV.
    #[error("`{file}` is not a WAV file that can be read ({reason})\nconvert it with `{command}`")]
    NotWav {
        /// The file.
        file: String,
        /// What the reader objects to.
        reason: String,
        /// The conversion that helps.
        command: String,
    },
    /// A WAV file without a single sample.
    #[error("`{file}` holds no samples: record it again, or take it out of `files`")]
    Empty {
        /// The file.
        file: String,
    },
    /// Reference texts that cannot be used.
    #[error("`{file}` cannot be used as references: {reason}")]
    References {
        /// The file or folder.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A clip too short to be told from its copies.
    #[error(
        "`{file}` has fewer than {least} samples, too few to make each payload another: leave `unique` out"
    )]
    TooShort {
        /// The file.
        file: String,
        /// Samples that are needed.
        least: usize,
    },
    /// A clip of another rate or other channels than wanted.
    #[error("`{file}` has {found}, but {wanted} wanted\nconvert it with `{command}`")]
    Format {
        /// The file.
        file: String,
        /// Its rate and channels.
        found: String,
        /// The rate and channels that the plan or the protocol needs.
        wanted: String,
        /// The conversion that helps.
        command: String,
    },
}

/// The ffmpeg line that makes a WAV of the given rate and channels.
pub(super) fn ffmpeg(rate: u64, channels: u64) -> String {
    format!("ffmpeg -i in.wav -ar {rate} -ac {channels} -acodec pcm_s16le out.wav")
}
