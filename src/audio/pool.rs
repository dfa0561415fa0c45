//! The clips of one `[audio.NAME]`.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::clip::{Clip, hex};
use super::comparison::{TextComparison, TextUnit, is_without_blanks};
use super::error::{AudioError, ffmpeg};
use super::pick::Pick;

/// Clips that are loaded once and shared by every worker.
#[derive(Debug, Clone)]
pub struct Pool {
    /// In the order of their paths, or as synthesised.
    pub clips: Vec<Arc<Clip>>,
    pick: Pick,
    seed: u64,
    unique: bool,
    /// The rate and the channels that the plan asks for.
    wanted: (Option<u64>, Option<u64>),
    compared: TextComparison,
}

impl Pool {
    /// A pool of clips that are there already.
    #[must_use]
    pub fn new(clips: Vec<Arc<Clip>>, pick: Pick, seed: u64) -> Self {
        Self {
            clips,
            pick,
            seed,
            unique: false,
            wanted: (None, None),
            compared: TextComparison::default(),
        }
    }

    /// The same pool, whose texts are compared so.
    #[must_use]
    pub fn compared(self, compared: TextComparison) -> Self {
        Self { compared, ..self }
    }

    /// How transcripts are compared with its texts.
    #[must_use]
    pub const fn comparison(&self) -> TextComparison {
        self.compared
    }

    /// A text in which words have no borders, where words are counted: one wrong character makes a whole sentence wrong.
    #[must_use]
    pub fn text_without_blanks(&self) -> Option<&str> {
        let texts = self.clips.iter().filter_map(|clip| clip.text.as_deref());
        texts
            .filter(|_| self.compared.unit == TextUnit::Words)
            .find(|text| is_without_blanks(text))
    }

    /// The same pool, whose payloads are made to differ from each other.
    #[must_use]
    pub fn unique(self) -> Self {
        Self {
            unique: true,
            ..self
        }
    }

    /// The same pool, for which the plan asks for a rate or for channels.
    #[must_use]
    pub(super) fn wanted(self, sample_rate: Option<u64>, channels: Option<u64>) -> Self {
        Self {
            wanted: (sample_rate, channels),
            ..self
        }
    }

    /// An error where a clip is not what streams want: 16 kHz mono, unless the plan asks for something else.
    pub fn require_for_streams(&self) -> Result<(), AudioError> {
        let (rate, channels) = self.wanted;
        self.require(Some(rate.unwrap_or(16_000)), Some(channels.unwrap_or(1)))
    }

    /// Whether every payload is made to differ from every other.
    #[must_use]
    pub const fn is_unique(&self) -> bool {
        self.unique
    }

    /// Whether equal payloads are sent once there are more iterations than clips: a cache may answer them.
    #[must_use]
    pub fn repeats_payloads(&self) -> bool {
        !self.unique && self.pick != Pick::Sequential
    }

    /// The clip of an iteration of the load, counted from 0 over all workers; `None` where a sequential list is used up.
    #[must_use]
    pub fn pick(&self, iteration: u64) -> Option<&Arc<Clip>> {
        self.pick
            .place(iteration, self.clips.len(), self.seed)
            .and_then(|place| self.clips.get(place))
    }

    /// How many clips there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.clips.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clips.is_empty()
    }

    /// How many iterations the pool lasts; `None` where it never ends.
    #[must_use]
    pub fn lasts(&self) -> Option<u64> {
        (self.pick == Pick::Sequential).then_some(self.clips.len() as u64)
    }

    /// The SHA-256 over all clips in their order, whatever they are called.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        for clip in &self.clips {
            hash.update(clip.sha256());
        }
        hex(&hash.finalize())
    }

    /// The length of the longest clip in seconds; zero without clips.
    #[must_use]
    pub fn longest(&self) -> f64 {
        self.clips
            .iter()
            .map(|clip| clip.seconds)
            .fold(0.0, f64::max)
    }

    /// The mean length in seconds; `None` without clips.
    #[must_use]
    pub fn mean_seconds(&self) -> Option<f64> {
        let total: f64 = self.clips.iter().map(|clip| clip.seconds).sum();
        (!self.clips.is_empty()).then(|| total / self.clips.len() as f64)
    }

    /// An error that names the first clip of another rate or other channels, and how to convert it.
    pub fn require(
        &self,
        sample_rate: Option<u64>,
        channels: Option<u64>,
    ) -> Result<(), AudioError> {
        let fits = |clip: &&Arc<Clip>| {
            sample_rate.is_none_or(|rate| rate == u64::from(clip.sample_rate))
                && channels.is_none_or(|channels| channels == u64::from(clip.channels))
        };
        let Some(clip) = self.clips.iter().find(|clip| !fits(clip)) else {
            return Ok(());
        };
        let (rate, count) = (u64::from(clip.sample_rate), u64::from(clip.channels));
        Err(AudioError::Format {
            file: clip.name.clone(),
            found: format!("{rate} Hz and {}", channel_count(count)),
            wanted: match (sample_rate, channels) {
                (Some(rate), Some(count)) => format!("{rate} Hz and {} are", channel_count(count)),
                (Some(rate), None) => format!("{rate} Hz is"),
                (None, wanted) => format!("{} is", channel_count(wanted.unwrap_or(count))),
            },
            command: ffmpeg(sample_rate.unwrap_or(rate), channels.unwrap_or(count)),
        })
    }
}

