//! What the messages of a stream have brought so far.

use std::ops::ControlFlow;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use super::message;
use super::reach::Reach;
use super::session::{Moments, Session};
use super::step::{Span, Step, Stream, StreamEnd};
use super::transcript::Pieces;
use crate::clock::Tick;
use crate::measure::Value as Measured;
use crate::metric::MetricId;
use crate::protocol::{Message, Timing};
use crate::select::{Conditions, Evidence, Subject};
use crate::units::Duration;

/// So many messages of a conversation are kept as they came,
const SAID: usize = 200;
/// up to so many characters of each.
const LONGEST: usize = 500;

/// So many warnings of a conversation are kept.
const WARNED: usize = 20;

/// How a message has ended the stream.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ended {
    /// It was the one to wait for.
    Well,
    /// It reports an error, in these words.
    Error(String),
    /// It is the refusal that the plan expects, in these words.
    Refusal(String),
    /// The target has ended the stream before all seconds of the audio were sent.
    Early {
        /// The seconds that were sent.
        sent: f64,
        /// All of them.
        all: f64,
    },
}

/// Why a span has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unspanned {
    /// The moment that it begins with was never there.
    NoBegin,
    /// The moment that it ends with was never there.
    NoEnd,
    /// It ended before it began.
    Backwards,
}

/// Listens to one stream.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) messages: u64,
    pub(super) first: Option<Tick>,
    pub(super) last: Option<Tick>,
    /// The last message whose transcript was another than before; the last of all where the plan looks for none.
    last_word: Option<Tick>,
    gaps: Vec<Duration>,
    marks: Vec<Option<Tick>>,
    pub(super) pieces: Pieces,
    /// The value of each capture of the step: from the first message that has one.
    pub(super) captured: Vec<Option<Value>>,
    /// The last message.
    pub(super) text: Bytes,
    /// The last message that was JSON, where a condition wants to know.
    pub(super) json: Option<Value>,
    pub(super) ended: Option<Ended>,
    pub(super) start: Tick,
    /// How the connection was made, once it is.
    pub(super) opened: Option<Timing>,
    /// What this side has done, where it speaks too.
    pub(super) moments: Moments,
    /// How far into the audio messages have reached.
    pub(super) reach: Reach,
    /// What the target has warned of, in its own words.
    pub(super) warned: Vec<String>,
    /// Messages that were read as JSON in vain.
    pub(super) no_json: u64,
    /// The first messages as they came, for the record of a client.
    pub(super) said: Vec<(Tick, String)>,
}

impl Heard {
    /// Nothing yet of a step that began at `start`.
    pub(super) fn new(step: &Step, stream: &Stream, start: Tick) -> Self {
        let (marks, captured) = (
            vec![None; stream.marks.len()],
            vec![None; step.capture.len()],
        );
        let mut pieces = Pieces::default();
        if let Some(covers) = stream.covers() {
            pieces.scale.unit = covers.unit();
        }
        Self {
            marks,
            captured,
            pieces,
            start,
            ..Self::default()
        }
    }

    /// Takes the head of the reply that opens a conversation: what is captured from it is known however the conversation ends.
    pub(super) fn hear_head(
        &mut self,
        step: &Step,
        at: Tick,
        (status, headers): (u16, &HeaderMap),
    ) {
        let head = Message::new(at, Bytes::new(), None, status, headers);
        for (known, wanted) in self.captured.iter_mut().zip(&step.capture) {
            if known.is_none() && wanted.from.is_of_head() {
                *known = wanted.from.first(&head);
            }
        }
    }

    /// Takes one message of a conversation.
    pub(super) fn hear_both(
        &mut self,
        step: &Step,
        stream: &Stream,
        message: &Message<'_>,
        session: &mut Session<'_>,
    ) -> ControlFlow<()> {
        if self.said.len() < SAID {
            self.said.push((
                message.at,
                message::shorten_to(&String::from_utf8_lossy(message.body()), LONGEST),
            ));
        }
        if let Some(reject) = step.reject.as_ref().filter(|reject| is_of_message(reject))
            && reject.check(message).is_ok()
        {
            self.messages += 1;
            self.text = message.text.clone();
            self.ended = Some(Ended::Refusal(message::of_stream(message)));
            return ControlFlow::Break(());
        }
        session.hear(message.at);
        if !session.is_waiting() {
            if let Some(covers) = stream.covers() {
                self.reach
                    .hear(covers, message, self.pieces.scale.offset, &self.moments);
            }
            let flow = self.hear(step, stream, message);
            self.no_json += u64::from(message.is_no_json());
            if let Some(end) = self
                .pieces
                .segments
                .end()
                .filter(|_| stream.covers().is_some())
            {
                self.reach.hear_end(end, &self.moments);
            }
            return flow;
        }
        // Greetings are no results: they have no part in the times of messages.
        let flow = self.take(step, stream, message);
        let ready = stream
            .script
            .as_ref()
            .and_then(|script| script.ready.as_ref());
        if flow.is_continue() && ready.is_some_and(|ready| ready.check(message).is_ok()) {
            session.start(message.at, &mut self.moments);
        }
        flow
    }

