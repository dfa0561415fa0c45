//! The statistics of one load on one worker: every iteration of every part, and the distributions of the measured one.

use std::collections::BTreeMap;

use super::counters::Counters;
use super::counts::{ClassCounts, PartStats};
use super::recorder::StepRecord;
use super::whole::{ends_with_a_read, whole};
use super::{
    Batch, ClientSample, Counts, Distribution, ErrorLog, ErrorRecord, MeasuredWindow, Measurement,
    Recorder, Remarks, SampleKind, Split, Ticket, TranscriptSample, UnknownStates, WindowStats,
};
use crate::audio::WordErrors;
use crate::clock::Tick;
use crate::metric::{
    Catalog, LoadId, LoadPart, MetricId, MetricIds, MetricKind, MetricName, MetricShape, Outcome,
    StepId,
};
use crate::units::Duration;

/// The statistics of one load.
#[derive(Debug, Clone)]
pub struct LoadStats {
    load: LoadId,
    /// The four parts, in the order of [`LoadPart::ALL`].
    pub parts: [PartStats; 4],
    /// Distributions of the measured part by [`MetricId`]; those of other loads stay empty.
    pub distributions: Vec<Option<Box<Distribution>>>,
    /// Measured runs of each step by [`StepId`].
    pub steps: Vec<Counts>,
    /// Measured single exchanges.
    pub requests: Counts,
    /// Latency of measured iterations that failed, in nanoseconds.
    pub failed_latency: Distribution,
    /// Latency of measured iterations that were refused, in nanoseconds.
    pub rejected_latency: Distribution,
    /// Measured iterations by class of error.
    pub classes: ClassCounts,
    /// Measured counters.
    pub counters: Counters,
    /// Transcripts of measured ok iterations against their references, by step.
    pub words: BTreeMap<StepId, WordErrors>,
    /// Measured iterations apart by a value, where the load is split.
    pub split: Split,
    /// Users set up, by how that ended, and the time all of it took.
    pub setups: (Counts, Duration),
    /// What ended well inside the measured window, whenever it started.
    pub window: WindowStats,
    /// Exchanges of every part that got at least a byte of reply.
    pub answered: u64,
    /// Start of the first measured iteration, and end of the last.
    pub span: Option<(Tick, Tick)>,
    /// Every error of every part.
    pub errors: ErrorLog,
    /// The first error of each group, until somebody takes it to show it.
    pub first_errors: Vec<ErrorRecord>,
    /// Iterations that were turned away and followed by the next at once.
    pub immediate_retries: u64,
    /// States that the plan does not know, with their counts.
    pub unknown_states: UnknownStates,
    /// Refusals that the plan expects, and oddities, of every part.
    pub remarks: Remarks,
    pub(super) ids: MetricIds,
    digits: Vec<u8>,
    /// By [`MetricId`]: whether a late look at the sockets makes a value longer.
    pub(super) lengthened: Vec<bool>,
}

impl LoadStats {
    /// Empty statistics of one load of the catalog.
    #[must_use]
    pub fn new(catalog: &Catalog, load: LoadId) -> Self {
        let digits = |kind: &MetricKind| match kind.shape {
            MetricShape::Distribution { digits } => digits,
            MetricShape::Plain | MetricShape::Counter | MetricShape::Share => 0,
        };
        Self {
            load,
            parts: std::array::from_fn(|_| PartStats {
                counts: Counts::default(),
                latency: Distribution::new(2),
            }),
            distributions: vec![None; catalog.len()],
            steps: vec![Counts::default(); catalog.step_count()],
            requests: Counts::default(),
            failed_latency: Distribution::new(2),
            rejected_latency: Distribution::new(2),
            classes: ClassCounts::default(),
            counters: Counters::default(),
            words: BTreeMap::new(),
            split: Split::default(),
            setups: (Counts::default(), Duration::ZERO),
            window: WindowStats::default(),
            answered: 0,
            span: None,
            errors: ErrorLog::default(),
            first_errors: Vec::new(),
            immediate_retries: 0,
            unknown_states: UnknownStates::default(),
            remarks: Remarks::default(),
            ids: catalog.ids(load, None),
            digits: catalog
                .entries()
                .map(|(_, entry)| digits(entry.kind))
                .collect(),
            lengthened: catalog
                .entries()
                .map(|(_, entry)| ends_with_a_read(entry.kind.metric))
                .collect(),
        }
    }

