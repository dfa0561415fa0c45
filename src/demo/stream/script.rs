//! What is said in the audio.

use super::chance::Odds;
use super::spec::StreamSpec;
use crate::units::Duration;

/// Stands where a word is replaced. No word of a language, so that it is right by no accident.
const WRONG: &str = "brzk";

/// The words of all audio, spread evenly over it, from the first again after the last.
#[derive(Debug)]
pub(crate) struct Script {
    words: Vec<String>,
    per_second: f64,
    odds: Odds,
}

/// One word and where it is said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) text: String,
}

impl Script {
    pub(crate) fn new(spec: &StreamSpec) -> Self {
        let words = spec
            .transcript
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        Self {
            words,
            per_second: spec.words_per_second.0,
            odds: Odds::new(spec),
        }
    }

    pub(crate) fn odds(&self) -> &Odds {
        &self.odds
    }

    /// How many words have been said to their end in so much audio.
    pub(crate) fn said_by(&self, audio: Duration) -> u64 {
        // A rate of words is rarely a whole fraction of a sample: the last word must not be lost by a rounding.
        (audio.as_secs_f64() * self.per_second + 1e-6).floor() as u64
    }

    /// Word number `n` as it is heard, from 0: sometimes wrongly.
    pub(crate) fn heard(&self, n: u64) -> Word {
        let (start, end) = (n as f64 / self.per_second, (n + 1) as f64 / self.per_second);
        let right = usize::try_from(n % self.words.len().max(1) as u64)
            .ok()
            .and_then(|at| self.words.get(at));
        let text = right
            .filter(|_| !self.odds.replaces_word())
            .map_or(WRONG, String::as_str);
        Word {
            start,
            end,
            text: text.to_owned(),
        }
    }
}
