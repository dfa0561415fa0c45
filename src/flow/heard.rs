//! What the messages of a stream have brought so far.

use std::ops::ControlFlow;

use bytes::Bytes;
use serde_json::Value;

use super::message;
use super::step::{Step, Stream, StreamEnd};
use super::transcript::Pieces;
use crate::clock::Tick;
use crate::measure::Value as Measured;
use crate::metric::MetricId;
use crate::protocol::{Message, Timing};
use crate::select::Evidence;
use crate::units::Duration;

/// How a message has ended the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was the one to wait for.
    Well,
    /// It reports an error, in these words.
    Error(String),
}

/// Listens to one stream.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) messages: u64,
    first: Option<Tick>,
    last: Option<Tick>,
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
    start: Tick,
}

impl Heard {
    /// Nothing yet of a step that began at `start`.
    pub(super) fn new(step: &Step, stream: &Stream, start: Tick) -> Self {
        let (marks, captured) = (vec![None; stream.marks.len()], vec![None; step.capture.len()]);
        Self { marks, captured, start, ..Self::default() }
    }

    /// Takes one message.
    pub(super) fn hear(&mut self, step: &Step, stream: &Stream, message: &Message<'_>) -> ControlFlow<()> {
        self.messages += 1;
        self.first.get_or_insert(message.at);
        if let Some(before) = self.last.replace(message.at) {
            self.gaps.push(message.at.since(before));
        }
        for (known, (_, mark, _)) in self.marks.iter_mut().zip(&stream.marks) {
            if (known.is_none() || !mark.first) && mark.finding.is_in(message) {
                *known = Some(message.at);
            }
        }
        for (known, (_, _, selector)) in self.captured.iter_mut().zip(&step.capture) {
            if known.is_none() {
                *known = selector.first(message);
            }
        }
        if let Some(transcript) = &step.transcript {
            transcript.hear(message, &mut self.pieces);
        }
        if stream.keeps_json
            && let Some(json) = message.json()
        {
            self.json = Some(json.clone());
        }
        self.text = message.text.clone();
        if stream.error.as_ref().is_some_and(|error| error.check(message).is_ok()) {
            self.ended = Some(Ended::Error(message::of_stream(message)));
            return ControlFlow::Break(());
        }
        if stream.until.as_ref().is_some_and(|until| until.check(message).is_ok()) {
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
        let place = stream.marks.iter().position(|(name, _, _)| name == subject)?;
        Some(self.marks[place]?.since(self.start).as_secs_f64().into())
    }

    /// What a stream that ended well has measured; spans whose end came before their begin are named instead.
    pub(super) fn values(
        &self,
        stream: &Stream,
        timing: &Timing,
        values: &mut Vec<(MetricId, Measured)>,
    ) -> Vec<String> {
        let ids = stream.ids;
        values.push((ids.messages, Measured::Known(self.messages)));
        values.extend(self.first.map(|first| (ids.first_message, first.since(self.start).into())));
        values.extend(self.gaps.iter().map(|gap| (ids.gap, Measured::from(*gap))));
        for (at, (_, _, id)) in self.marks.iter().zip(&stream.marks) {
            values.extend(at.map(|at| (*id, Measured::from(at.since(self.start)))));
        }
        let mut odd = Vec::new();
        for span in &stream.spans {
            match (self.moment(span.from, timing), self.moment(span.to, timing)) {
                (Some(from), Some(to)) if from <= to => values.push((span.id, to.since(from).into())),
                (Some(_), Some(_)) => {
                    odd.push(format!("the span `{}` ended before it began: it has no value", span.name));
                }
                _ => {}
            }
        }
        odd
    }

    fn moment(&self, end: StreamEnd, timing: &Timing) -> Option<Tick> {
        match end {
            StreamEnd::Mark(place) => self.marks[place],
            StreamEnd::Start => Some(self.start),
            StreamEnd::Connected => {
                let parts = [timing.dns, timing.connect, timing.tls];
                Some(timing.started + parts.into_iter().flatten().sum::<Duration>())
            }
            StreamEnd::FirstMessage => self.first,
            StreamEnd::LastMessage => self.last,
            StreamEnd::End => Some(timing.ended),
        }
    }
}