    /// The load.
    #[must_use]
    pub const fn load(&self) -> LoadId {
        self.load
    }

    /// An iteration was due and started.
    pub const fn started(&mut self, part: LoadPart) {
        let counts = &mut self.parts[part.index()].counts;
        counts.planned += 1;
        counts.started += 1;
    }

    /// An iteration was due and never started.
    pub const fn dropped(&mut self, part: LoadPart) {
        let counts = &mut self.parts[part.index()].counts;
        counts.planned += 1;
        counts.dropped += 1;
    }

    /// Ranks the arrivals that were dropped with the slow losses of their part. Called once, when the load is over.
    pub fn rank_dropped(&mut self) {
        for part in &mut self.parts {
            part.latency.lose(part.counts.dropped);
        }
        let dropped = self.parts[LoadPart::Measured.index()].counts.dropped;
        for metric in [MetricName::Latency, MetricName::Duration, MetricName::Rtfx] {
            let id = self.ids.get(metric);
            let own = id.and_then(|id| self.distributions[usize::from(id.0)].as_mut());
            if let Some(own) = own {
                own.lose(dropped);
            }
        }
    }

    /// Enters a finished iteration with everything its user recorded, and empties the recorder. Samples go to `raw`.
    /// Returns the iteration's latency in nanoseconds.
    pub fn ended(
        &mut self,
        ticket: &Ticket,
        outcome: Outcome,
        end: Tick,
        window: MeasuredWindow,
        recorder: &mut Recorder,
        raw: &mut Batch,
    ) -> u64 {
        let duration = end.since(ticket.due);
        let latency = duration - recorder.pauses;
        let part = &mut self.parts[ticket.part.index()];
        part.counts.end(outcome);
        match outcome {
            Outcome::Ok => part.latency.record(latency.into()),
            lost if lost.is_slow_loss() => {
                part.latency.record(Measurement::Beyond(latency.as_nanos()));
            }
            _ => {}
        }
        let whole = whole(&self.ids, ticket, outcome, end, recorder);
        if ticket.part == LoadPart::Measured {
            for (id, value) in whole.into_iter().flatten() {
                self.record(id, value);
            }
            if outcome == Outcome::Ok {
                self.correct(ticket, end, &whole, recorder);
            }
            self.measured(ticket, (outcome, end), latency, recorder);
        }
        if window.from <= end && end < window.until {
            if outcome == Outcome::Ok {
                self.window.iterations += 1;
                self.window.audio = self.window.audio + recorder.audio;
            }
            let good = |row: &&StepRecord| {
                row.outcome == Outcome::Ok && is_exchange(row.kind) && row.end >= window.from
            };
            self.window.requests += recorder.rows.iter().filter(good).count() as u64;
        }
        raw.add(self.load, ticket, (outcome, end), recorder, whole);
        let split = recorder.split.as_ref();
        let split = split.map(|value| value.as_deref().unwrap_or(super::split::UNKNOWN));
        raw.clients
            .extend(recorder.clients.drain(..).map(|note| ClientSample {
                load: self.load,
                part: ticket.part,
                n: ticket.n,
                vu: ticket.vu,
                split: split.map(str::to_owned),
                note,
            }));
        let kept = recorder.transcripts.drain(..);
        raw.transcripts.extend(kept.map(|note| TranscriptSample {
            load: self.load,
            part: ticket.part,
            n: ticket.n,
            vu: ticket.vu,
            note,
        }));
        self.list(recorder);
        recorder.clear();
        latency.as_nanos()
    }

    /// Enters what a user did once before its iterations, and empties the recorder. Its steps have their times, and nothing of it is
    /// in the sums of the load.
    pub fn set_up(&mut self, outcome: Outcome, took: Duration, recorder: &mut Recorder) {
        if !recorder.rows.is_empty() || outcome != Outcome::Ok {
            self.setups.0.whole(outcome);
            self.setups.1 = self.setups.1 + took;
        }
        let requests = self.ids.get(MetricName::RequestsLatency);
        for (id, value) in &recorder.values {
            if Some(*id) != requests {
                self.record(*id, *value);
            }
        }
        for row in &recorder.rows {
            if let SampleKind::Step(step) | SampleKind::Exchange(step) = row.kind {
                self.steps[usize::from(step.0)].whole(row.outcome);
            }
        }
        self.list(recorder);
        recorder.clear();
    }

