//! Cuts a streamed body into messages, however it was cut into pieces on its way.

use std::ops::ControlFlow;

use bytes::Bytes;

use super::super::Framing;

/// A message: its text, and of a server-sent event the name and the id, where it has them.
pub(crate) type Framed = (Bytes, Option<String>, Option<String>);

/// Where the cutting stands: what has come of the message that is not complete.
#[derive(Debug)]
pub(crate) struct Framer {
    framing: Framing,
    line: Vec<u8>,
    /// The last byte was a carriage return, which a line feed may complete.
    after_return: bool,
    /// The data of the event so far; `None` before its first line.
    data: Option<Vec<u8>>,
    event: Vec<u8>,
    /// The id of the last event that had one: it holds for those behind it too.
    id: Option<String>,
    is_first_line: bool,
}

type Emit<'a> = dyn FnMut(Framed) -> ControlFlow<()> + 'a;

impl Framer {
    pub(crate) const fn new(framing: Framing) -> Self {
        Self {
            framing,
            line: Vec::new(),
            after_return: false,
            data: None,
            event: Vec::new(),
            id: None,
            is_first_line: true,
        }
    }

    /// The next piece of the body: hands over what is complete with it.
    pub(crate) fn push(&mut self, piece: Bytes, emit: &mut Emit<'_>) -> ControlFlow<()> {
        if self.framing == Framing::Chunks {
            return if piece.is_empty() {
                ControlFlow::Continue(())
            } else {
                emit((piece, None, None))
            };
        }
        let mut rest = &piece[..];
        if !rest.is_empty() && std::mem::take(&mut self.after_return) {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(at) = rest.iter().position(|byte| self.ends_line(*byte)) {
            self.line.extend_from_slice(&rest[..at]);
            let ending = rest[at];
            rest = &rest[at + 1..];
            if ending == b'\r' {
                self.after_return = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            self.end_line(emit)?;
        }
        self.line.extend_from_slice(rest);
        ControlFlow::Continue(())
    }

    /// The body is over: a last line needs no end. An event without its blank line is not complete and is not handed over.
    pub(crate) fn finish(&mut self, emit: &mut Emit<'_>) -> ControlFlow<()> {
        if self.framing == Framing::Lines {
            self.end_line(emit)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// How many bytes wait for the rest of their message.
    pub(crate) fn waiting(&self) -> usize {
        self.line.len() + self.data.as_ref().map_or(0, Vec::len)
    }

    fn ends_line(&self, byte: u8) -> bool {
        byte == b'\n' || (byte == b'\r' && self.framing == Framing::Sse)
    }

    fn end_line(&mut self, emit: &mut Emit<'_>) -> ControlFlow<()> {
        let line = std::mem::take(&mut self.line);
        match self.framing {
            Framing::Lines => {
                // Records of a JSON text sequence begin with a separator of their own.
                let line = line.strip_prefix(b"\x1e").unwrap_or(&line);
                if line.iter().all(u8::is_ascii_whitespace) {
                    return ControlFlow::Continue(());
                }
                emit((
                    Bytes::copy_from_slice(line.strip_suffix(b"\r").unwrap_or(line)),
                    None,
                    None,
                ))
            }
            _ => self.field(&line, emit),
        }
    }

    /// One line of an event stream.
    fn field(&mut self, line: &[u8], emit: &mut Emit<'_>) -> ControlFlow<()> {
        let mut line = line;
        if std::mem::take(&mut self.is_first_line) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            let event = (!event.is_empty()).then(|| String::from_utf8_lossy(&event).into_owned());
            return match self.data.take() {
                Some(data) => emit((data.into(), event, self.id.clone())),
                None => ControlFlow::Continue(()),
            };
        }
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            Some(at) => (
                &line[..at],
                line[at + 1..].strip_prefix(b" ").unwrap_or(&line[at + 1..]),
            ),
            None => (line, &b""[..]),
        };
        match (name, &mut self.data) {
            (b"data", Some(data)) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            (b"data", none) => *none = Some(value.to_vec()),
            (b"event", _) => self.event = value.to_vec(),
            (b"id", _) if !value.contains(&0) => {
                let id = String::from_utf8_lossy(value).into_owned();
                self.id = Some(id).filter(|id| !id.is_empty());
            }
            // A comment has an empty name; `retry` is for clients that come back.
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(framing: Framing, pieces: &[&[u8]]) -> Vec<(String, Option<String>)> {
        let (mut framer, mut found) = (Framer::new(framing), Vec::new());
        let mut keep = |(text, event, _): Framed| {
            found.push((
                String::from_utf8(text.to_vec()).expect("whole characters"),
                event,
            ));
            ControlFlow::Continue(())
        };
        for piece in pieces {
            assert!(
                framer
                    .push(Bytes::copy_from_slice(piece), &mut keep)
                    .is_continue()
            );
        }
        assert!(framer.finish(&mut keep).is_continue());
        found
    }

    const EVENTS: &str = "\u{feff}: hello\r\ndata: {\"a\":1}\r\n\r\nevent: token\rdata:zwei é\rdata:  drei\r\rid: 7\nretry: 5\n\n\
                          event: lost\n\ndata\n\ndata: [DONE]\n\ndata: cut off";

    fn events() -> Vec<(String, Option<String>)> {
        let plain = |text: &str| (text.to_owned(), None);
        vec![
            plain("{\"a\":1}"),
            ("zwei é\n drei".into(), Some("token".into())),
            plain(""),
            plain("[DONE]"),
        ]
    }

    #[test]
    fn events_come_out_whole_wherever_they_were_cut() {
        let bytes = EVENTS.as_bytes();
        for at in 0..=bytes.len() {
            assert_eq!(
                cut(Framing::Sse, &[&bytes[..at], &bytes[at..]]),
                events(),
                "cut at byte {at}"
            );
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(cut(Framing::Sse, &single), events());
    }

    #[test]
    fn lines_come_out_whole_wherever_they_were_cut() {
        let bytes = "{\"a\":\"é\"}\r\n\n  \n\x1e[1]\nlast".as_bytes();
        let all = ["{\"a\":\"é\"}", "[1]", "last"].map(|line| (line.to_owned(), None));
        for at in 0..=bytes.len() {
            assert_eq!(
                cut(Framing::Lines, &[&bytes[..at], &bytes[at..]]),
                all,
                "cut at byte {at}"
            );
        }
    }

    #[test]
    fn pieces_are_messages_as_they_are() {
        let all = ["one\n", "two"].map(|piece| (piece.to_owned(), None));
        assert_eq!(cut(Framing::Chunks, &[b"one\n", b"", b"two"]), all);
    }

    #[test]
    fn an_id_holds_until_the_next() {
        let mut ids = Vec::new();
        let text = "data: a\n\nid: 7\ndata: b\n\ndata: c\n\nid\ndata: d\n\n";
        let flow = Framer::new(Framing::Sse).push(
            Bytes::from_static(text.as_bytes()),
            &mut |(_, _, id)| {
                ids.push(id);
                ControlFlow::Continue(())
            },
        );
        let seven = Some("7".to_owned());
        assert!(flow.is_continue());
        assert_eq!(ids, [None, seven.clone(), seven, None]);
    }

    #[test]
    fn a_break_stops_at_once() {
        let mut framer = Framer::new(Framing::Lines);
        let mut seen = 0;
        let stopped = framer.push(Bytes::from_static(b"a\nb\nc\n"), &mut |_| {
            seen += 1;
            if seen == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert!(stopped.is_break() && seen == 2);
    }

    #[test]
    fn what_waits_is_known() {
        let mut framer = Framer::new(Framing::Sse);
        assert!(
            framer
                .push(Bytes::from_static(b"data: four\ndata"), &mut |_| {
                    ControlFlow::Continue(())
                })
                .is_continue()
        );
        assert_eq!(framer.waiting(), 8);
    }
}
