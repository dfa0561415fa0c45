//! What a virtual user knows in one iteration.

use std::sync::Arc;

use super::found::Findings;
use crate::clock::Tick;
use crate::document::Mask;
use crate::flow::program::clip::PickedClip;
use crate::flow::program::flow::Flow;
use crate::flow::program::op::LoopCounter;
use crate::flow::program::step::CompiledStep;
use crate::flow::stream::state::StreamState;
use crate::measure::{Measurement, Recorder, Ticket};
use crate::metric::MetricId;
use crate::template::{Slot, Values, value_text};

/// The state of an iteration. Its memory is kept for the next.
#[derive(Debug, Default)]
pub(crate) struct IterationState {
    pub(crate) values: Values,
    /// Start and end of every step that is over; of a repeated one its last time.
    pub(crate) done: Vec<Option<(Tick, Tick)>>,
    pub(crate) in_flight: Option<InFlight>,
    /// What has come of the stream that is under way.
    pub(crate) stream: Option<StreamState>,
    /// Pools of which slices are sent: their audio counts once.
    pub(crate) sliced: Vec<String>,
    /// What a row is made with; kept, so that none allocates.
    pub(crate) scratch: Vec<(MetricId, Measurement)>,
    /// The repetitions under way, innermost last.
    pub(crate) loops: Vec<LoopCounter>,
    /// What its steps have found, where somebody wants to know.
    pub(crate) findings: Option<Vec<Findings>>,
    clips: Vec<Option<PickedClip>>,
    /// The user's iterations so far, and the pauses of this one: what a pause is drawn from.
    pauses: (u64, u64),
    tags: Option<Arc<str>>,
}

/// What would be lost if the iteration were cut off now.
#[derive(Debug, Clone, Copy)]
pub(crate) enum InFlight {
    /// A step.
    Step {
        step: usize,
        start: Tick,
        /// The start of the exchange that is open.
        exchange: Option<Tick>,
        /// The start of the whole job, for a poll.
        since: Tick,
        /// Exchanges that are over and were tried again.
        tries: u64,
    },
    /// A pause since then.
    Pause(Tick),
}

impl IterationState {
    /// Everything as it is when an iteration starts. `nonce` and its number make its payloads unique.
    pub(crate) fn begin(&mut self, flow: &Flow, ticket: &Ticket, nonce: u64) {
        self.values.clear_but(&flow.kept);
        self.done.clear();
        self.done.resize(flow.steps.len(), None);
        self.sliced.clear();
        self.pauses = (self.pauses.0 + 1, 0);
        self.clips.clear();
        let nonce = nonce.wrapping_add(ticket.n);
        let picked = flow.pools.values();
        self.clips
            .extend(picked.map(|pool| PickedClip::pick(pool, ticket.n, nonce)));
        let Self { clips, values, .. } = self;
        let clip = |name: &str| {
            let place = flow.pools.keys().position(|pool| pool == name)?;
            clips.get(place)?.clone()
        };
        flow.built_in.set(values, ticket, flow.nonce, clip);
    }

    /// The clip that this iteration takes from a pool.
    pub(crate) fn clip(&self, flow: &Flow, pool: &str) -> Option<&PickedClip> {
        let place = flow.pools.keys().position(|name| name == pool)?;
        self.clips.get(place)?.as_ref()
    }

    /// Keeps what was captured before a step failed: which instance took it is known all the same.
    pub(crate) fn keep(&mut self, step: &CompiledStep, found: Vec<Option<serde_json::Value>>) {
        for (captured, value) in step.capture.iter().zip(found) {
            if let Some(value) = value {
                self.values.set(captured.slot, value);
            }
        }
    }

    /// The message without what this user confides to the target, which may repeat it.
    pub(crate) fn hide(&self, flow: &Flow, message: &str) -> String {
        let steps = flow.steps.iter();
        let confided = steps.flat_map(|step| step.http.confided(&self.values));
        Mask::new(confided).text(message)
    }

    pub(crate) fn set_counter(&mut self, counter: Option<Slot>, count: u64) {
        if let Some(slot) = counter {
            self.values.set(slot, count.into());
        }
    }

    /// The exchange that is open from now on, or that none is.
    pub(crate) fn set_exchange(&mut self, start: Option<Tick>) {
        if let Some(InFlight::Step { exchange, .. }) = &mut self.in_flight {
            *exchange = start;
        }
    }

    /// What the next pause is drawn from: the user's iterations so far, and the pauses of this one.
    pub(crate) const fn next_pause(&mut self) -> u64 {
        let (iteration, nth) = self.pauses;
        self.pauses.1 += 1;
        iteration.wrapping_mul(1 << 20).wrapping_add(nth)
    }

    /// Tags and splits the iteration's samples.
    pub(crate) fn tag(&mut self, flow: &Flow, recorder: &mut Recorder) {
        let pool = flow.tags.pool.as_deref();
        let clip = pool.and_then(|pool| self.clip(flow, pool));
        let clip = clip.map(|picked| &*picked.clip);
        if let Some(tags) = flow.tags.of(&self.values, clip, self.tags.as_ref()) {
            recorder.tags(Arc::clone(&tags));
            self.tags = Some(tags);
        }
        if let Some(slot) = flow.split {
            let value = self.values.get(slot);
            recorder.split(value.map(|value| value_text(value).into_owned()));
        }
    }
}
