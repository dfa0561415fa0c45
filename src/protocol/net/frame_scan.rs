//! Tells HTTP/2's messages from its housekeeping, so that only the former have their moments noted.

/// What a client says first, before any frame.
const PREFACE: usize = 24;
const HEAD: usize = 9;
const DATA: u8 = 0x0;
const HEADERS: u8 = 0x1;
const CONTINUATION: u8 = 0x9;

/// Follows the frames of one direction by their heads.
#[derive(Debug, Default)]
pub(crate) struct FrameScan {
    skip: usize,
    head: [u8; HEAD],
    known: usize,
    /// What is left of the frame's content.
    left: usize,
    is_message: bool,
}

impl FrameScan {
    /// Follows what the client sends.
    pub(crate) fn outgoing() -> Self {
        Self {
            skip: PREFACE,
            ..Self::default()
        }
    }

    /// Whether any of these bytes belongs to a message: to its headers or its body.
    pub(crate) fn has_message(&mut self, bytes: &[u8]) -> bool {
        let mut rest = &bytes[self.skip.min(bytes.len())..];
        self.skip -= bytes.len() - rest.len();
        let mut found = false;
        while !rest.is_empty() {
            if self.left > 0 {
                found |= self.is_message;
                let content = self.left.min(rest.len());
                self.left -= content;
                rest = &rest[content..];
                continue;
            }
            let taken = (HEAD - self.known).min(rest.len());
            self.head[self.known..self.known + taken].copy_from_slice(&rest[..taken]);
            self.known += taken;
            rest = &rest[taken..];
            if self.known == HEAD {
                let [a, b, c, kind, ..] = self.head;
                self.left = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
                self.is_message = matches!(kind, DATA | HEADERS | CONTINUATION);
                found |= self.is_message;
                self.known = 0;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, content: usize) -> Vec<u8> {
        let size = [(content >> 16) as u8, (content >> 8) as u8, content as u8];
        [&size[..], &[kind, 0, 0, 0, 0, 1], &vec![b'x'; content]].concat()
    }

    #[test]
    fn messages_are_told_from_housekeeping_wherever_the_bytes_are_cut() {
        // SETTINGS, HEADERS, WINDOW_UPDATE, DATA, an empty DATA, PING.
        let frames = [(4, 18), (1, 70), (8, 4), (0, 66_000), (0, 0), (6, 8)];
        let bytes: Vec<u8> = frames
            .iter()
            .flat_map(|(kind, content)| frame(*kind, *content))
            .collect();
        let mut ends = Vec::new();
        for step in [1, 7, 10, 1_000] {
            let mut scan = FrameScan::outgoing();
            assert!(!scan.has_message(&[b'P'; 20]) && !scan.has_message(&[b'P'; 4]));
            let said: Vec<bool> = bytes
                .chunks(step)
                .map(|chunk| scan.has_message(chunk))
                .collect();
            let first = said.iter().position(|said| *said).expect("a message") * step;
            let last = said.iter().rposition(|said| *said).expect("a message") * step;
            ends.push((first / 50, last));
        }
        // The head of HEADERS ends at byte 36, the empty DATA at 66,135.
        assert_eq!(ends[0], (0, 27 + 79 + 13 + 66_009 + 8));
        assert!(
            ends.iter()
                .all(|(first, last)| *first == 0 && *last >= 66_000),
            "{ends:?}"
        );
        let mut scan = FrameScan::default();
        assert!(
            !scan.has_message(&frame(4, 0))
                && scan.has_message(&frame(1, 5))
                && !scan.has_message(&frame(8, 4))
        );
    }
}
