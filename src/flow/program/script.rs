//! What this side says in a conversation: compiled once, filled in for each iteration.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::clip::PickedClip;
use crate::audio::{Chunks, Encoding, Pool};
use crate::flow::spec::covers::CoversSpec;
use crate::protocol::{Binding, ChunkEncoder, Frame, MessageTemplate, RequestError};
use crate::select::Conditions;
use crate::template::{Slot, Values};
use crate::units::Duration;

/// What stands for a chunk in a message until there is one. No JSON text has a control character in it.
const HOLE: &str = "\u{1a}";

/// The part of this side, as the plan has it.
#[derive(Debug, Clone)]
pub(crate) struct StreamScript {
    pub(crate) open: Vec<MessageTemplate>,
    pub(crate) ready: Option<Conditions>,
    pub(crate) feed: Option<AudioFeed>,
    pub(crate) linger: Duration,
    /// Lingering ends sooner when nothing has come for so long.
    pub(crate) quiet: Option<Duration>,
    pub(crate) finish: Option<MessageTemplate>,
    /// Whether this side says that it has said everything: not where it waits for a message that ends a WebSocket.
    pub(crate) hangs_up: bool,
    pub(crate) covers: Option<CoversSpec>,
    pub(crate) reconnect: u64,
}

/// Audio that is streamed.
#[derive(Debug, Clone)]
pub(crate) struct AudioFeed {
    pub(crate) pool: String,
    pub(crate) encoding: Encoding,
    pub(crate) chunk: Duration,
    /// Zero for everything at once.
    pub(crate) pace: f64,
    /// How long the longest clip of the pool takes.
    pub(crate) longest: Duration,
    pub(crate) field: Option<String>,
    /// The message around a chunk, and where its base64 goes.
    pub(crate) json: Option<(MessageTemplate, Slot)>,
    /// The chunks of each clip, made once for all users.
    pub(crate) made: Arc<OnceLock<ChunkCache>>,
}

/// Chunks ready to be sent, by the place of their clip in memory: clips live as long as their pool.
pub(crate) type ChunkCache = HashMap<usize, Arc<ChunkedClip>>;

/// A clip as it is sent.
#[derive(Debug)]
pub(crate) struct ChunkedClip {
    pub(crate) chunks: Chunks,
    /// The chunks as they stand in messages: in base64 or in a field of a message.
    wrapped: Option<Vec<Bytes>>,
}

/// Everything that one iteration says.
#[derive(Debug)]
pub(crate) struct OutgoingMessages {
    pub(crate) open: Vec<Frame>,
    pub(crate) finish: Option<Frame>,
    pub(crate) audio: Option<OutgoingAudio>,
}

/// The audio of one iteration.
#[derive(Debug)]
pub(crate) struct OutgoingAudio {
    pub(crate) cut: Arc<ChunkedClip>,
    /// What stands before and behind each chunk, where it is a text.
    around: Option<(Bytes, Bytes)>,
}

impl OutgoingAudio {
    pub(crate) fn count(&self) -> usize {
        self.cut.chunks.chunks.len()
    }

    /// The message with a chunk in it.
    pub(crate) fn frame(&self, place: usize) -> Frame {
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

impl AudioFeed {
    /// The clip that is sent in this iteration, cut up. `pool` is its pool.
    fn cut(
        &self,
        sent: &PickedClip,
        pool: &Pool,
        encoder: Option<&ChunkEncoder>,
    ) -> Result<Arc<ChunkedClip>, RequestError> {
        if let Some(own) = sent.varied()? {
            return Ok(Arc::new(
                self.make(&own.chunks(self.encoding, self.chunk), encoder),
            ));
        }
        let made = self.made.get_or_init(|| {
            let all = pool.clips.iter().map(|clip| {
                (
                    Arc::as_ptr(clip) as usize,
                    Arc::new(self.make(&clip.chunks(self.encoding, self.chunk), encoder)),
                )
            });
            all.collect()
        });
        made.get(&(Arc::as_ptr(&sent.clip) as usize))
            .cloned()
            .ok_or_else(|| RequestError("the clip is of another pool".to_owned()))
    }

    fn make(&self, chunks: &Chunks, encoder: Option<&ChunkEncoder>) -> ChunkedClip {
        let all = || chunks.chunks.iter();
        let wrapped = match (encoder, &self.json) {
            (Some(encode), _) => Some(all().map(|chunk| encode(chunk)).collect()),
            (None, Some(_)) => Some(all().map(|chunk| STANDARD.encode(chunk).into()).collect()),
            (None, None) => None,
        };
        ChunkedClip {
            chunks: chunks.clone(),
            wrapped,
        }
    }
}

impl StreamScript {
    /// The longest that a conversation can take: its connection and the wait for ready, its audio, and the wait for its end.
    pub(crate) fn longest(&self, timeout: Duration) -> Duration {
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
    pub(crate) fn messages(
        &self,
        values: &mut Values,
        binding: &Binding,
        first: Option<Bytes>,
        sent: Option<(&PickedClip, &Pool)>,
    ) -> Result<OutgoingMessages, RequestError> {
        let codec = binding.codec()?;
        let say = |message: &MessageTemplate, values: &Values| match &codec {
            Some(codec) => codec.encode(&message.bytes(values)?).map(Frame::Binary),
            None => message.frame(values),
        };
        let mut open = Vec::new();
        if let (Some(codec), Some(message)) = (&codec, first) {
            open.push(Frame::Binary(codec.encode(&message)?));
        }
        for message in &self.open {
            open.push(say(message, values)?);
        }
        let audio = match (&self.feed, sent) {
            (Some(feed), Some((sent, pool))) => {
                let encoder = binding.chunk_encoder(feed.field.as_deref())?;
                let cut = feed.cut(sent, pool, encoder.as_ref())?;
                let around = match &feed.json {
                    Some((message, hole)) => {
                        values.set(*hole, HOLE.into());
                        Some(around(&message.bytes(values)?)?)
                    }
                    None => None,
                };
                Some(OutgoingAudio { cut, around })
            }
            (Some(feed), None) => {
                return Err(RequestError(format!("there is no clip of `{}`", feed.pool)));
            }
            (None, _) => None,
        };
        let finish = self
            .finish
            .as_ref()
            .map(|finish| say(finish, values))
            .transpose()?;
        Ok(OutgoingMessages {
            open,
            finish,
            audio,
        })
    }
}

/// What stands before and behind the hole of a message.
fn around(message: &Bytes) -> Result<(Bytes, Bytes), RequestError> {
    let hole = serde_json::to_string(HOLE).unwrap_or_default();
    let hole = hole.trim_matches('"').as_bytes();
    let at = message.windows(hole.len()).position(|part| part == hole);
    let at = at.ok_or_else(|| RequestError("the message has no place for the audio".to_owned()))?;
    Ok((message.slice(..at), message.slice(at + hole.len()..)))
}
