//! `[audio.NAME]` of a plan.

use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::clip::Clip;
use super::comparison::{Normalizer, TextComparison, TextUnit};
use super::error::AudioError;
use super::files;
use super::pick::Pick;
use super::pool::Pool;
use super::references::References;
use super::sine::SAMPLE_RATE;
use super::synthesis::{ClipKind, synthesize};
use super::unique::CHANGED;
use crate::units::{Count, Flag, List, Number};

/// More than this many seconds of synthesised audio would not fit in memory.
pub const MOST_SECONDS: f64 = 36_000.0;

/// Clips to send: `[audio.NAME]`. Exactly one of `files` and `synthesize`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PoolSpec {
    /// `.wav` or `.wav.b64` files by path or pattern, relative to the plan.
    pub files: Option<List<String>>,
    /// Clips made by perfgate itself, the same on every machine.
    pub synthesize: Option<Synthesize>,
    /// Which clip an iteration takes: "round-robin" (iteration n takes clip n mod count), "random", or "sequential" (each once, the load ends with the list).
    pub pick: Pick,
    /// What the files say: a .tsv or .csv of file and text, or a folder of texts; by default `<stem>.txt` beside each file.
    pub references: Option<String>,
    /// What the word error rate counts: "words", or "characters" of languages that put no blanks between words.
    pub compare: TextUnit,
    /// What is made equal before: "basic" (case, punctuation, Unicode normal forms), or "english" (contractions, titles and numbers too).
    pub normalize: Normalizer,
    /// Change some trailing samples of each payload, so that no two are equal.
    pub unique: Flag,
    /// The rate that files must have, in Hz; others are an error. Streams want 16000 unless this says otherwise.
    pub sample_rate: Option<Count>,
    /// The channels that files must have; others are an error. Streams want 1 unless this says otherwise.
    pub channels: Option<Count>,
}

/// Clips made by perfgate itself: 16 kHz, mono, 16 bits.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Synthesize {
    /// The length of each clip in seconds.
    pub seconds: Number,
    /// What the clips sound like: "speech" (syllables and pauses, no words), "tone" or "silence".
    #[serde(default)]
    pub kind: ClipKind,
    /// How many clips; no two are equal.
    #[serde(default = "one")]
    pub count: Count,
}

fn one() -> Count {
    Count(1)
}

