//! What the messages of a stream have brought so far.

use std::ops::ControlFlow;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use super::coverage::AudioCoverage;
use super::driver::{StreamDriver, StreamTimestamps};
use crate::clock::Tick;
use crate::flow::program::step::{CompiledStep, CompiledStream};
use crate::flow::spec::transcript::TranscriptParts;
use crate::flow::stream::message;
use crate::protocol::{Message, Timing};
use crate::select::{Conditions, Evidence, Subject, begin};
use crate::units::Duration;

/// So many messages of a conversation are kept as they came,
const SAID: usize = 200;
/// up to so many characters of each.
const LONGEST: usize = 500;

/// So many warnings of a conversation are kept.
const WARNED: usize = 20;

/// How a message has ended the stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum StreamEnding {
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

/// What a conversation had brought when `finish` was sent: what comes behind it is an answer to that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BeforeFinish {
    /// How long nothing new had been said: the plan has waited, and not the target worked.
    pub(crate) idle: Duration,
    /// Seconds of audio at the end that nothing had reached.
    pub(crate) owed: f64,
}

/// Listens to one stream.
#[derive(Debug, Default)]
pub(crate) struct StreamState {
    pub(crate) messages: u64,
    pub(crate) first: Option<Tick>,
    pub(crate) last: Option<Tick>,
    /// The last message whose transcript was another than before; the last of all where the plan looks for none.
    pub(crate) last_word: Option<Tick>,
    pub(crate) gaps: Vec<Duration>,
    pub(crate) marks: Vec<Option<Tick>>,
    pub(crate) pieces: TranscriptParts,
    /// The value of each capture of the step: from the first message that has one.
    pub(crate) captured: Vec<Option<Value>>,
    /// The last message.
    pub(crate) text: Bytes,
    /// The last message that was JSON, where a condition wants to know.
    pub(crate) json: Option<Value>,
    pub(crate) ended: Option<StreamEnding>,
    pub(crate) start: Tick,
    /// How the connection was made, once it is.
    pub(crate) opened: Option<Timing>,
    /// What this side has done, where it speaks too.
    pub(crate) moments: StreamTimestamps,
    /// How far into the audio messages have reached.
    pub(crate) reach: AudioCoverage,
    /// What the target has warned of, in its own words.
    pub(crate) warned: Vec<String>,
    /// Messages that were read as JSON in vain.
    pub(crate) no_json: u64,
    /// How the first of them begins.
    no_json_begin: Option<String>,
    /// What had been heard when `finish` was sent.
    pub(crate) before_finish: Option<BeforeFinish>,
    /// The first messages as they came, for the record of a client.
    pub(crate) said: Vec<(Tick, String)>,
}

impl StreamState {
    /// Nothing yet of a step that began at `start`.
    pub(crate) fn new(step: &CompiledStep, stream: &CompiledStream, start: Tick) -> Self {
        let (marks, captured) = (
            vec![None; stream.marks.len()],
            vec![None; step.capture.len()],
        );
        let mut pieces = TranscriptParts::default();
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

    /// How many messages are not JSON, and what the first of them is; `None` where none was read as JSON in vain.
    pub(crate) fn no_json(&self) -> Option<String> {
        let begin = self.no_json_begin.as_ref()?;
        let (what, all) = (self.no_json, self.messages);
        Some(format!(
            "{what} of {all} messages are not JSON; the first{begin}"
        ))
    }

    /// Notes what has been heard once `finish` is sent.
    pub(crate) fn note_finish(&mut self) {
        let Some(finished) = self
            .moments
            .finished
            .filter(|_| self.before_finish.is_none())
        else {
            return;
        };
        let last = self.moments.chunks.last().copied().max(self.last_word);
        self.before_finish = Some(BeforeFinish {
            idle: last.map_or(Duration::ZERO, |last| finished.since(last)),
            owed: self.reach.owed(&self.moments),
        });
    }

    /// Takes the head of the reply that opens a conversation: what is captured from it is known however the conversation ends.
    pub(crate) fn receive_head(
        &mut self,
        step: &CompiledStep,
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
    pub(crate) fn receive_in_turn(
        &mut self,
        step: &CompiledStep,
        stream: &CompiledStream,
        message: &Message<'_>,
        driver: &mut StreamDriver<'_>,
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
            self.ended = Some(StreamEnding::Refusal(message::of_stream(message)));
            return ControlFlow::Break(());
        }
        driver.received(message.at);
        if !driver.is_waiting() {
            if let Some(covers) = stream.covers() {
                self.reach
                    .hear(covers, message, self.pieces.scale.offset, &self.moments);
            }
            let flow = self.receive(step, stream, message);
            if message.is_no_json() {
                self.no_json += 1;
                self.no_json_begin
                    .get_or_insert_with(|| begin(&message.text()));
            }
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
            driver.start(message.at, &mut self.moments);
        }
        flow
    }

    /// Takes one message.
    pub(crate) fn receive(
        &mut self,
        step: &CompiledStep,
        stream: &CompiledStream,
        message: &Message<'_>,
    ) -> ControlFlow<()> {
        let content = stream.content.as_ref();
        if content.is_none_or(|content| content.check(message).is_ok()) {
            self.first.get_or_insert(message.at);
            if let Some(before) = self.last.replace(message.at) {
                self.gaps.push(message.at.since(before));
            }
        }
        self.take(step, stream, message)
    }

    /// What a message brings, whenever it came.
    fn take(
        &mut self,
        step: &CompiledStep,
        stream: &CompiledStream,
        message: &Message<'_>,
    ) -> ControlFlow<()> {
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
            self.ended = Some(StreamEnding::Error(message::of_stream(message)));
            return ControlFlow::Break(());
        }
        if stream
            .until
            .as_ref()
            .is_some_and(|until| until.check(message).is_ok())
        {
            self.ended = Some(StreamEnding::Well);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// A mark in seconds since the step began, or the count of messages.
    pub(crate) fn named(&self, stream: &CompiledStream, subject: &str) -> Option<Value> {
        if subject == "messages" {
            return Some(self.messages.into());
        }
        let place = stream
            .marks
            .iter()
            .position(|(name, _, _)| name == subject)?;
        Some(self.marks[place]?.since(self.start).as_secs_f64().into())
    }

    /// The last message, where none has said anything of what the plan looks for: it may say why.
    pub(crate) fn last_unknown(&self) -> Option<String> {
        // The message that says ready is none of those.
        if self.moments.ready.is_some() && self.first.is_none() {
            return None;
        }
        let text = std::str::from_utf8(&self.text)
            .ok()
            .filter(|text| !text.is_empty() && !text.contains('\0'))?;
        self.pieces.text().is_none().then(|| message::shorten(text))
    }
}

/// Whether conditions look at one message alone, and at nothing of the whole answer.
fn is_of_message(conditions: &Conditions) -> bool {
    conditions
        .subjects()
        .all(|subject| matches!(subject, Subject::Selector(_)))
}
