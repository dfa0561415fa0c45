//! What a stream has measured.

use super::state::StreamState;
use crate::clock::Tick;
use crate::flow::program::step::{CompiledSpan, CompiledStep, CompiledStream, StreamMoment};
use crate::measure::Measurement;
use crate::metric::{MetricId, MetricIds, MetricName};
use crate::protocol::Timing;
use crate::units::Duration;

/// Why a span has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpanError {
    /// The moment that it begins with was never there.
    NoBegin,
    /// The moment that it ends with was never there.
    NoEnd,
    /// It ended before it began.
    Backwards,
}

impl StreamState {
    /// What a stream that ended well has measured, and what was odd about it.
    pub(crate) fn values(
        &self,
        step: &CompiledStep,
        stream: &CompiledStream,
        timing: &Timing,
        values: &mut Vec<(MetricId, Measurement)>,
    ) -> Vec<String> {
        let ids = &step.ids;
        ids.push(
            values,
            MetricName::Messages,
            Measurement::Known(self.messages),
        );
        let first = self.first.map(|first| first.since(self.start).into());
        ids.push(values, MetricName::FirstMessage, first);
        ids.push(values, MetricName::MessageRate, self.message_rate());
        for gap in &self.gaps {
            ids.push(values, MetricName::Gap, Measurement::from(*gap));
        }
        self.values_of_both(ids, timing, values);
        for (at, (_, _, id)) in self.marks.iter().zip(&stream.marks) {
            values.extend(at.map(|at| (*id, Measurement::from(at.since(self.start)))));
        }
        let mut odd = self.odd(step, stream);
        for span in &stream.spans {
            match self.span(span, timing) {
                Ok(time) => values.push((span.id, time.into())),
                Err(SpanError::Backwards) => {
                    odd.push(format!(
                        "the span `{}` ended before it began: it has no value",
                        span.name
                    ));
                }
                Err(SpanError::NoBegin | SpanError::NoEnd) => {}
            }
        }
        odd
    }

    /// What only a conversation measures.
    fn values_of_both(
        &self,
        ids: &MetricIds,
        timing: &Timing,
        values: &mut Vec<(MetricId, Measurement)>,
    ) {
        let moments = &self.moments;
        let after = |from: Option<Tick>, to: Option<Tick>| Some(to?.since(from?));
        let dialled = timing.started + dialling(timing);
        let times = [
            (
                MetricName::Handshake,
                after(Some(dialled), moments.connected),
            ),
            (MetricName::Ready, after(Some(self.start), moments.ready)),
            (MetricName::Tail, self.tail()),
        ];
        for (metric, time) in times {
            ids.push(values, metric, time.map(Measurement::from));
        }
        for delay in &self.reach.delays {
            ids.push(values, MetricName::Delay, Measurement::from(*delay));
        }
        let shares = [
            (MetricName::Coverage, self.coverage(), 1e6),
            (MetricName::Pace, moments.pace(), 1e3),
        ];
        for (metric, share, scale) in shares {
            let share = share.map(|share| Measurement::Known((share * scale).round() as u64));
            ids.push(values, metric, share);
        }
    }

    /// Messages a second from the first to the last, those that carry content alone where the plan says which do.
    fn message_rate(&self) -> Option<Measurement> {
        let wall = self.last?.since(self.first?).as_secs_f64();
        let rate = self.gaps.len() as f64 / wall;
        (wall > 0.0).then(|| Measurement::Known((rate * 1e3).round() as u64))
    }

    /// How long a span took.
    pub(crate) fn span(&self, span: &CompiledSpan, timing: &Timing) -> Result<Duration, SpanError> {
        let from = self.moment(span.from, timing).ok_or(SpanError::NoBegin)?;
        let to = self.moment(span.to, timing).ok_or(SpanError::NoEnd)?;
        if from <= to {
            Ok(to.since(from))
        } else {
            Err(SpanError::Backwards)
        }
    }

    /// Each mark with its time since the step began, where a message has it.
    pub(crate) fn marked<'a>(
        &self,
        stream: &'a CompiledStream,
    ) -> impl Iterator<Item = (&'a str, Option<Duration>)> {
        let marks = stream.marks.iter().zip(&self.marks);
        marks.map(|((name, _, _), at)| (name.as_str(), at.map(|at| at.since(self.start))))
    }

    /// What the plan looks for in a conversation and what was never there.
    pub(crate) fn odd(&self, step: &CompiledStep, stream: &CompiledStream) -> Vec<String> {
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
        odd.extend(self.cut_off());
        if step.transcript.is_some() && self.pieces.text().is_none() {
            odd.push("`transcript` finds nothing in any message of a conversation".to_owned());
        }
        if self.no_json > 0 {
            let (what, all) = (self.no_json, self.messages);
            odd.push(format!("{what} of {all} messages of a conversation are not JSON, where the plan looks for JSON"));
        }
        odd
    }

    /// From the end of the audio to the last word, without what the plan waited before `finish` where that asked for it; `None` where none
    /// came after the audio.
    pub(crate) fn tail(&self) -> Option<Duration> {
        let (end, last) = (self.moments.chunks.last()?, self.last_word?);
        let answers_finish = self
            .moments
            .finished
            .is_some_and(|finished| last >= finished);
        let idle = if answers_finish {
            self.idle()
        } else {
            Duration::ZERO
        };
        (last >= *end).then(|| last.since(*end) - idle)
    }

    /// What was still owed when `quiet` ended the listening.
    fn cut_off(&self) -> Option<String> {
        let owed = self.before_finish?.owed;
        (self.moments.cut_by_quiet && owed > 0.0).then(|| {
            format!("`quiet` ended a conversation in which {owed:.1} s of audio had no result yet: a service that is slower than it is cut off")
        })
    }

    /// How long the plan listened on after the last word before `finish`.
    pub(crate) fn idle(&self) -> Duration {
        self.before_finish
            .map_or(Duration::ZERO, |before| before.idle)
    }

    fn moment(&self, end: StreamMoment, timing: &Timing) -> Option<Tick> {
        match end {
            StreamMoment::Mark(place) => self.marks[place],
            StreamMoment::Start => Some(self.start),
            StreamMoment::Connected => self
                .moments
                .connected
                .or(Some(timing.started + dialling(timing))),
            StreamMoment::Ready => self.moments.ready,
            StreamMoment::AudioStart => self.moments.chunks.first().copied(),
            StreamMoment::AudioEnd => self.moments.chunks.last().copied(),
            StreamMoment::Finished => self.moments.finished,
            StreamMoment::FirstMessage => self.first,
            StreamMoment::LastMessage => self.last,
            StreamMoment::End => Some(timing.ended),
        }
    }

    /// Of the seconds of audio that were sent, the share that results cover: where segments have a begin and an end, those; else as far as
    /// messages reach. `None` where results reach what was never sent, or where none says how far it reaches.
    pub(crate) fn coverage(&self) -> Option<f64> {
        let nothing_said = self.reach.is_silent() && self.pieces.segments.is_empty();
        if !self.reach.is_possible() || nothing_said {
            return None;
        }
        let sent = self.moments.sent();
        let covered = match self.pieces.segments.is_empty() {
            false => self.pieces.segments.covered(sent),
            true => self.reach.second.min(sent),
        };
        (sent > 0.0).then(|| covered / sent)
    }
}

/// How long the connection took to make.
pub(crate) fn dialling(timing: &Timing) -> Duration {
    [timing.dns, timing.connect, timing.tls]
        .into_iter()
        .flatten()
        .sum()
}