    /// What is listed with every part of the load.
    fn list(&mut self, recorder: &mut Recorder) {
        self.answered += recorder.answered;
        for note in &recorder.errors {
            if self.errors.add(self.load, note) {
                self.first_errors.push(note.clone());
            }
        }
        for (step, state) in recorder.unknown_states.drain(..) {
            self.unknown_states.add(step, state, 1);
        }
        for (kind, step, text) in recorder.remarks.drain(..) {
            self.remarks.add(kind, step, text);
        }
    }

    fn measured(
        &mut self,
        ticket: &Ticket,
        (outcome, end): (Outcome, Tick),
        latency: Duration,
        recorder: &Recorder,
    ) {
        match outcome {
            Outcome::Ok => {
                for (step, errors) in &recorder.words {
                    *self.words.entry(*step).or_default() += *errors;
                    if let Some(value) = &recorder.split {
                        self.split.words(value.as_deref(), *errors);
                    }
                }
            }
            Outcome::Rejected => self.rejected_latency.record(latency.into()),
            lost if lost.is_slow_loss() => {}
            _ => self.failed_latency.record(latency.into()),
        }
        if let Some(class) = outcome.class() {
            self.classes[class as usize] += 1;
        }
        if let Some(value) = &recorder.split {
            self.split
                .add(value.as_deref(), outcome, latency.as_nanos());
        }
        self.counters.merge(&recorder.counters);
        let waited = recorder.waited.iter().map(|(id, _, value)| (id, value));
        for (id, value) in recorder
            .values
            .iter()
            .chain(&recorder.aside)
            .map(|(id, value)| (id, value))
            .chain(waited)
        {
            self.record(*id, *value);
        }
        for row in &recorder.rows {
            if let SampleKind::Step(step) | SampleKind::Exchange(step) = row.kind {
                self.steps[usize::from(step.0)].whole(row.outcome);
            }
            if is_exchange(row.kind) {
                self.requests.whole(row.outcome);
            }
        }
        let (first, last) = self.span.unwrap_or((ticket.start, end));
        self.span = Some((first.min(ticket.start), last.max(end)));
    }

    fn record(&mut self, id: MetricId, value: Measurement) {
        let at = usize::from(id.0);
        let digits = self.digits[at];
        self.distributions[at]
            .get_or_insert_with(|| Box::new(Distribution::new(digits)))
            .record(value);
    }

    /// Adds another worker's statistics of the same load.
    pub fn merge(&mut self, other: Self) {
        for (own, more) in self.parts.iter_mut().zip(&other.parts) {
            own.counts.merge(&more.counts);
            own.latency.merge(&more.latency);
        }
        for (own, more) in self.distributions.iter_mut().zip(other.distributions) {
            match (own.as_mut(), more) {
                (Some(own), Some(more)) => own.merge(&more),
                (None, Some(more)) => *own = Some(more),
                (_, None) => {}
            }
        }
        self.steps
            .iter_mut()
            .zip(&other.steps)
            .for_each(|(own, more)| own.merge(more));
        self.requests.merge(&other.requests);
        self.failed_latency.merge(&other.failed_latency);
        self.rejected_latency.merge(&other.rejected_latency);
        self.classes
            .iter_mut()
            .zip(other.classes)
            .for_each(|(own, more)| *own += more);
        self.counters.merge(&other.counters);
        for (step, errors) in other.words {
            *self.words.entry(step).or_default() += errors;
        }
        self.split.merge(other.split);
        self.setups.0.merge(&other.setups.0);
        self.setups.1 = self.setups.1 + other.setups.1;
        self.immediate_retries += other.immediate_retries;
        self.remarks.merge(other.remarks);
        self.window.merge(&other.window);
        self.answered += other.answered;
        self.span = match (self.span, other.span) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        self.errors.merge(other.errors);
        self.unknown_states.merge(other.unknown_states);
    }

    /// The measured part.
    #[must_use]
    pub const fn measured_part(&self) -> &PartStats {
        &self.parts[LoadPart::Measured as usize]
    }

    /// The distribution of a metric, `None` where it has no value.
    #[must_use]
    pub fn distribution(&self, id: MetricId) -> Option<&Distribution> {
        self.distributions[usize::from(id.0)].as_deref()
    }
}

const fn is_exchange(kind: SampleKind) -> bool {
    matches!(kind, SampleKind::Request(_) | SampleKind::Exchange(_))
}