fn channel_count(count: u64) -> String {
    if count == 1 {
        "1 channel".to_owned()
    } else {
        format!("{count} channels")
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::PoolSpec;
    use super::super::synthesis::{ClipKind, synthesize};
    use super::*;

    fn load(folder: &std::path::Path, text: &str) -> Result<Pool, AudioError> {
        toml::from_str::<PoolSpec>(text)
            .expect(text)
            .load(folder, 1)
    }

    fn folder_of(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).expect(name);
        }
        folder
    }

    #[test]
    fn files_come_sorted_once_and_base64_ones_too() {
        let (short, long) = (
            synthesize(ClipKind::Tone, 0.2, 0, 0),
            synthesize(ClipKind::Tone, 1.0, 0, 0),
        );
        let clip = Clip::new("x", short.clone()).expect("a WAV");
        let wrapped = clip
            .base64()
            .chunks(76)
            .map(|line| [line, b"\n"].concat())
            .collect::<Vec<_>>()
            .concat();
        let folder = folder_of(&[
            ("b.wav", &long),
            ("a.wav.b64", &wrapped),
            ("b.txt", b"hello"),
        ]);
        let pool = load(folder.path(), "files = [\"*\", \"b.wav\"]").expect("two files");
        let names: Vec<_> = pool.clips.iter().map(|clip| clip.name.as_str()).collect();
        assert_eq!(names, ["a.wav", "b.wav"]);
        assert_eq!(pool.clips[0].wav, short);
        assert_eq!((pool.longest(), pool.mean_seconds()), (1.0, Some(0.6)));
        assert_eq!(pool.pick(3).map(|clip| clip.name.as_str()), Some("b.wav"));
        let renamed = folder_of(&[("y.wav", &long), ("x.wav", &short)]);
        let same = load(renamed.path(), "files = \"*.wav\"").expect("two files");
        assert_eq!(pool.content_hash(), same.content_hash());
    }

    #[test]
    fn payloads_repeat_unless_each_is_another() {
        let folder = folder_of(&[
            ("a.wav", &synthesize(ClipKind::Tone, 0.2, 0, 0)),
            ("b.wav", &wav_of(8)),
        ]);
        for (text, repeats) in [
            ("files = \"a.wav\"", true),
            ("files = \"a.wav\"\nunique = true", false),
            ("files = \"a.wav\"\npick = \"sequential\"", false),
        ] {
            assert_eq!(
                load(folder.path(), text).expect(text).repeats_payloads(),
                repeats,
                "{text}"
            );
        }
        let short = load(folder.path(), "files = \"b.wav\"\nunique = true").expect_err("too short");
        assert!(
            short
                .to_string()
                .contains("`b.wav` has fewer than 16 samples"),
            "{short}"
        );
    }

    fn wav_of(samples: usize) -> Vec<u8> {
        synthesize(ClipKind::Tone, samples as f64 / 16_000.0, 0, 0)
    }

    #[test]
    fn a_sequential_pool_ends() {
        let folder = folder_of(&[("a.wav", &synthesize(ClipKind::Tone, 0.2, 0, 0))]);
        let pool = load(folder.path(), "files = \"a.wav\"\npick = \"sequential\"").expect("a file");
        assert!(pool.pick(0).is_some() && pool.pick(1).is_none());
        assert_eq!((pool.len(), pool.lasts()), (1, Some(1)));
    }

    #[test]
    fn every_error_says_what_to_do() {
        let tone = synthesize(ClipKind::Tone, 0.2, 0, 0);
        let folder = folder_of(&[
            ("a.wav", &tone),
            ("x.wav.b64", b"!!"),
            ("n.wav", b"hello"),
            ("m.mp3", b"ID3"),
        ]);
        for (text, said) in [
            (
                "files = \"none/*.wav\"",
                vec!["none/*.wav", "check the path", "synthesize"],
            ),
            ("files = \"x.wav.b64\"", vec!["x.wav.b64", "not base64"]),
            ("files = \"n.wav\"", vec!["n.wav", "not a WAV", "ffmpeg"]),
            ("files = \"m.mp3\"", vec!["m.mp3", "ffmpeg"]),
            ("files = \"a[.wav\"", vec!["a[.wav", "not a file pattern"]),
            (
                "files = \"a.wav\"\nsample_rate = 8000\nchannels = 2",
                vec![
                    "`a.wav` has 16000 Hz and 1 channel, but 8000 Hz and 2 channels are wanted",
                    "ffmpeg -i in.wav -ar 8000 -ac 2 -acodec pcm_s16le out.wav",
                ],
            ),
        ] {
            let why = load(folder.path(), text).expect_err(text).to_string();
            assert!(said.iter().all(|part| why.contains(part)), "{text}: {why}");
        }
        let missing = load(folder.path(), "files = \"none.wav\"")
            .expect_err("no file")
            .to_string();
        assert!(
            missing.contains(&folder.path().display().to_string()),
            "{missing}"
        );
    }
}
