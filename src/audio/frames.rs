//! A clip as it goes over the wire of a stream: its samples in one encoding, cut into chunks.

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Deserialize;

use super::clip::Clip;
use crate::units::Duration;

/// How one sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// 16-bit integers, little-endian.
    #[default]
    S16le,
    /// 32-bit floating-point numbers from -1 to 1, little-endian.
    F32le,
    /// 8-bit integers around 128.
    U8,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 3] = [Self::S16le, Self::F32le, Self::U8];

    /// The encoding that a plan calls so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "s16le" => Some(Self::S16le),
            "f32le" => Some(Self::F32le),
            "u8" => Some(Self::U8),
            _ => None,
        }
    }

    /// The size of a sample in bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::S16le => 2,
            Self::F32le => 4,
            Self::U8 => 1,
        }
    }
}

/// A clip cut into chunks.
#[derive(Debug, Clone)]
pub struct Chunks {
    /// The chunks in order; the last may be shorter.
    pub chunks: Vec<Bytes>,
    /// Frames (one sample of each channel) of every chunk but the last.
    pub frames: u64,
    /// Frames of all chunks.
    pub total: u64,
    /// Frames a second.
    pub sample_rate: u32,
}

impl Clip {
    /// The samples in this encoding, header left out. What the file holds already is shared with it.
    #[must_use]
    pub fn encoded(&self, encoding: Encoding) -> Bytes {
        if encoding == Encoding::S16le && self.bits == 16 && !self.is_float() {
            return self.samples();
        }
        let samples = self.as_numbers();
        let mut bytes = Vec::with_capacity(samples.len() * encoding.bytes());
        for sample in samples {
            match encoding {
                Encoding::S16le => {
                    let sample = (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
                    bytes.extend_from_slice(&sample.to_le_bytes());
                }
                Encoding::F32le => bytes.extend_from_slice(&sample.to_le_bytes()),
                Encoding::U8 => {
                    bytes.push((sample * 128.0 + 128.0).round().clamp(0.0, 255.0) as u8);
                }
            }
        }
        bytes.into()
    }

    /// The clip in chunks of this length, at least one sample each.
    #[must_use]
    pub fn chunks(&self, encoding: Encoding, length: Duration) -> Chunks {
        let samples = self.encoded(encoding);
        let frame = encoding.bytes() * usize::from(self.channels);
        let frames =
            (u64::from(self.sample_rate) * length.as_nanos() + 500_000_000) / 1_000_000_000;
        let frames = frames.max(1);
        let size = frame * usize::try_from(frames).unwrap_or(usize::MAX / frame);
        let chunks = (0..samples.len())
            .step_by(size)
            .map(|at| samples.slice(at..samples.len().min(at + size)));
        let total = (samples.len() / frame) as u64;
        Chunks {
            chunks: chunks.collect(),
            frames,
            total,
            sample_rate: self.sample_rate,
        }
    }
}

impl Chunks {
    /// So many frames in seconds of audio.
    #[must_use]
    pub fn seconds(&self, frames: u64) -> f64 {
        frames as f64 / f64::from(self.sample_rate)
    }

    /// Where a chunk begins in the audio, at one second of audio a second divided by `pace`.
    #[must_use]
    pub fn offset(&self, chunk: usize, pace: f64) -> Duration {
        let frames = (chunk as u64).saturating_mul(self.frames);
        if pace.total_cmp(&1.0).is_eq() {
            // Whole numbers keep an hour as exact as a second.
            let nanos = u128::from(frames) * 1_000_000_000 / u128::from(self.sample_rate);
            return Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        }
        Duration::from_secs_f64(self.seconds(frames) / pace)
    }

    /// The seconds of audio of the first so many chunks.
    #[must_use]
    pub fn seconds_of(&self, chunks: usize) -> f64 {
        self.seconds((chunks as u64).saturating_mul(self.frames).min(self.total))
    }
}

#[cfg(test)]
mod tests {
    use super::super::synthesis::{ClipKind, synthesize};
    use super::*;

    #[test]
    fn a_clip_falls_into_chunks_that_are_the_clip() {
        let clip = Clip::new("a.wav", synthesize(ClipKind::Speech, 1.05, 1, 0)).expect("a WAV");
        for encoding in Encoding::ALL {
            let cut = clip.chunks(encoding, Duration::from_millis(100));
            assert_eq!(
                (cut.chunks.len(), cut.frames, cut.total),
                (11, 1_600, 16_800),
                "{encoding:?}"
            );
            assert_eq!(cut.chunks[0].len(), 1_600 * encoding.bytes());
            assert_eq!(cut.chunks.concat(), clip.encoded(encoding));
            assert_eq!(
                (cut.seconds_of(2), cut.seconds_of(11), cut.seconds_of(99)),
                (0.2, 1.05, 1.05)
            );
        }
        let shared = clip.chunks(Encoding::S16le, Duration::from_millis(100));
        assert_eq!(shared.chunks[0].as_ptr(), clip.samples().as_ptr());
    }

    #[test]
    fn encodings_say_the_same() {
        let clip = Clip::new("a.wav", synthesize(ClipKind::Tone, 0.1, 0, 0)).expect("a WAV");
        let (ints, floats, small) = (
            clip.encoded(Encoding::S16le),
            clip.encoded(Encoding::F32le),
            clip.encoded(Encoding::U8),
        );
        let pairs = ints.chunks_exact(2).zip(floats.chunks_exact(4)).zip(&small);
        for ((int, float), small) in pairs {
            let int = f32::from(i16::from_le_bytes([int[0], int[1]])) / 32_768.0;
            let float = f32::from_le_bytes([float[0], float[1], float[2], float[3]]);
            assert!(
                (int - float).abs() < 1e-6
                    && ((f32::from(*small) - 128.0) / 128.0 - float).abs() <= 1.0 / 128.0
            );
        }
    }

    #[test]
    fn chunks_begin_where_the_clock_says_however_long_it_goes_on() {
        let clip = Clip::new("a.wav", synthesize(ClipKind::Tone, 0.1, 0, 0)).expect("a WAV");
        let cut = clip.chunks(Encoding::S16le, Duration::from_millis(100));
        assert_eq!(cut.offset(36_000, 1.0), Duration::from_secs(3_600));
        assert_eq!(cut.offset(10, 2.0), Duration::from_millis(500));
        let odd = clip.chunks(Encoding::S16le, Duration::from_millis(33));
        assert_eq!(odd.offset(1_000, 1.0), Duration::from_secs(33));
    }
}
