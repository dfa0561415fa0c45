//! The audio of a reply, which may be known only by its begin and its size.

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
        assert!(measure_reply(b"{\"error\": 1}", 12).is_err());
    }
}
