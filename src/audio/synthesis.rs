//! Clips without files: the same bytes on every machine, for the same seed, index and length.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sine::{SAMPLE_RATE, sine};
use super::speech;

const LOUDNESS: f64 = 0.5 * 32_767.0;

/// What a synthesised clip sounds like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Kind")]
pub enum ClipKind {
    /// Syllables and pauses that detectors of speech take for a voice; no words.
    #[default]
    Speech,
    /// 440 Hz.
    Tone,
    /// Nothing to hear.
    Silence,
}

impl ClipKind {
    /// The name in plans and in the names of clips.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Tone => "tone",
            Self::Silence => "silence",
        }
    }
}

/// A 16 kHz mono 16-bit WAV of the given length. Clips of other indexes differ from it, silent ones by some last bits.
#[must_use]
pub fn synthesize(kind: ClipKind, seconds: f64, seed: u64, index: u64) -> Vec<u8> {
    let count = (seconds * f64::from(SAMPLE_RATE)).round().max(0.0) as usize;
    let samples: Vec<i16> = match kind {
        ClipKind::Speech => loud(&speech::voice(count, seed, index)),
        ClipKind::Tone => tone(count, index),
        ClipKind::Silence => silence(count, index),
    };
    wav(&samples)
}

fn tone(count: usize, index: u64) -> Vec<i16> {
    let start = index as f64 * 0.381_966_011_250_105;
    let step = 440.0 / f64::from(SAMPLE_RATE);
    (0..count)
        .map(|n| (sine(start + n as f64 * step) * LOUDNESS).round() as i16)
        .collect()
}

fn silence(count: usize, index: u64) -> Vec<i16> {
    let bit = |n: usize| {
        if count - n <= 64 {
            (index >> (count - n - 1) & 1) as i16
        } else {
            0
        }
    };
    (0..count).map(bit).collect()
}

fn loud(wave: &[f64]) -> Vec<i16> {
    let peak = wave
        .iter()
        .fold(0.0_f64, |peak, sample| peak.max(sample.abs()));
    let gain = if peak > 0.0 { LOUDNESS / peak } else { 0.0 };
    wave.iter()
        .map(|sample| (sample * gain).round() as i16)
        .collect()
}

fn wav(samples: &[i16]) -> Vec<u8> {
    let size = (samples.len() * 2) as u32;
    let mut bytes = Vec::with_capacity(44 + samples.len() * 2);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + size).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend_from_slice(&SAMPLE_RATE.to_le_bytes());
    bytes.extend_from_slice(&(SAMPLE_RATE * 2).to_le_bytes());
    bytes.extend_from_slice(b"\x02\0\x10\0data");
    bytes.extend_from_slice(&size.to_le_bytes());
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [ClipKind; 3] = [ClipKind::Speech, ClipKind::Tone, ClipKind::Silence];

    fn digest(bytes: &[u8]) -> String {
        use sha2::Digest;
        sha2::Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    #[test]
    fn a_second_is_exactly_a_second_in_every_kind() {
        for kind in KINDS {
            assert_eq!(synthesize(kind, 1.0, 7, 0).len(), 44 + 32_000, "{kind:?}");
            let wav = hound::WavReader::new(std::io::Cursor::new(synthesize(kind, 0.2, 7, 0)))
                .expect("a WAV");
            assert_eq!(
                (wav.len(), wav.spec().sample_rate, wav.spec().channels),
                (3_200, 16_000, 1),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn the_same_seed_and_index_give_the_same_bytes_and_others_do_not() {
        for kind in KINDS {
            assert_eq!(
                synthesize(kind, 0.5, 7, 3),
                synthesize(kind, 0.5, 7, 3),
                "{kind:?}"
            );
            assert_ne!(
                synthesize(kind, 0.5, 7, 3),
                synthesize(kind, 0.5, 7, 4),
                "{kind:?}"
            );
        }
        assert_ne!(
            synthesize(ClipKind::Speech, 0.5, 7, 3),
            synthesize(ClipKind::Speech, 0.5, 8, 3)
        );
    }

    #[test]
    fn the_bytes_of_one_seed_never_change() {
        assert_eq!(
            digest(&synthesize(ClipKind::Speech, 3.0, 42, 0)),
            "0cc6e61b069fb609c7aab792ea3b9986f9e646f080d733ad8356aa7464220cc2"
        );
    }

    #[test]
    fn the_sine_is_a_sine() {
        for n in 0..1_000 {
            let turns = f64::from(n) / 250.0;
            assert!(
                (sine(turns) - (turns * std::f64::consts::TAU).sin()).abs() < 1e-7,
                "{turns}"
            );
        }
    }
}
