//! What was said and heard in a conversation, in the order in which it happened.

use std::borrow::Cow;
use std::fmt::Write;

use super::shown::{SHOWN, size, time};
use crate::clock::Tick;
use crate::protocol::{ExchangeTrace, Frame};
use crate::report::text::{clean, cut, plural};
use crate::units::Duration;

/// A binary message up to so many bytes is shown whole.
const SHORT: usize = 64;
/// So many messages of each side are shown from the begin, and as many from the end: results often come last.
const ENDS: usize = 10;
/// Characters of a message that are shown,
const LINE: usize = SHOWN / 10;
const LONG_LINE: usize = 500;

/// How the messages of a conversation are shown.
#[derive(Debug, Clone, Copy)]
struct DialogueStyle {
    begin: Tick,
    whole: bool,
}

enum DialogueTurn {
    /// A message that was sent, in words.
    Said(String),
    /// So many bytes that were sent: mostly audio.
    Chunk(usize),
    /// A message that came, in words.
    Came(String),
}

/// What happened between two messages that are shown.
#[derive(Default)]
struct Between {
    chunks: usize,
    bytes: usize,
    said: usize,
    came: usize,
}

impl Between {
    fn end(&mut self, out: &mut String) {
        let Self {
            chunks,
            bytes,
            said,
            came,
        } = std::mem::take(self);
        if chunks > 0 {
            let _ = writeln!(
                out,
                "> … {}, {} in all",
                plural(chunks as u64, "binary message"),
                size(bytes)
            );
        }
        for (mark, count) in [('>', said), ('<', came)] {
            if count > 0 {
                let _ = writeln!(
                    out,
                    "{mark} … {} left out, -v shows them",
                    plural(count as u64, "message")
                );
            }
        }
    }
}

/// Every message with the time since `begin`: texts as they are, of audio how much it was. Of many messages only the first and the last
/// are shown, unless the `whole` is wanted.
pub(crate) fn dialogue(out: &mut String, heard: &ExchangeTrace<'_>, begin: Tick, whole: bool) {
    let shape = DialogueStyle { begin, whole };
    let turns = turns(heard, shape);
    let count = |is: fn(&DialogueTurn) -> bool| turns.iter().filter(|(_, turn)| is(turn)).count();
    let (all_said, all_came) = (
        count(|turn| matches!(turn, DialogueTurn::Said(_))),
        count(|turn| matches!(turn, DialogueTurn::Came(_))),
    );
    let is_shown = |place: usize, all: usize| whole || place < ENDS || place + ENDS >= all;
    let (mut said, mut came, mut between) = (0, 0, Between::default());
    for (after, turn) in &turns {
        match turn {
            DialogueTurn::Chunk(bytes) => {
                between.chunks += 1;
                between.bytes += bytes;
            }
            DialogueTurn::Said(text) => {
                if is_shown(said, all_said) {
                    between.end(out);
                    let _ = writeln!(out, "> after {}: {text}", time(*after));
                } else {
                    between.said += 1;
                }
                said += 1;
            }
            DialogueTurn::Came(text) => {
                if is_shown(came, all_came) {
                    between.end(out);
                    let _ = writeln!(out, "< after {}: {text}", time(*after));
                } else {
                    between.came += 1;
                }
                came += 1;
            }
        }
    }
    between.end(out);
}

/// Both sides in the order in which it happened, with the time since the begin.
fn turns(heard: &ExchangeTrace<'_>, shape: DialogueStyle) -> Vec<(Duration, DialogueTurn)> {
    let sent = heard
        .frames
        .iter()
        .map(|(at, frame)| (*at, said(heard, frame, shape)));
    let came = heard
        .messages
        .iter()
        .map(|(at, text)| (*at, DialogueTurn::Came(message(heard, text, shape))));
    let mut all: Vec<(Tick, DialogueTurn)> = sent.chain(came).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter()
        .map(|(at, turn)| (at.since(shape.begin), turn))
        .collect()
}

fn said(heard: &ExchangeTrace<'_>, frame: &Frame, shape: DialogueStyle) -> DialogueTurn {
    DialogueTurn::Said(match frame {
        Frame::Text(text) => shape.line(&String::from_utf8_lossy(text)),
        Frame::Binary(data)
            if data.len() <= SHORT || (heard.codec.is_some() && data.len() <= LINE) =>
        {
            match heard.codec.and_then(|codec| codec.decode_request(data)) {
                Some(json) => shape.line(&json.to_string()),
                None => format!(
                    "[{}] {}",
                    size(data.len()),
                    clean(&data.escape_ascii().to_string())
                ),
            }
        }
        Frame::Binary(data) => return DialogueTurn::Chunk(data.len()),
        Frame::Finish => "[end]".to_owned(),
    })
}

fn message(heard: &ExchangeTrace<'_>, text: &[u8], shape: DialogueStyle) -> String {
    let read = heard
        .codec
        .and_then(|codec| codec.decode(text))
        .map(|json| json.to_string());
    shape.line(&read.map_or_else(|| String::from_utf8_lossy(text), Cow::Owned))
}

impl DialogueStyle {
    /// A message as one line; what is cut off is marked.
    fn line(self, text: &str) -> String {
        cut(&clean(text), if self.whole { LONG_LINE } else { LINE })
    }
}
