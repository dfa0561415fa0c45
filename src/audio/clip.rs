//! One WAV, and what it really holds.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::error::{AudioError, ffmpeg};
use super::wave::Wave;

/// Below a thousandth of full scale nothing is heard.
const SILENCE: f64 = 0.001;

/// One WAV with its length, rate, channels and width as measured from its samples.
#[derive(Debug)]
pub struct Clip {
    /// The file's name without `.b64`, or the name of what was synthesised.
    pub name: String,
    /// The whole file, header included.
    pub wav: Bytes,
    /// The length of the samples that are there.
    pub seconds: f64,
    /// The length the header claims, where that is another one.
    pub declared_seconds: Option<f64>,
    /// Frames a second.
    pub sample_rate: u32,
    /// Samples a frame.
    pub channels: u16,
    /// Bits a sample.
    pub bits: u16,
    /// What is said in it, where somebody wrote it down.
    pub text: Option<String>,
    wave: Wave,
    base64: OnceLock<Bytes>,
    sha256: OnceLock<String>,
}

impl Clip {
    /// Measures a WAV. Fails where it is none, or holds no sample.
    pub fn new(name: impl Into<String>, wav: impl Into<Bytes>) -> Result<Self, AudioError> {
        let (name, wav) = (name.into(), wav.into());
        let wave = Wave::read(&wav).map_err(|reason| AudioError::NotWav {
            file: name.clone(),
            reason,
            command: ffmpeg(16_000, 1),
        })?;
        if wave.start == wave.end {
            return Err(AudioError::Empty { file: name });
        }
        let (seconds, declared) = (
            wave.seconds(wave.end - wave.start),
            wave.seconds(wave.declared as usize),
        );
        Ok(Self {
            name,
            wav,
            seconds,
            declared_seconds: (declared.total_cmp(&seconds).is_ne()).then_some(declared),
            sample_rate: wave.spec.sample_rate,
            channels: wave.spec.channels,
            bits: wave.spec.bits_per_sample,
            text: None,
            wave,
            base64: OnceLock::new(),
            sha256: OnceLock::new(),
        })
    }

    /// The samples without the header, as the file holds them.
    #[must_use]
    pub fn samples(&self) -> Bytes {
        self.wav.slice(self.wave.start..self.wave.end)
    }

    /// The samples as numbers from -1 to 1.
    pub(super) fn as_numbers(&self) -> Vec<f32> {
        self.wave.numbers(&self.wav)
    }

    /// Where the samples end in the file, in bytes.
    pub(super) const fn samples_end(&self) -> usize {
        self.wave.end
    }

    /// The size of one sample of one channel in bytes.
    pub(super) fn sample_bytes(&self) -> usize {
        usize::from(self.bits.div_ceil(8))
    }

    /// How many samples there are, of all channels together.
    pub(super) fn sample_count(&self) -> usize {
        (self.wave.end - self.wave.start) / self.sample_bytes()
    }

    /// Whether the samples are floating-point numbers.
    #[must_use]
    pub fn is_float(&self) -> bool {
        self.wave.spec.sample_format == hound::SampleFormat::Float
    }

    /// The whole file in base64 (ASCII), made once.
    #[must_use]
    pub fn base64(&self) -> Bytes {
        self.base64
            .get_or_init(|| STANDARD.encode(&self.wav).into())
            .clone()
    }

    /// The SHA-256 of the whole file in hexadecimal, made once.
    #[must_use]
    pub fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| hex(&Sha256::digest(&self.wav)))
    }

    /// `short` under 3 s, `medium` under 10 s, else `long`.
    #[must_use]
    pub const fn length_class(&self) -> &'static str {
        if self.seconds < 3.0 {
            "short"
        } else if self.seconds < 10.0 {
            "medium"
        } else {
            "long"
        }
    }

    /// Whether there is nothing to hear: no sample reaches a thousandth of full scale.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.wave.peak(&self.wav) < SILENCE
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::synthesis::{ClipKind, synthesize};
    use super::*;

    #[test]
    fn a_clip_is_measured_from_its_samples() {
        let clip = Clip::new("a.wav", synthesize(ClipKind::Tone, 1.0, 0, 0)).expect("a WAV");
        assert_eq!((clip.seconds, clip.declared_seconds), (1.0, None));
        assert_eq!(
            (clip.sample_rate, clip.channels, clip.bits),
            (16_000, 1, 16)
        );
        assert_eq!(clip.samples().len(), 32_000);
        assert_eq!(clip.sha256().len(), 64);
        assert_eq!(STANDARD.decode(clip.base64()).expect("base64"), clip.wav);
    }

    #[test]
    fn a_header_that_lies_is_found_out() {
        let mut wav = synthesize(ClipKind::Tone, 0.2, 0, 0);
        wav[40..44].copy_from_slice(&32_000_u32.to_le_bytes());
        let clip = Clip::new("one-second.wav", wav).expect("a WAV");
        assert_eq!((clip.seconds, clip.declared_seconds), (0.2, Some(1.0)));
    }

    #[test]
    fn silence_is_told_from_sound() {
        for (kind, silent) in [
            (ClipKind::Silence, true),
            (ClipKind::Tone, false),
            (ClipKind::Speech, false),
        ] {
            let clip = Clip::new("a.wav", synthesize(kind, 0.3, 1, 5)).expect("a WAV");
            assert_eq!(clip.is_silent(), silent, "{kind:?}");
        }
    }

    #[test]
    fn a_wav_without_samples_is_refused() {
        let empty = Clip::new("none.wav", synthesize(ClipKind::Tone, 0.0, 0, 0))
            .expect_err("nothing in it");
        assert!(matches!(empty, AudioError::Empty { .. }), "{empty}");
    }
}
