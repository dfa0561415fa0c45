//! What is made of a reply's body while it arrives: it is kept whole, or cut into messages that are handed over.

use std::ops::ControlFlow;

use ::http::header::CONTENT_TYPE;
use ::http::response::Parts;
use bytes::{Bytes, BytesMut};

use super::super::{Framing, Message};
use super::decode::Decoder;
use super::frames::Framer;
use crate::clock::Tick;
use crate::protocol::net::classify::Broken;
use crate::units;

/// The most of a reply's body, or of one message, that is kept in memory.
const LIMIT: units::Bytes = units::Bytes(64 * 1024 * 1024);
/// The most of a streamed body that its reply holds.
const STREAMED: usize = 64 * 1024;

type Each<'a> = dyn FnMut(&Message<'_>) -> ControlFlow<()> + 'a;

/// Who hears the messages of a stream.
pub(crate) struct Listener<'a> {
    pub(crate) framing: Option<Framing>,
    pub(crate) each: &'a mut Each<'a>,
}

/// One body being read.
pub(crate) struct Reading<'a> {
    parts: Parts,
    stream: Option<(Framer, &'a mut Each<'a>)>,
    decoder: Option<Decoder>,
    /// Most bodies come in one piece, which is not copied.
    first: Bytes,
    more: BytesMut,
    /// The size of what came over the wire.
    pub(crate) bytes: u64,
    /// The listener has heard enough.
    pub(crate) stopped: bool,
}

impl<'a> Reading<'a> {
    /// Reads the body of a reply with this head; only a 2xx reply is cut into messages.
    /// A compressed body is read only where compression was asked for.
    pub(crate) fn new(
        parts: Parts,
        compression: bool,
        listener: Option<&'a mut Listener<'_>>,
    ) -> Self {
        let content_type = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let stream = listener.filter(|_| parts.status.is_success()).map(
            |listener| -> (Framer, &'a mut Each<'a>) {
                let framing = listener
                    .framing
                    .unwrap_or_else(|| Framing::of(content_type));
                (Framer::new(framing), &mut *listener.each)
            },
        );
        let decoder = if compression {
            Decoder::of(&parts.headers)
        } else {
            None
        };
        Self {
            parts,
            stream,
            decoder,
            first: Bytes::new(),
            more: BytesMut::new(),
            bytes: 0,
            stopped: false,
        }
    }

    /// The next piece, read from the socket at that moment. `Break` where nothing more is wanted.
    pub(crate) fn take(&mut self, data: Bytes, at: Tick) -> Result<ControlFlow<()>, Broken> {
        self.bytes += data.len() as u64;
        let data = match &mut self.decoder {
            Some(decoder) => decoder.push(&data, LIMIT)?,
            None => data,
        };
        self.keep(&data)?;
        let Some((framer, each)) = &mut self.stream else {
            return Ok(ControlFlow::Continue(()));
        };
        let parts = &self.parts;
        let flow = framer.push(data, &mut |(text, event, id)| {
            each(&Message::new(at, text, event, parts.status.as_u16(), &parts.headers).with_id(id))
        });
        if framer.waiting() as u64 > LIMIT.0 {
            return Err(Broken::TooLarge(LIMIT));
        }
        self.stopped = flow.is_break();
        Ok(flow)
    }

    /// The body is over.
    pub(crate) fn finish(&mut self, at: Tick) -> Result<(), Broken> {
        // A reply to HEAD names the encoding of a body that it does not have.
        if let Some(decoder) = self.decoder.as_mut().filter(|_| self.bytes > 0) {
            decoder.finish()?;
        }
        let Some((framer, each)) = &mut self.stream else {
            return Ok(());
        };
        let parts = &self.parts;
        // Nothing is left that a `Break` could spare.
        let _ = framer.finish(&mut |(text, event, id)| {
            each(&Message::new(at, text, event, parts.status.as_u16(), &parts.headers).with_id(id))
        });
        Ok(())
    }

    fn keep(&mut self, data: &Bytes) -> Result<(), Broken> {
        let kept = self.first.len() + self.more.len();
        let room = if self.stream.is_some() {
            STREAMED
        } else {
            usize::MAX
        }
        .saturating_sub(kept);
        let data = data.slice(..data.len().min(room));
        if (kept + data.len()) as u64 > LIMIT.0 {
            return Err(Broken::TooLarge(LIMIT));
        }
        if kept == 0 {
            self.first = data;
        } else {
            self.more
                .extend_from_slice(&std::mem::take(&mut self.first));
            self.more.extend_from_slice(&data);
        }
        Ok(())
    }

    /// The reply's head, and what was kept of its body.
    pub(crate) fn into_parts(self) -> (Parts, Bytes) {
        (
            self.parts,
            if self.more.is_empty() {
                self.first
            } else {
                self.more.freeze()
            },
        )
    }
}