impl PoolSpec {
    /// What is wrong with the keys themselves, before any file is read.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        match (&self.files, &self.synthesize) {
            (Some(files), None) if files.0.is_empty() => {
                vec!["`files` is empty: name at least one file".to_owned()]
            }
            (Some(_), None) => Vec::new(),
            (None, Some(made)) => self.check_synthesize(made),
            (Some(_), Some(_)) => {
                vec!["`files` and `synthesize` exclude each other\nkeep one of them".to_owned()]
            }
            (None, None) => {
                vec!["say where the audio comes from: `files` or `synthesize`".to_owned()]
            }
        }
    }

    fn check_synthesize(&self, made: &Synthesize) -> Vec<String> {
        let mut found = Vec::new();
        let total = made.seconds.0 * made.count.0 as f64;
        if made.count.0 == 0 || made.seconds.0 * f64::from(SAMPLE_RATE) < 1.0 {
            found.push(
                "`synthesize` makes nothing: `seconds` and `count` must be above zero".to_owned(),
            );
        } else if total > MOST_SECONDS {
            found.push(format!(
                "`synthesize` makes {total} s of audio, which is kept in memory: stay below {MOST_SECONDS} s in all"
            ));
        }
        if self.references.is_some() {
            found.push("what `synthesize` makes has no words: leave `references` out".to_owned());
        }
        let other_rate = self
            .sample_rate
            .is_some_and(|rate| rate.0 != u64::from(SAMPLE_RATE));
        if other_rate || self.channels.is_some_and(|channels| channels.0 != 1) {
            found.push(
                "`synthesize` makes 16000 Hz mono: leave `sample_rate` and `channels` out, or use `files`".to_owned(),
            );
        }
        found
    }

    /// Reads or makes the clips. Paths start from `folder`, the plan's; `seed` decides what is synthesised and drawn.
    pub fn load(&self, folder: &Path, seed: u64) -> Result<Pool, AudioError> {
        if let Some(first) = self.check().into_iter().next() {
            return Err(AudioError::Spec(first));
        }
        let references = References::read(self.references.as_deref(), folder)?;
        let mut clips = Vec::new();
        for path in files::find(self.files.as_ref().map_or(&[], |list| &list.0), folder)? {
            let mut clip = files::read(&path)?;
            clip.text = references.of(&path)?;
            clips.push(Arc::new(clip));
        }
        references.require_any(clips.iter().filter(|clip| clip.text.is_some()).count())?;
        if let Some(made) = &self.synthesize {
            for index in 0..made.count.0 {
                let name = format!("{}-{}s-{index}.wav", made.kind.name(), made.seconds);
                clips.push(Arc::new(Clip::new(
                    name,
                    synthesize(made.kind, made.seconds.0, seed, index),
                )?));
            }
        }
        let how = TextComparison {
            unit: self.compare,
            normalizer: self.normalize,
        };
        let pool = Pool::new(clips, self.pick, seed).compared(how);
        let wanted = (
            self.sample_rate.map(|rate| rate.0),
            self.channels.map(|channels| channels.0),
        );
        pool.require(wanted.0, wanted.1)?;
        self.make_unique(pool.wanted(wanted.0, wanted.1))
    }

    fn make_unique(&self, pool: Pool) -> Result<Pool, AudioError> {
        match pool.clips.iter().find(|clip| clip.sample_count() < CHANGED) {
            _ if !self.unique.0 => Ok(pool),
            Some(short) => Err(AudioError::TooShort {
                file: short.name.clone(),
                least: CHANGED,
            }),
            None => Ok(pool.unique()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> PoolSpec {
        toml::from_str(text).expect(text)
    }

    #[test]
    fn reads_what_a_plan_writes() {
        let made = spec("synthesize = { seconds = \"1.5\", count = 2 }\npick = \"random\"")
            .synthesize
            .expect("made");
        assert_eq!(
            (made.seconds, made.kind, made.count),
            (Number(1.5), ClipKind::Speech, Count(2))
        );
        assert_eq!(spec("files = \"a.wav\"").pick, Pick::RoundRobin);
        assert!(toml::from_str::<PoolSpec>("file = \"a.wav\"").is_err());
    }

    #[test]
    fn impossible_keys_are_named() {
        for (text, said) in [
            ("", "say where"),
            ("files = []", "is empty"),
            (
                "files = \"a.wav\"\nsynthesize = { seconds = 1 }",
                "exclude each other",
            ),
            ("synthesize = { seconds = 0 }", "above zero"),
            ("synthesize = { seconds = -1 }", "above zero"),
            (
                "synthesize = { seconds = 60, count = 100000 }",
                "stay below",
            ),
            (
                "synthesize = { seconds = 1 }\nsample_rate = 8000",
                "leave `sample_rate`",
            ),
        ] {
            let why = spec(text)
                .load(Path::new("."), 0)
                .expect_err(text)
                .to_string();
            assert!(why.contains(said), "{text}: {why}");
        }
    }

    #[test]
    fn synthesised_clips_are_named_and_all_different() {
        for kind in ["speech", "tone", "silence"] {
            let text = format!("synthesize = {{ seconds = 0.5, kind = \"{kind}\", count = 3 }}");
            let pool = spec(&text).load(Path::new("."), 3).expect("made");
            let names: Vec<_> = pool.clips.iter().map(|clip| clip.name.clone()).collect();
            assert_eq!(names, [0, 1, 2].map(|n| format!("{kind}-0.5s-{n}.wav")));
            let hashes: std::collections::BTreeSet<_> =
                pool.clips.iter().map(|clip| clip.sha256()).collect();
            assert_eq!(hashes.len(), 3, "{kind}");
        }
    }
}
