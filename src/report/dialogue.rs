//! What was said and heard in a conversation, in the order in which it happened.

use std::borrow::Cow;
use std::fmt::Write;

use super::clean::clean;
use super::exchange::{SHOWN, size, time};
use super::words::plural;
use crate::clock::Tick;
use crate::protocol::{Frame, Heard};

/// A binary message up to so many bytes is shown whole.
const SHORT: usize = 64;
/// Messages that are shown.
const MESSAGES: usize = 20;

/// Binary messages in a row: mostly audio.
#[derive(Default)]
struct Run {
    count: usize,
    bytes: usize,
}

impl Run {
    fn end(&mut self, out: &mut String) {
        let Self { count, bytes } = std::mem::take(self);
        if count > 0 {
            let _ = writeln!(out, "> … {}, {} in all", plural(count as u64, "binary message"), size(bytes));
        }
    }
}

/// Every message with the time since `begin`: texts as they are, of audio how much it was. Of many that came only the first are shown.
pub(super) fn dialogue(out: &mut String, heard: &Heard<'_>, begin: Tick) {
    let mut came = heard.messages.iter().take(MESSAGES).peekable();
    let mut run = Run::default();
    for (at, frame) in heard.frames {
        while let Some((at, text)) = came.next_if(|(when, _)| when < at) {
            run.end(out);
            message(out, heard, begin, *at, text);
        }
        let Some(said) = said(heard, frame) else {
            if let Frame::Binary(data) = frame {
                (run.count, run.bytes) = (run.count + 1, run.bytes + data.len());
            }
            continue;
        };
        run.end(out);
        let _ = writeln!(out, "> after {}: {said}", time(at.since(begin)));
    }
    run.end(out);
    for (at, text) in came {
        message(out, heard, begin, *at, text);
    }
    if heard.messages.len() > MESSAGES {
        let _ = writeln!(out, "< … {} messages in all", heard.messages.len());
    }
}

/// A frame in words; `None` where it is one of many chunks.
fn said(heard: &Heard<'_>, frame: &Frame) -> Option<String> {
    Some(match frame {
        Frame::Text(text) => clean(&String::from_utf8_lossy(text)).chars().take(SHOWN / 10).collect(),
        Frame::Binary(data) if data.len() <= SHORT || (heard.method.is_some() && data.len() <= SHOWN / 10) => {
            match heard.method.and_then(|method| method.decode_request(data)) {
                Some(json) => clean(&json.to_string()).chars().take(SHOWN / 10).collect(),
                None => format!("[{}] {}", size(data.len()), clean(&data.escape_ascii().to_string())),
            }
        }
        Frame::Binary(_) => return None,
        Frame::Finish => "[end]".to_owned(),
    })
}

fn message(out: &mut String, heard: &Heard<'_>, begin: Tick, at: Tick, text: &[u8]) {
    let read = heard.method.and_then(|method| method.decode(text)).map(|json| json.to_string());
    let text = read.map_or_else(|| String::from_utf8_lossy(text), Cow::Owned);
    let line: String = clean(&text).chars().take(SHOWN / 10).collect();
    let _ = writeln!(out, "< after {}: {line}", time(at.since(begin)));
}
