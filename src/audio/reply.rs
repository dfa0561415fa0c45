//! The audio of a reply, which may be known only by its begin and its size.

use super::frames::Encoding;
use super::wave::Wave;

/// How long the audio of a reply is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplyAudio {
    /// The length of the samples that came, in seconds.
    pub seconds: f64,
    /// The length the header claims, where that is another one.
    pub declared_seconds: Option<f64>,
}

/// Measures the WAV of a reply of `size` bytes, of which `body` is all or the begin.
///
/// # Errors
/// Says why it is no WAV.
pub fn measure_reply(body: &[u8], size: u64) -> Result<ReplyAudio, String> {
    let wave = Wave::read(body)?;
    // Where only the begin was kept, everything behind the header is taken for samples.
    let missing = size.saturating_sub(body.len() as u64);
    let bytes = if missing == 0 {
        wave.end - wave.start
    } else {
        body.len() - wave.start + missing as usize
    };
    let (seconds, declared) = (wave.seconds(bytes), wave.seconds(wave.declared as usize));
    Ok(ReplyAudio {
        seconds,
        declared_seconds: declared.total_cmp(&seconds).is_ne().then_some(declared),
    })
}

/// Samples without a header: their encoding and rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFormat {
    encoding: Encoding,
    rate: u32,
}

impl RawFormat {
    /// Reads `s16le 24000`.
    ///
    /// # Errors
    /// Says what it should be.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is not a format of samples: an encoding and a rate, for example `s16le 24000`"
            )
        };
        let (encoding, rate) = text
            .trim()
            .split_once(char::is_whitespace)
            .ok_or_else(wrong)?;
        let encoding = Encoding::named(encoding).ok_or_else(wrong)?;
        let rate = rate
            .trim()
            .trim_end_matches("Hz")
            .trim()
            .parse()
            .map_err(|_| wrong())?;
        (rate > 0)
            .then_some(Self { encoding, rate })
            .ok_or_else(wrong)
    }

    /// The seconds of one channel that so many bytes are.
    #[must_use]
    pub fn seconds(self, bytes: u64) -> f64 {
        (bytes / self.encoding.bytes() as u64) as f64 / f64::from(self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::super::synthesis::{ClipKind, synthesize};
    use super::*;

    #[test]
    fn what_came_counts_not_what_the_header_says() {
        let wav = synthesize(ClipKind::Tone, 1.0, 0, 0);
        let mut lying = wav.clone();
        lying[40..44].copy_from_slice(&64_000_u32.to_le_bytes());
        for (body, size, seconds, declared) in [
            (&wav[..], wav.len(), 1.0, None),
            (&wav[..1_044], wav.len(), 1.0, None),
            (&lying[..], lying.len(), 1.0, Some(2.0)),
            (&lying[..1_044], lying.len(), 1.0, Some(2.0)),
            (&wav[..16_044], 16_044, 0.5, Some(1.0)),
        ] {
            let found = measure_reply(body, size as u64).expect("a WAV");
            assert_eq!((found.seconds, found.declared_seconds), (seconds, declared));
        }
        let raw = RawFormat::read("s16le 24000").expect("a format");
        assert_eq!(raw.seconds(48_001), 1.0);
        assert_eq!(
            RawFormat::read("f32le 8000 Hz")
                .expect("a format")
                .seconds(32_000),
            1.0
        );
        for wrong in ["s16le", "mp3 24000", "s16le 0", "s16le fast"] {
            assert!(RawFormat::read(wrong).is_err(), "{wrong}");
        }
        assert!(measure_reply(b"{\"error\": 1}", 12).is_err());
    }
}
