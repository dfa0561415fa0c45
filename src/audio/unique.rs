//! Payloads no two of which are equal, for targets that answer repeated audio from a cache.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::clip::Clip;

/// So many trailing samples are changed, each in its four lowest bits: room for 64 bits.
pub(super) const CHANGED: usize = 16;

/// The same clip with its last samples changed so slightly that nobody hears it.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The file in parts, one behind the other; all but the changed bytes are shared with the clip.
    pub parts: Vec<Bytes>,
    /// Where the changed bytes begin.
    changed_from: usize,
}

impl Clip {
    /// The clip with `mark` in its last samples: two marks never give the same bytes. Header and length stay.
    #[must_use]
    pub fn variant(&self, mark: u64) -> Variant {
        let (width, end) = (self.sample_bytes(), self.samples_end());
        let begin = end.saturating_sub(CHANGED * width);
        let mut changed = self.wav[begin..end].to_vec();
        for (nth, sample) in changed.chunks_exact_mut(width).enumerate() {
            let nibble = (mark >> (4 * nth)) as u8 & 0x0f;
            // The first byte of a little-endian sample is its quietest.
            sample[0] = sample[0] & 0xf0 | nibble;
        }
        let all = [
            self.wav.slice(..begin),
            Bytes::from(changed),
            self.wav.slice(end..),
        ];
        Variant {
            parts: all.into_iter().filter(|part| !part.is_empty()).collect(),
            changed_from: begin,
        }
    }

    /// A variant in base64, of which only the end is encoded anew.
    #[must_use]
    pub fn variant_base64(&self, variant: &Variant) -> String {
        let same = variant.changed_from / 3;
        let mut text = String::from_utf8_lossy(&self.base64()[..same * 4]).into_owned();
        let whole: Vec<u8> = variant.parts[1..].concat();
        let mut rest = self.wav[same * 3..variant.changed_from].to_vec();
        rest.extend_from_slice(&whole);
        STANDARD.encode_string(&rest, &mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::synthesis::{ClipKind, synthesize};
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_marks_give_the_same_bytes_and_nothing_else_changes() {
        let mut wav = synthesize(ClipKind::Speech, 0.5, 1, 1);
        wav.extend_from_slice(b"LIST\x04\0\0\0name");
        let clip = Clip::new("a.wav", wav.clone()).expect("a WAV");
        let mut seen = BTreeSet::new();
        for mark in (0..1_000).chain([u64::MAX, 1 << 63, 0x0123_4567_89ab_cdef]) {
            let variant = clip.variant(mark);
            let whole = variant.parts.concat();
            assert_eq!(
                (whole.len(), &whole[..44], &whole[whole.len() - 12..]),
                (wav.len(), &wav[..44], &wav[wav.len() - 12..])
            );
            assert_eq!(
                variant.parts[0].as_ptr(),
                clip.wav.as_ptr(),
                "the head is shared"
            );
            let again = Clip::new("b.wav", whole.clone()).expect("still a WAV");
            assert_eq!(
                (again.seconds, again.declared_seconds),
                (clip.seconds, None)
            );
            let (old, new) = (clip.samples(), again.samples());
            assert_eq!(old[..old.len() - 32], new[..new.len() - 32]);
            assert_eq!(
                STANDARD
                    .decode(clip.variant_base64(&variant))
                    .expect("base64"),
                whole
            );
            assert!(seen.insert(whole), "{mark}");
        }
    }

    #[test]
    fn the_same_mark_is_the_same_payload() {
        let clip = Clip::new("a.wav", synthesize(ClipKind::Tone, 0.2, 0, 0)).expect("a WAV");
        assert_eq!(
            clip.variant(9).parts.concat(),
            clip.variant(9).parts.concat()
        );
    }
}
