//! Tells the reply of HTTP/1.1 from what a target says before it (100 Continue, 103 Early Hints), so that the first byte is that of the
//! reply.

use crate::clock::Tick;

/// `HTTP/1.1 103`.
const STATUS: usize = 12;

/// Follows what comes in, from the first byte of an exchange on.
#[derive(Debug, Default)]
pub(crate) struct InterimScan {
    line: [u8; STATUS],
    known: usize,
    /// When the status line that is being read began.
    began: Option<Tick>,
    /// In the head of an interim reply: how long its line is so far.
    interim: Option<usize>,
    is_final: bool,
}

impl InterimScan {
    /// When the reply began, once that is known. `bytes` were read at `at`.
    pub(crate) fn read(&mut self, bytes: &[u8], at: Tick) -> Option<Tick> {
        for byte in bytes {
            if self.is_final {
                break;
            }
            if let Some(length) = &mut self.interim {
                match byte {
                    b'\n' if *length == 0 => *self = Self::default(),
                    b'\n' => *length = 0,
                    b'\r' => {}
                    _ => *length += 1,
                }
                continue;
            }
            self.began = self.began.or(Some(at));
            self.line[self.known] = *byte;
            self.known += 1;
            if self.known == STATUS {
                // 101 is the last word of HTTP on its connection.
                let status = &self.line[STATUS - 3..];
                let is_interim =
                    self.line.starts_with(b"HTTP/1.") && status[0] == b'1' && status != b"101";
                if is_interim {
                    self.interim = Some(STATUS);
                } else {
                    self.is_final = true;
                }
            }
        }
        self.began.filter(|_| self.is_final)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reply_begins_behind_what_is_said_before_it() {
        let hints = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n";
        let ok = "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 103 in a body";
        for (before, reply) in [
            ("", ok),
            (hints, ok),
            ("HTTP/1.1 102 Processing\n\n", ok),
            ("", "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
            ("", "SSH-2.0-OpenSSH\r\n"),
        ] {
            let text = format!("{before}{reply}");
            for size in [1, 5, 1_000] {
                let mut scan = InterimScan::default();
                let chunks = text.as_bytes().chunks(size);
                let begins = chunks
                    .enumerate()
                    .filter_map(|(nth, bytes)| scan.read(bytes, Tick::from_nanos(nth as u64)))
                    .collect::<Vec<_>>();
                let expected = Tick::from_nanos((before.len() / size) as u64);
                assert!(
                    !begins.is_empty() && begins.iter().all(|tick| *tick == expected),
                    "{text:?} in pieces of {size}: {begins:?}"
                );
            }
        }
    }
}
