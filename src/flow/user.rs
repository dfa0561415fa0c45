//! One virtual user of a flow.

use std::sync::Arc;

use super::Flow;
use super::step::Step;
use crate::audio::Clip;
use crate::clock::{Clock, Tick};
use crate::measure::{ErrorNote, Recorder, SampleKind, Ticket, Value, Vu};
use crate::metric::{ErrorClass, Outcome};
use crate::protocol::{Attachment, Exchange, Request};
use crate::template::Values;
use crate::units::Duration;

/// Runs a flow again and again over connections of its own.
#[derive(Debug)]
pub struct FlowUser<E> {
    pub(super) flow: Arc<Flow>,
    pub(super) clock: Clock,
    pub(super) transport: E,
    pub(super) values: Values,
    /// Start and end of every step of this iteration that is over.
    pub(super) done: Vec<(Tick, Tick)>,
    /// The step that is under way, and the exchange of it.
    pub(super) open: Option<Open>,
    clips: Vec<Option<Arc<Clip>>>,
    reconnects: u64,
}

/// What would be lost if the iteration were cut off now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) step: usize,
    pub(super) start: Tick,
    pub(super) exchange: Option<Tick>,
    /// The begin of the whole job, for a poll.
    pub(super) since: Tick,
}

/// A step's end, and the word about it where it did not end well.
pub(super) type StepEnd = Result<(), (Outcome, Option<String>)>;

impl<E: Exchange> FlowUser<E> {
    /// A user that has not done anything yet.
    pub fn new(flow: Arc<Flow>, clock: Clock, transport: E) -> Self {
        Self {
            flow,
            clock,
            transport,
            values: Values::default(),
            done: Vec::new(),
            open: None,
            clips: Vec::new(),
            reconnects: 0,
        }
    }

    fn begin(&mut self, ticket: &Ticket) {
        self.transport.begin_iteration();
        self.values.clear();
        self.done.clear();
        let flow = Arc::clone(&self.flow);
        self.clips.clear();
        self.clips.extend(flow.pools.values().map(|pool| pool.pick(ticket.n).cloned()));
        let clip = |name: &str| self.clips.get(flow.pools.keys().position(|pool| pool == name)?)?.clone();
        flow.built_in.set(&mut self.values, ticket, flow.nonce, clip);
    }

    /// The clip that this iteration takes from a pool.
    pub(super) fn clip(&self, pool: &str) -> Option<&Arc<Clip>> {
        self.clips.get(self.flow.pools.keys().position(|name| name == pool)?)?.as_ref()
    }

    /// The request of a step, with the values of now.
    pub(super) fn request(&self, step: &Step) -> Result<Request, String> {
        let attachment = |pool: &str| {
            let clip = self.clip(pool)?;
            let parts = vec![clip.wav.clone()];
            Some(Attachment { name: clip.name.clone(), content_type: "audio/wav".to_owned(), parts })
        };
        step.http.request(&self.values, &attachment)
    }

    /// The length of the audio that a step sends.
    pub(super) fn audio_of(&self, step: &Step) -> Option<Duration> {
        let clip = self.clip(step.http.audio_pool()?)?;
        Some(Duration::from_secs_f64(clip.seconds))
    }

    /// Keeps what later steps want of the reply.
    pub(super) fn capture(&mut self, step: &Step, reply: &crate::protocol::Reply) -> StepEnd {
        for (name, slot, selector) in &step.capture {
            match selector.first(reply) {
                Some(value) => self.values.set(*slot, value),
                None => {
                    return Err((
                        Outcome::Failed(ErrorClass::Check),
                        Some(format!("nothing to capture as `{name}` at {selector}")),
                    ));
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, at: usize, outcome: Outcome, message: Option<String>, notes: &mut Recorder) {
        let (Some(class), Some(message)) = (outcome.class(), message) else { return };
        notes.error(ErrorNote { step: Some(self.flow.steps[at].id), class, message, at: self.clock.now() });
    }
}

impl<E: Exchange> Vu for FlowUser<E> {
    async fn setup(&mut self) -> Result<(), String> {
        Ok(())
    }

    async fn iterate(&mut self, ticket: Ticket, notes: &mut Recorder) -> Outcome {
        self.begin(&ticket);
        let flow = Arc::clone(&self.flow);
        let mut outcome = Outcome::Ok;
        for (at, step) in flow.steps.iter().enumerate() {
            let start = if at == 0 { ticket.due } else { self.clock.now() };
            self.open = Some(Open { step: at, start, exchange: None, since: start });
            let end = match &step.poll {
                None => self.run_once(step, start, notes).await,
                Some(poll) => self.run_job(step, poll, start, notes).await,
            };
            self.open = None;
            self.done.push((start, self.clock.now()));
            if let Err((word, message)) = end {
                self.note(at, word, message, notes);
                outcome = word;
                break;
            }
        }
        notes.reconnected(self.transport.reconnects() - self.reconnects);
        self.reconnects = self.transport.reconnects();
        outcome
    }

    fn interrupt(&mut self, at: Tick, notes: &mut Recorder) {
        let Some(open) = self.open.take() else { return };
        let flow = Arc::clone(&self.flow);
        let step = &flow.steps[open.step];
        let lost = |start: Tick| Value::Beyond(at.since(start).as_nanos());
        let message = format!("cut off after {} at the end of the load", rounded(at.since(open.start)));
        match &step.poll {
            None => {
                let start = open.exchange.unwrap_or(open.start);
                let values = [(step.ids.latency, lost(open.start)), (step.ids.requests, lost(open.start))];
                notes.row(SampleKind::Exchange(step.id), (start, None, at), Outcome::Interrupted, &values);
            }
            Some(poll) => {
                if let Some(start) = open.exchange {
                    let values = [(step.ids.requests, lost(start))];
                    notes.row(SampleKind::Request(step.id), (start, None, at), Outcome::Interrupted, &values);
                }
                let values = [(step.ids.latency, lost(open.start)), (poll.ids.total, lost(open.since))];
                notes.row(SampleKind::Step(step.id), (open.start, None, at), Outcome::Interrupted, &values);
            }
        }
        self.note(open.step, Outcome::Interrupted, Some(message), notes);
    }
}

/// To the millisecond: more would part what is one cause.
pub(super) fn rounded(time: Duration) -> Duration {
    Duration::from_millis(time.as_nanos().div_ceil(1_000_000))
}