    /// Of the seconds of audio that were sent, the share that results cover: where segments have a begin and an end, those; else as far as
    /// messages reach. `None` where results reach what was never sent.
    pub(super) fn coverage(&self) -> Option<f64> {
        if !self.reach.is_possible() {
            return None;
        }
        let sent = self.moments.sent();
        let covered = match self.pieces.segments.is_empty() {
            false => self.pieces.segments.covered(sent),
            true => self.reach.second.min(sent),
        };
        (sent > 0.0).then(|| covered / sent)
    }

    /// Takes one message.
    pub(super) fn hear(
        &mut self,
        step: &Step,
        stream: &Stream,
        message: &Message<'_>,
    ) -> ControlFlow<()> {
        self.first.get_or_insert(message.at);
        if let Some(before) = self.last.replace(message.at) {
            self.gaps.push(message.at.since(before));
        }
        self.take(step, stream, message)
    }

    /// What a message brings, whenever it came.
    fn take(&mut self, step: &Step, stream: &Stream, message: &Message<'_>) -> ControlFlow<()> {
        self.messages += 1;
        for (known, (_, mark, _)) in self.marks.iter_mut().zip(&stream.marks) {
            if (known.is_none() || !mark.first) && mark.finding.is_in(message) {
                *known = Some(message.at);
            }
        }
        for (known, wanted) in self.captured.iter_mut().zip(&step.capture) {
            if known.is_none() {
                *known = wanted.from.first(message);
            }
        }
        if step
            .transcript
            .as_ref()
            .is_none_or(|transcript| transcript.hear(message, &mut self.pieces))
        {
            self.last_word = Some(message.at);
        }
        if stream.keeps_json
            && let Some(json) = message.json()
        {
            self.json = Some(json.clone());
        }
        self.text = message.text.clone();
        if self.warned.len() < WARNED
            && stream
                .warning
                .as_ref()
                .is_some_and(|warning| warning.check(message).is_ok())
        {
            self.warned.push(message::warning(message));
        }
        if stream
            .error
            .as_ref()
            .is_some_and(|error| error.check(message).is_ok())
        {
            self.ended = Some(Ended::Error(message::of_stream(message)));
            return ControlFlow::Break(());
        }
        if stream
            .until
            .as_ref()
            .is_some_and(|until| until.check(message).is_ok())
        {
            self.ended = Some(Ended::Well);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// A mark in seconds since the step began, or the count of messages.
    pub(super) fn named(&self, stream: &Stream, subject: &str) -> Option<Value> {
        if subject == "messages" {
            return Some(self.messages.into());
        }
        let place = stream
            .marks
            .iter()
            .position(|(name, _, _)| name == subject)?;
        Some(self.marks[place]?.since(self.start).as_secs_f64().into())
    }

    /// What a stream that ended well has measured, and what was odd about it.
    pub(super) fn values(
        &self,
        step: &Step,
        stream: &Stream,
        timing: &Timing,
        values: &mut Vec<(MetricId, Measured)>,
    ) -> Vec<String> {
        let ids = stream.ids;
        values.push((ids.messages, Measured::Known(self.messages)));
        values.extend(
            self.first
                .map(|first| (ids.first_message, first.since(self.start).into())),
        );
        values.extend(self.gaps.iter().map(|gap| (ids.gap, Measured::from(*gap))));
        self.values_of_both(stream, timing, values);
        for (at, (_, _, id)) in self.marks.iter().zip(&stream.marks) {
            values.extend(at.map(|at| (*id, Measured::from(at.since(self.start)))));
        }
        let mut odd = self.odd(step, stream);
        for span in &stream.spans {
            match self.span(span, timing) {
                Ok(time) => values.push((span.id, time.into())),
                Err(Unspanned::Backwards) => {
                    odd.push(format!(
                        "the span `{}` ended before it began: it has no value",
                        span.name
                    ));
                }
                Err(Unspanned::NoBegin | Unspanned::NoEnd) => {}
            }
        }
        odd
    }

    /// How long a span took.
    pub(super) fn span(&self, span: &Span, timing: &Timing) -> Result<Duration, Unspanned> {
        let from = self.moment(span.from, timing).ok_or(Unspanned::NoBegin)?;
        let to = self.moment(span.to, timing).ok_or(Unspanned::NoEnd)?;
        if from <= to {
            Ok(to.since(from))
        } else {
            Err(Unspanned::Backwards)
        }
    }

    /// Each mark with its time since the step began, where a message has it.
    pub(super) fn marked<'a>(
        &self,
        stream: &'a Stream,
    ) -> impl Iterator<Item = (&'a str, Option<Duration>)> {
        let marks = stream.marks.iter().zip(&self.marks);
        marks.map(|((name, _, _), at)| (name.as_str(), at.map(|at| at.since(self.start))))
    }

    /// What the plan looks for in a conversation and what was never there.
    pub(super) fn odd(&self, step: &Step, stream: &Stream) -> Vec<String> {
        let mut odd = Vec::new();
        let never_ready = stream
            .script
            .as_ref()
            .is_some_and(|script| script.ready.is_some())
            && self.moments.ready.is_none();
        if self.messages == 0 || never_ready {
            return odd;
        }
        for (name, _) in self.marked(stream).filter(|(_, at)| at.is_none()) {
            odd.push(format!(
                "no message of a stream has what the mark `{name}` looks for"
            ));
        }
        if stream.script.is_none() {
            return odd;
        }
        odd.extend(stream.covers().and_then(|covers| self.reach.odd(covers)));
        if step.transcript.is_some() && self.pieces.text().is_none() {
            odd.push("`transcript` finds nothing in any message of a conversation".to_owned());
        }
        if self.no_json > 0 {
            let (what, all) = (self.no_json, self.messages);
            odd.push(format!("{what} of {all} messages of a conversation are not JSON, where the plan looks for JSON"));
        }
        odd
    }

    /// The last message, where none has said anything of what the plan looks for: it may say why.
    pub(super) fn last_of_strange(&self) -> Option<String> {
        // The message that says ready is none of those.
        if self.moments.ready.is_some() && self.first.is_none() {
            return None;
        }
        let text = std::str::from_utf8(&self.text)
            .ok()
            .filter(|text| !text.is_empty() && !text.contains('\0'))?;
        self.pieces.text().is_none().then(|| message::shorten(text))
    }

    /// What only a conversation measures.
    fn values_of_both(
        &self,
        stream: &Stream,
        timing: &Timing,
        values: &mut Vec<(MetricId, Measured)>,
    ) {
        let (ids, moments) = (stream.ids, &self.moments);
        let after = |from: Option<Tick>, to: Option<Tick>| Some(to?.since(from?));
        let dialled = timing.started + dialling(timing);
        let times = [
            (ids.handshake, after(Some(dialled), moments.connected)),
            (ids.ready, after(Some(self.start), moments.ready)),
            (ids.audio.map(|audio| audio.tail), self.tail()),
        ];
        values.extend(
            times
                .into_iter()
                .filter_map(|(id, time)| Some((id?, time?.into()))),
        );
        if let Some(id) = ids.delay {
            values.extend(
                self.reach
                    .delays
                    .iter()
                    .map(|delay| (id, Measured::from(*delay))),
            );
        }
        let shares = [
            (ids.coverage, self.coverage(), 1e6),
            (ids.audio.and_then(|audio| audio.pace), moments.pace(), 1e3),
        ];
        values.extend(shares.into_iter().filter_map(|(id, share, scale)| {
            Some((id?, Measured::Known((share? * scale).round() as u64)))
        }));
    }

    /// From the end of the audio to the last word; `None` where none came after it.
    pub(super) fn tail(&self) -> Option<Duration> {
        let (end, last) = (self.moments.chunks.last()?, self.last_word?);
        (last >= *end).then(|| last.since(*end))
    }

    /// How long the plan listened on after the last word, before `finish`.
    pub(super) fn idle(&self) -> Duration {
        let last = self.moments.chunks.last().copied().max(self.last_word);
        match (last, self.moments.finished) {
            (Some(last), Some(finished)) => finished.since(last),
            _ => Duration::ZERO,
        }
    }

    fn moment(&self, end: StreamEnd, timing: &Timing) -> Option<Tick> {
        match end {
            StreamEnd::Mark(place) => self.marks[place],
            StreamEnd::Start => Some(self.start),
            StreamEnd::Connected => self
                .moments
                .connected
                .or(Some(timing.started + dialling(timing))),
            StreamEnd::Ready => self.moments.ready,
            StreamEnd::AudioStart => self.moments.chunks.first().copied(),
            StreamEnd::AudioEnd => self.moments.chunks.last().copied(),
            StreamEnd::Finished => self.moments.finished,
            StreamEnd::FirstMessage => self.first,
            StreamEnd::LastMessage => self.last,
            StreamEnd::End => Some(timing.ended),
        }
    }
}

/// How long the connection took to make.
pub(super) fn dialling(timing: &Timing) -> Duration {
    [timing.dns, timing.connect, timing.tls]
        .into_iter()
        .flatten()
        .sum()
}

/// Whether conditions look at one message alone, and at nothing of the whole answer.
fn is_of_message(conditions: &Conditions) -> bool {
    conditions
        .subjects()
        .all(|subject| matches!(subject, Subject::Selector(_)))
}
