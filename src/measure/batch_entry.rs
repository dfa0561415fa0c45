//! Enters an iteration into a batch of samples.

use super::recorder::Recorder;
use super::sample::{Batch, Sample, SampleKind};
use super::value::Measurement;
use super::vu::Ticket;
use crate::clock::Tick;
use crate::metric::{LoadId, MetricId, Outcome};

impl Batch {
    /// Adds the steps of an iteration, and the iteration with its own values.
    pub(super) fn add(
        &mut self,
        load: LoadId,
        ticket: &Ticket,
        (outcome, end): (Outcome, Tick),
        recorder: &Recorder,
        whole: impl IntoIterator<Item = Option<(MetricId, Measurement)>>,
    ) {
        let base = self.values.len() as u32;
        self.values.extend_from_slice(&recorder.values);
        self.tags.extend(recorder.tags.clone());
        let tags_end = if recorder.tags.is_some() {
            self.tags.len() as u32
        } else {
            0
        };
        self.reasons.extend(recorder.reason.clone());
        let reason = recorder
            .reason
            .as_ref()
            .map_or(0, |_| self.reasons.len() as u32);
        let sample = |kind, start, sent, end, outcome, values_end| Sample {
            load,
            part: ticket.part,
            n: ticket.n,
            vu: ticket.vu,
            kind,
            due: ticket.due,
            start,
            sent,
            end,
            outcome,
            values_end,
            tags_end,
            reasons_end: if outcome == Outcome::Ok { 0 } else { reason },
        };
        let steps = recorder.rows.iter();
        self.samples.extend(steps.map(|step| {
            let values_end = base + step.values_end;
            sample(
                step.kind,
                step.start,
                step.sent,
                step.end,
                step.outcome,
                values_end,
            )
        }));
        self.values.extend(whole.into_iter().flatten());
        let (kind, all) = (SampleKind::Iteration, self.values.len() as u32);
        let iteration = sample(kind, ticket.start, None, end, outcome, all);
        self.samples.push(iteration);
    }
}
