//! A file to be sent, whole or in slices.

use bytes::Bytes;

/// A clip or a file, ready to be sent: what it is called, what it is, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name.
    pub name: String,
    /// The media type.
    pub content_type: String,
    /// The file's bytes, one part behind the other, shared with every other use of them.
    pub parts: Vec<Bytes>,
}

impl Attachment {
    /// The size in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.parts.iter().map(|part| part.len() as u64).sum()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `len` bytes from the byte `from` on, as far as they are there. Nothing is copied.
    #[must_use]
    pub fn slice(&self, from: u64, len: u64) -> Vec<Bytes> {
        let end = from.saturating_add(len);
        let (mut found, mut begin) = (Vec::new(), 0);
        for part in &self.parts {
            let size = part.len() as u64;
            let first = from.clamp(begin, begin + size) - begin;
            let last = end.clamp(begin, begin + size) - begin;
            if first < last {
                // Both lie within the part, whose length is a usize.
                found.push(part.slice(first as usize..last as usize));
            }
            begin += size;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_share_the_bytes_and_join_to_the_whole() {
        let parts = vec![
            Bytes::from_static(b"head"),
            Bytes::new(),
            Bytes::from_static(b"and tail"),
        ];
        let whole = Attachment {
            name: "a.wav".into(),
            content_type: "audio/wav".into(),
            parts,
        };
        assert_eq!(whole.len(), 12);
        for (from, len, text) in [
            (0, 4, "head"),
            (0, 100, "headand tail"),
            (2, 4, "adan"),
            (4, 3, "and"),
            (11, 5, "l"),
            (12, 5, ""),
            (100, 1, ""),
            (3, 0, ""),
            (1, u64::MAX, "eadand tail"),
        ] {
            assert_eq!(
                whole.slice(from, len).concat(),
                text.as_bytes(),
                "{len} from {from}"
            );
        }
        assert_eq!(whole.slice(5, 2)[0].as_ptr(), whole.parts[2][1..].as_ptr());
        let joined: Vec<u8> = (0..3)
            .flat_map(|n| whole.slice(n * 5, 5))
            .flatten()
            .collect();
        assert_eq!(joined, b"headand tail");
    }
}
