//! Raw samples on their way to a file, flat so that a batch is four allocations whatever it holds.

use std::sync::Arc;

use super::{ClientSample, Measurement, TranscriptSample};
use crate::clock::Tick;
use crate::metric::{LoadId, LoadPart, MetricId, Outcome, StepId};

/// What a sample is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// A whole iteration.
    Iteration,
    /// A step that is one exchange.
    Exchange(StepId),
    /// A step of several exchanges.
    Step(StepId),
    /// One exchange of a step that has several.
    Request(StepId),
}

/// One finished iteration, step or exchange.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The load.
    pub load: LoadId,
    /// The part of the load.
    pub part: LoadPart,
    /// The iteration's number, from 0.
    pub n: u64,
    /// The virtual user, from 1.
    pub vu: u64,
    /// What it is of.
    pub kind: SampleKind,
    /// When the iteration was due.
    pub due: Tick,
    /// When this began.
    pub start: Tick,
    /// When its first byte was handed to the socket.
    pub sent: Option<Tick>,
    /// When it ended.
    pub end: Tick,
    /// How it ended.
    pub outcome: Outcome,
    /// Where its values end in the batch; they begin where those of the sample before end.
    pub values_end: u32,
    /// How many sets of tags the batch has up to this sample; the last of them is its own, and 0 is none.
    pub tags_end: u32,
    /// How many reasons the batch has up to this sample; the last of them is its own, and 0 is none.
    pub reasons_end: u32,
}

/// Samples that travel together.
#[derive(Debug, Default)]
pub struct Batch {
    /// The samples.
    pub samples: Vec<Sample>,
    /// Their values, one sample after the other.
    pub values: Vec<(MetricId, Measurement)>,
    /// The tags of iterations, each a JSON object; samples of one iteration share theirs.
    pub tags: Vec<Arc<str>>,
    /// Why iterations did not end well.
    pub reasons: Vec<Arc<str>>,
    /// Conversations of these iterations.
    pub clients: Vec<ClientSample>,
    /// What was understood in these iterations, where it is kept.
    pub transcripts: Vec<TranscriptSample>,
}

impl Batch {
    /// Each sample with its values.
    pub fn iter(&self) -> impl Iterator<Item = (&Sample, &[(MetricId, Measurement)])> {
        let mut begin = 0;
        self.samples.iter().map(move |sample| {
            let end = sample.values_end as usize;
            let values = &self.values[begin..end];
            begin = end;
            (sample, values)
        })
    }

    /// Why a sample did not end well; empty where it did.
    #[must_use]
    pub fn reason_of(&self, sample: &Sample) -> &str {
        let place = (sample.reasons_end as usize).checked_sub(1);
        place
            .and_then(|place| self.reasons.get(place))
            .map_or("", |reason| reason)
    }

    /// The tags of a sample, a JSON object.
    #[must_use]
    pub fn tags_of(&self, sample: &Sample) -> &str {
        let place = (sample.tags_end as usize).checked_sub(1);
        place
            .and_then(|place| self.tags.get(place))
            .map_or("{}", |tags| tags)
    }
}
