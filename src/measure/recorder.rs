//! What one virtual user records during one iteration. Reused, so that an iteration allocates nothing here.

use std::sync::Arc;

use super::counters::Counters;
use super::record::ClientRecord;
use super::record::ErrorRecord;
use super::record::RemarkKind;
use super::record::TranscriptRecord;
use super::sample::SampleKind;
use super::value::Measurement;
use crate::audio::WordErrors;
use crate::clock::{Tick, lateness};
use crate::metric::{MetricId, MetricName, Outcome, StepId};
use crate::units::Duration;

/// One finished step or exchange of the iteration.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepRecord {
    pub(super) kind: SampleKind,
    pub(super) start: Tick,
    pub(super) sent: Option<Tick>,
    pub(super) end: Tick,
    pub(super) outcome: Outcome,
    pub(super) values_end: u32,
    /// How late the look at the sockets was that found its end.
    pub(super) late: Duration,
}

/// Records one iteration.
#[derive(Debug, Default)]
pub struct Recorder {
    pub(super) rows: Vec<StepRecord>,
    pub(super) values: Vec<(MetricId, Measurement)>,
    /// Values that are in no row: too many of them for a sample.
    pub(super) aside: Vec<(MetricId, Measurement)>,
    /// When each chunk of audio was sent, and how long it waited; in no row either.
    pub(super) waited: Vec<(MetricId, Tick, Measurement)>,
    pub(super) errors: Vec<ErrorRecord>,
    pub(super) unknown_states: Vec<(StepId, String)>,
    pub(super) pauses: Duration,
    pub(super) audio: Duration,
    pub(super) idle: Duration,
    pub(super) counters: Counters,
    pub(super) words: Vec<(StepId, WordErrors)>,
    pub(super) remarks: Vec<(RemarkKind, StepId, String)>,
    pub(super) tags: Option<Arc<str>>,
    /// Why it did not end well.
    pub(super) reason: Option<Arc<str>>,
    /// Conversations.
    pub(super) clients: Vec<ClientRecord>,
    pub(super) transcripts: Vec<TranscriptRecord>,
    /// What the load is split by, and the value of this iteration.
    pub(super) split: Option<Option<String>>,
    pub(super) answered: u64,
}

impl Recorder {
    /// Records a finished step or exchange with its values. `sent` is when its first byte was handed to the socket.
    pub fn row(
        &mut self,
        kind: SampleKind,
        time: (Tick, Option<Tick>, Tick),
        outcome: Outcome,
        values: &[(MetricId, Measurement)],
    ) {
        self.values.extend_from_slice(values);
        let (start, sent, end) = time;
        self.rows.push(StepRecord {
            kind,
            start,
            sent,
            end,
            outcome,
            values_end: self.values.len() as u32,
            late: lateness(),
        });
    }

    /// Records a value that is measured and written with no sample.
    pub fn aside(&mut self, id: MetricId, value: Measurement) {
        self.aside.push((id, value));
    }

    /// Records how long a chunk of audio waited for its result, as a value that is in no row.
    pub fn waited(&mut self, id: MetricId, sent: Tick, value: Measurement) {
        self.waited.push((id, sent, value));
    }

    /// When each chunk of audio was sent, and for how many nanoseconds it waited.
    pub fn waits(&self) -> impl Iterator<Item = (Tick, u64)> {
        self.waited
            .iter()
            .map(|(_, sent, Measurement::Known(time) | Measurement::Beyond(time))| (*sent, *time))
    }

    /// Records an error for the list of errors.
    pub fn error(&mut self, note: ErrorRecord) {
        self.errors.push(note);
    }

    /// What went wrong in the iteration, in order.
    #[must_use]
    pub fn errors(&self) -> &[ErrorRecord] {
        &self.errors
    }

    /// Records a state that the plan does not know.
    pub fn unknown_state(&mut self, step: StepId, state: &str) {
        self.unknown_states.push((step, state.to_owned()));
    }

    /// A pause inside the iteration: part of its duration, not of its latency.
    pub fn pause(&mut self, time: Duration) {
        self.pauses = self.pauses + time;
    }

    /// The pauses so far.
    #[must_use]
    pub const fn pauses(&self) -> Duration {
        self.pauses
    }

    /// Audio that the iteration sent.
    pub fn audio(&mut self, length: Duration) {
        self.audio = self.audio + length;
    }

    /// A time in which the plan listened on and nothing new came: part of every time, and no part of the work on the audio.
    pub fn idle(&mut self, time: Duration) {
        self.idle = self.idle + time;
    }

    /// Counts a metric that is a counter so many times more.
    pub const fn count(&mut self, counter: MetricName, times: u64) {
        self.counters.add(counter, times);
    }

    /// How far a step's transcript is from its reference.
    pub fn words(&mut self, step: StepId, errors: WordErrors) {
        self.words.push((step, errors));
    }

    /// Records a refusal that the plan expects, or an oddity.
    pub fn remark(&mut self, kind: RemarkKind, step: StepId, text: String) {
        self.remarks.push((kind, step, text));
    }

    /// Keeps what the target has understood.
    pub fn transcript(&mut self, note: TranscriptRecord) {
        self.transcripts.push(note);
    }

    /// A conversation is over.
    pub fn client(&mut self, note: ClientRecord) {
        self.clients.push(note);
    }

    /// The tags of the iteration's samples, a JSON object.
    pub fn tags(&mut self, tags: Arc<str>) {
        self.tags = Some(tags);
    }

    /// Why the iteration did not end well, in the words of the target where it has some.
    pub fn reason(&mut self, reason: &str) {
        self.reason = Some(reason.into());
    }

    /// The value that the load is split by; `None` where the iteration has none.
    pub fn split(&mut self, value: Option<String>) {
        self.split = Some(value);
    }

    /// An exchange got at least a byte of reply.
    pub const fn answered(&mut self) {
        self.answered += 1;
    }

    /// Forgets everything; the memory is kept.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.values.clear();
        self.aside.clear();
        self.waited.clear();
        self.errors.clear();
        self.unknown_states.clear();
        self.pauses = Duration::ZERO;
        self.audio = Duration::ZERO;
        self.idle = Duration::ZERO;
        self.counters = Counters::default();
        self.words.clear();
        self.remarks.clear();
        self.tags = None;
        self.reason = None;
        self.clients.clear();
        self.transcripts.clear();
        self.split = None;
        self.answered = 0;
    }
}
