//! What this side says in a conversation: compiled once, filled in for each iteration.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::covers::Covers;
use super::sent::Sent;
use super::step::Transport;
use crate::audio::{Chunks, Encoding, Pool};
use crate::protocol::grpc::{BytesField, Described, Method};
use crate::protocol::{Frame, Say};
use crate::select::Conditions;
use crate::template::{Slot, Values};
use crate::units::Duration;

/// What stands for a chunk in a message until there is one. No JSON text has a control character in it.
const HOLE: &str = "\u{1a}";

/// The part of this side, as the plan has it.
#[derive(Debug, Clone)]
pub(super) struct Script {
    pub(super) open: Vec<Say>,
    pub(super) ready: Option<Conditions>,
    pub(super) feed: Option<Feed>,
    pub(super) linger: Duration,
    /// Lingering ends sooner when nothing has come for so long.
    pub(super) quiet: Option<Duration>,
    pub(super) finish: Option<Say>,
    /// Whether this side says that it has said everything: not where it waits for a message that ends a WebSocket.
    pub(super) hangs_up: bool,
    pub(super) covers: Option<Covers>,
    pub(super) reconnect: u64,
}

/// Audio that is streamed.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    pub(super) pool: String,
    pub(super) encoding: Encoding,
    pub(super) chunk: Duration,
    /// Zero for everything at once.
    pub(super) pace: f64,
    /// How long the longest clip of the pool takes.
    pub(super) longest: Duration,
    pub(super) field: Option<String>,
    /// The message around a chunk, and where its base64 goes.
    pub(super) json: Option<(Say, Slot)>,
    /// The chunks of each clip, made once for all users.
    pub(super) made: Arc<OnceLock<Made>>,
}

/// Chunks ready to be sent, by the place of their clip in memory: clips live as long as their pool.
pub(super) type Made = HashMap<usize, Arc<Cut>>;

/// A clip as it is sent.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) chunks: Chunks,
    /// The chunks as they stand in messages: in base64 or in a field of a message.
    wrapped: Option<Vec<Bytes>>,
}

/// Everything that one iteration says.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) open: Vec<Frame>,
    pub(super) finish: Option<Frame>,
    pub(super) audio: Option<Audio>,
}

/// The audio of one iteration.
#[derive(Debug)]
pub(super) struct Audio {
    pub(super) cut: Arc<Cut>,
    /// What stands before and behind each chunk, where it is a text.
    around: Option<(Bytes, Bytes)>,
}

impl Audio {
    pub(super) fn count(&self) -> usize {
        self.cut.chunks.chunks.len()
    }

    /// The message with a chunk in it.
    pub(super) fn frame(&self, place: usize) -> Frame {
        let chunk = match &self.cut.wrapped {
            Some(wrapped) => &wrapped[place],
            None => &self.cut.chunks.chunks[place],
        };
        match &self.around {
            None => Frame::Binary(chunk.clone()),
            Some((before, behind)) => Frame::Text(
                [before, chunk, behind]
                    .map(|part| &part[..])
                    .concat()
                    .into(),
            ),
        }
    }
}

impl Feed {
    /// The clip that is sent in this iteration, cut up. `pool` is its pool.
    fn cut(&self, sent: &Sent, pool: &Pool, field: Option<BytesField>) -> Result<Arc<Cut>, String> {
        if let Some(own) = sent.varied()? {
            return Ok(Arc::new(
                self.make(&own.chunks(self.encoding, self.chunk), field),
            ));
        }
        let made = self.made.get_or_init(|| {
            let all = pool.clips.iter().map(|clip| {
                (
                    Arc::as_ptr(clip) as usize,
                    Arc::new(self.make(&clip.chunks(self.encoding, self.chunk), field)),
                )
            });
            all.collect()
        });
        made.get(&(Arc::as_ptr(&sent.clip) as usize))
            .cloned()
            .ok_or_else(|| "the clip is of another pool".to_owned())
    }

    fn make(&self, chunks: &Chunks, field: Option<BytesField>) -> Cut {
        let wrapped = match (field, &self.json) {
            (Some(field), _) => Some(
                chunks
                    .chunks
                    .iter()
                    .map(|chunk| field.message(chunk))
                    .collect(),
            ),
            (None, Some(_)) => Some(
                chunks
                    .chunks
                    .iter()
                    .map(|chunk| STANDARD.encode(chunk).into())
                    .collect(),
            ),
            (None, None) => None,
        };
        Cut {
            chunks: chunks.clone(),
            wrapped,
        }
    }
}

impl Script {
    /// The longest that a conversation can take: its connection and the wait for ready, its audio, and the wait for its end.
    pub(super) fn longest(&self, timeout: Duration) -> Duration {
        let audio = self
            .feed
            .as_ref()
            .map_or(Duration::ZERO, |feed| feed.longest);
        timeout + audio + self.linger + timeout
    }

    /// What an iteration with these values and this clip says. `first` is the message of a call that streams none.
    ///
    /// # Errors
    /// Says what cannot be said.
    pub(super) fn part(
        &self,
        values: &mut Values,
        transport: &Transport,
        first: Option<Bytes>,
        sent: Option<(&Sent, &Pool)>,
    ) -> Result<Part, String> {
        let method = match transport {
            Transport::Grpc(described) => Some(known(described)?),
            _ => None,
        };
        let say = |say: &Say, values: &Values| match method {
            Some(method) => method.encode(&say.bytes(values)?).map(Frame::Binary),
            None => say.frame(values),
        };
        let mut open = Vec::new();
        if let (Some(method), Some(message)) = (method, first) {
            open.push(Frame::Binary(method.encode(&message)?));
        }
        for message in &self.open {
            open.push(say(message, values)?);
        }
        let audio = match (&self.feed, sent) {
            (Some(feed), Some((sent, pool))) => {
                let field = match (method, &feed.field) {
                    (Some(method), Some(name)) => Some(method.field(name)?),
                    _ => None,
                };
                let cut = feed.cut(sent, pool, field)?;
                let around = match &feed.json {
                    Some((message, hole)) => {
                        values.set(*hole, HOLE.into());
                        Some(around(&message.bytes(values)?)?)
                    }
                    None => None,
                };
                Some(Audio { cut, around })
            }
            (Some(feed), None) => return Err(format!("there is no clip of `{}`", feed.pool)),
            (None, _) => None,
        };
        let finish = self
            .finish
            .as_ref()
            .map(|finish| say(finish, values))
            .transpose()?;
        Ok(Part {
            open,
            finish,
            audio,
        })
    }
}

/// The method of a call, which a target without a description in the plan has been asked for before the load.
pub(super) fn known(described: &Described) -> Result<&Method, String> {
    described
        .method()
        .ok_or_else(|| format!("{} is described nowhere", described.name))
}

/// What stands before and behind the hole of a message.
fn around(message: &Bytes) -> Result<(Bytes, Bytes), String> {
    let hole = serde_json::to_string(HOLE).unwrap_or_default();
    let hole = hole.trim_matches('"').as_bytes();
    let at = message.windows(hole.len()).position(|part| part == hole);
    let at = at.ok_or_else(|| "the message has no place for the audio".to_owned())?;
    Ok((message.slice(..at), message.slice(at + hole.len()..)))
}
