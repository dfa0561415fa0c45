//! What `perfgate audio` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::examples;
use crate::audio::ClipKind;

/// The seed of files whose names do not say one.
pub(crate) const FIRST_SEED: u64 = 1;

#[derive(Debug, Args)]
pub(crate) struct Audio {
    #[command(subcommand)]
    pub(crate) command: AudioCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AudioCommand {
    /// Write WAV files of 16 kHz, mono, 16 bits. A file that is there already is left as it is.
    #[command(after_help = examples::AUDIO_MAKE)]
    Make(Make),
    /// Show the length, the rate and the size of WAV files, and whether their text stands beside them.
    #[command(after_help = examples::AUDIO_LIST)]
    List(ListArguments),
}

#[derive(Debug, Args)]
pub(crate) struct Make {
    /// Where to write them. Made where it is missing.
    pub(crate) folder: PathBuf,
    /// The length of each.
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0)]
    pub(crate) seconds: f64,
    /// How many; no two are equal.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) count: u64,
    /// What they sound like.
    #[arg(long, value_enum, default_value_t = Sound::Speech)]
    pub(crate) kind: Sound,
    /// The same seed makes the same files on every machine. Another than 1 stands in their names.
    #[arg(long, value_name = "N", default_value_t = FIRST_SEED)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Files, folders (the files right in them), or patterns such as `clips/*.wav`.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sound {
    /// Syllables and pauses that detectors of speech take for a voice; no words.
    Speech,
    /// 440 Hz.
    Tone,
    /// Nothing to hear.
    Silence,
}

impl From<Sound> for ClipKind {
    fn from(sound: Sound) -> Self {
        match sound {
            Sound::Speech => Self::Speech,
            Sound::Tone => Self::Tone,
            Sound::Silence => Self::Silence,
        }
    }
}
