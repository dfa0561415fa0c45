//! One virtual user of a flow.

use std::sync::Arc;

use super::Flow;
use super::answer::Answer;
use super::client::Ending;
use super::findings::Findings;
use super::heard::Heard;
use super::program::{Op, Turn, steps_of};
use super::sent::Sent;
use super::setup::Unready;
use super::single::note_staleness;
use super::step::{Captured, Step};
use crate::clock::{Clock, Tick};
use crate::document::Mask;
use crate::measure::{ErrorNote, Recorder, RemarkKind, SampleKind, Ticket, Value, Vu};
use crate::metric::{ErrorClass, MetricId, Outcome};
use crate::protocol::{Exchange, Request, Timing};
use crate::schedule::ThinkTimes;
use crate::template::{Slot, Values};
use crate::units::{Duration, DurationRange};

/// Runs a flow again and again over connections of its own.
#[derive(Debug)]
pub struct FlowUser<E> {
    pub(super) flow: Arc<Flow>,
    pub(super) clock: Clock,
    pub(super) transport: E,
    pub(super) values: Values,
    /// The user's number in its load, from 1.
    pub(super) number: u64,
    /// Start and end of every step of this iteration that is over; of a repeated one its last time.
    pub(super) done: Vec<Option<(Tick, Tick)>>,
    /// What is under way.
    pub(super) open: Option<Open>,
    /// What was heard in the conversation that is under way.
    pub(super) heard: Option<Heard>,
    /// Why nothing can be done, where the user is not set up.
    pub(super) unready: Option<Unready>,
    /// Pools of which this iteration sends slices: their audio counts once.
    pub(super) sliced: Vec<String>,
    /// What a row is made with; kept, so that none allocates.
    pub(super) scratch: Vec<(MetricId, Value)>,
    pub(super) reconnects: u64,
    /// What its steps have found, where somebody wants to know.
    pub(super) findings: Option<Vec<Findings>>,
    sent: Vec<Option<Sent>>,
    turns: Vec<Turn>,
    /// The user's iterations so far, and the pauses of this one: what a pause is drawn from.
    pauses: (u64, u64),
    tags: Option<Arc<str>>,
}

/// What would be lost if the iteration were cut off now.
#[derive(Debug, Clone, Copy)]
pub(super) enum Open {
    /// A step.
    Step {
        step: usize,
        start: Tick,
        exchange: Option<Tick>,
        /// The begin of the whole job, for a poll.
        since: Tick,
        /// Exchanges of it that are over and were tried again.
        tries: u64,
    },
    /// A pause since then.
    Pause(Tick),
}

/// A step's end, and the word about it where it did not end well.
pub(super) type StepEnd = Result<(), (Outcome, Option<String>)>;

impl<E: Exchange> FlowUser<E> {
    /// A user that has not done anything yet; `number` is its own in the load, from 1.
    pub fn new(flow: Arc<Flow>, clock: Clock, transport: E, number: u64) -> Self {
        Self {
            flow,
            clock,
            transport,
            values: Values::default(),
            number,
            done: Vec::new(),
            open: None,
            heard: None,
            unready: None,
            sliced: Vec::new(),
            scratch: Vec::new(),
            reconnects: 0,
            findings: None,
            sent: Vec::new(),
            turns: Vec::new(),
            pauses: (0, 0),
            tags: None,
        }
    }

    /// Everything as it is at the begin of an iteration. `mark` plus its number makes its payloads unique.
    pub(super) fn begin(&mut self, ticket: &Ticket, mark: u64) {
        self.transport.begin_iteration();
        let flow = Arc::clone(&self.flow);
        self.values.clear_but(&flow.kept);
        self.done.clear();
        self.done.resize(flow.steps.len(), None);
        self.sliced.clear();
        self.pauses = (self.pauses.0 + 1, 0);
        self.sent.clear();
        let mark = mark.wrapping_add(ticket.n);
        self.sent.extend(
            flow.pools
                .values()
                .map(|pool| Sent::pick(pool, ticket.n, mark)),
        );
        let sent = |name: &str| {
            self.sent
                .get(flow.pools.keys().position(|pool| pool == name)?)?
                .clone()
        };
        flow.built_in
            .set(&mut self.values, ticket, flow.nonce, sent);
    }

    /// The clip that this iteration takes from a pool.
    pub(super) fn sent(&self, pool: &str) -> Option<&Sent> {
        self.sent
            .get(self.flow.pools.keys().position(|name| name == pool)?)?
            .as_ref()
    }

    /// The request of a step, with the values of now.
    pub(super) fn request(&self, step: &Step) -> Result<Request, String> {
        step.http.request(&self.values, &|pool: &str| {
            self.sent(pool).map(Sent::attachment)
        })
    }

    /// Keeps what a reply or a conversation has said that did not end well: which instance took it is known all the same.
    pub(super) fn keep(&mut self, step: &Step, found: Vec<Option<serde_json::Value>>) {
        for (captured, value) in step.capture.iter().zip(found) {
            if let Some(value) = value {
                self.values.set(captured.slot, value);
            }
        }
    }

    /// Keeps what later steps want of the reply.
    pub(super) fn capture(&mut self, step: &Step, answer: &Answer<'_>) -> StepEnd {
        for (place, captured) in step.capture.iter().enumerate() {
            let Captured {
                name,
                slot,
                from,
                default,
            } = captured;
            let Some(value) = answer.captured(place).or_else(|| default.clone()) else {
                let message = format!("nothing to capture as `{name}` at {from}");
                return Err((Outcome::Failed(ErrorClass::Check), Some(message)));
            };
            self.values.set(*slot, value);
        }
        Ok(())
    }

    /// The message without what this user confides to the target, which may repeat it.
    pub(super) fn hide(&self, message: String) -> String {
        let confided = self
            .flow
            .steps
            .iter()
            .flat_map(|step| step.http.confided(&self.values));
        Mask::new(confided).text(&message)
    }

    pub(super) fn note(
        &self,
        at: usize,
        outcome: Outcome,
        message: Option<String>,
        notes: &mut Recorder,
    ) {
        let (step, Some(message)) = (self.flow.steps[at].id, message) else {
            return;
        };
        let message = self.hide(message);
        match outcome.class() {
            Some(class) => notes.error(ErrorNote {
                step: Some(step),
                class,
                message,
                at: self.clock.now(),
            }),
            None if outcome == Outcome::Rejected => {
                notes.remark(RemarkKind::Rejection, step, message)
            }
            None => {}
        }
    }

    /// Runs one step to its end.
    pub(super) async fn run_step(
        &mut self,
        place: usize,
        start: Tick,
        notes: &mut Recorder,
    ) -> StepEnd {
        let flow = Arc::clone(&self.flow);
        let step = &flow.steps[place];
        self.open = Some(Open::Step {
            step: place,
            start,
            exchange: None,
            since: start,
            tries: 0,
        });
        let end = match &step.poll {
            None => self.run_tries(step, start, notes).await,
            Some(poll) => self.run_job(step, poll, start, notes).await,
        };
        self.open = None;
        self.done[place] = Some((start, self.clock.now()));
        end
    }

    /// Runs what an iteration does; its first step counts from `due`.
    async fn run(&mut self, program: &[Op], due: Tick, notes: &mut Recorder) -> Outcome {
        let (mut first, mut at) = (Some(due), 0);
        self.turns.clear();
        while let Some(op) = program.get(at) {
            at += 1;
            match op {
                Op::Step(place) => {
                    let start = first.take().unwrap_or_else(|| self.clock.now());
                    if let Err((outcome, message)) = self.run_step(*place, start, notes).await {
                        self.note(*place, outcome, message, notes);
                        return outcome;
                    }
                }
                Op::Pause(range) => {
                    first = None;
                    self.pause(*range, notes).await;
                }
                Op::Repeat(repeat) => match repeat.times(&self.values) {
                    Ok(0) => {
                        // What an earlier turn has left of these steps is not of this one.
                        steps_of(&program[at..repeat.behind])
                            .for_each(|place| self.done[place] = None);
                        at = repeat.behind;
                    }
                    Ok(times) => {
                        self.turns.push(Turn { done: 0, of: times });
                        self.count(repeat.counter, 0);
                    }
                    Err(message) => {
                        let outcome = Outcome::Failed(ErrorClass::Check);
                        self.note(repeat.step, outcome, Some(message), notes);
                        return outcome;
                    }
                },
                Op::Again(begin) => {
                    let (Some(turn), Op::Repeat(repeat)) =
                        (self.turns.last_mut(), &program[*begin])
                    else {
                        continue;
                    };
                    turn.done += 1;
                    if turn.done < turn.of {
                        let done = turn.done;
                        self.count(repeat.counter, done);
                        at = begin + 1;
                    } else {
                        self.turns.pop();
                    }
                }
            }
        }
        Outcome::Ok
    }

    fn count(&mut self, counter: Option<Slot>, done: u64) {
        if let Some(slot) = counter {
            self.values.set(slot, done.into());
        }
    }

    /// A pause, drawn by the user and its own iteration: the same for a seed, whatever the number of workers.
    async fn pause(&mut self, range: DurationRange, notes: &mut Recorder) {
        let begin = self.clock.now();
        self.open = Some(Open::Pause(begin));
        let (iteration, nth) = self.pauses;
        self.pauses.1 += 1;
        let dice =
            self.flow.seed ^ super::names::mix(iteration.wrapping_mul(1 << 20).wrapping_add(nth));
        let time = ThinkTimes::new(dice, self.number).pause(range);
        self.clock.sleep_until(begin + time).await;
        self.open = None;
        notes.pause(self.clock.now().since(begin));
    }

    /// What the iteration's samples are told apart by.
    fn mark(&mut self, notes: &mut Recorder) {
        let flow = Arc::clone(&self.flow);
        let clip = flow
            .tags
            .pool
            .as_deref()
            .and_then(|pool| self.sent(pool))
            .map(|sent| &*sent.clip);
        let tags = flow.tags.of(&self.values, clip, self.tags.as_ref());
        if let Some(tags) = tags {
            notes.tags(Arc::clone(&tags));
            self.tags = Some(tags);
        }
        if let Some(slot) = flow.split {
            notes.split(self.values.get(slot).map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            }));
        }
    }
}

impl<E: Exchange> Vu for FlowUser<E> {
    async fn setup(&mut self, notes: &mut Recorder) -> Outcome {
        self.set_up(notes).await
    }

    async fn iterate(&mut self, ticket: Ticket, notes: &mut Recorder) -> Outcome {
        let flow = Arc::clone(&self.flow);
        self.begin(&ticket, flow.nonce);
        let outcome = match self.unready.clone() {
            Some(Unready {
                step,
                outcome,
                message,
            }) => {
                self.note(step, outcome, Some(format!("not set up: {message}")), notes);
                outcome
            }
            None => self.run(&flow.body, ticket.due, notes).await,
        };
        notes.reconnected(self.transport.reconnects() - self.reconnects);
        self.reconnects = self.transport.reconnects();
        self.mark(notes);
        outcome
    }

    fn interrupt(&mut self, at: Tick, notes: &mut Recorder) {
        let flow = Arc::clone(&self.flow);
        if let (Some(Open::Step { step, .. }), Some(heard)) = (&self.open, &self.heard) {
            let (step, captured) = (&flow.steps[*step], heard.captured.clone());
            self.keep(step, captured);
        }
        self.mark(notes);
        let lost = |start: Tick| Value::Beyond(at.since(start).as_nanos());
        let (place, start, exchange, since, tries) = match self.open.take() {
            None => return,
            Some(Open::Pause(since)) => {
                notes.pause(at.since(since));
                let message = "cut off in a pause at the end of the load".to_owned();
                notes.error(ErrorNote {
                    step: None,
                    class: ErrorClass::Aborted,
                    message,
                    at,
                });
                return;
            }
            Some(Open::Step {
                step,
                start,
                exchange,
                since,
                tries,
            }) => (step, start, exchange, since, tries),
        };
        let step = &flow.steps[place];
        if step.once.is_some() {
            self.note(
                place,
                Outcome::Interrupted,
                Some("cut off before it was set up".to_owned()),
                notes,
            );
            return;
        }
        let message = format!(
            "cut off after {} at the end of the load",
            rounded(at.since(start))
        );
        if let Some(heard) = self.heard.take() {
            let opened = heard.opened.unwrap_or_default();
            let timing = Timing {
                started: exchange.unwrap_or(start),
                ended: at,
                ..opened
            };
            let (outcome, error, close) = (Outcome::Interrupted, Some(message.as_str()), None);
            self.note_client(
                step,
                &heard,
                &Ending {
                    at,
                    outcome,
                    error,
                    close,
                    timing: &timing,
                },
                notes,
            );
            if let Some(stream) = &step.stream {
                note_staleness(stream, &heard, (outcome, at), notes);
            }
        }
        if let (None, 0) = (&step.poll, tries) {
            let begin = exchange.unwrap_or(start);
            let values = [
                (step.ids.latency, lost(start)),
                (step.ids.requests, lost(start)),
            ];
            notes.row(
                SampleKind::Exchange(step.id),
                (begin, None, at),
                Outcome::Interrupted,
                &values,
            );
        } else {
            if let Some(begin) = exchange {
                let values = [(step.ids.requests, lost(begin))];
                notes.row(
                    SampleKind::Request(step.id),
                    (begin, None, at),
                    Outcome::Interrupted,
                    &values,
                );
            }
            let values = [
                Some((step.ids.latency, lost(start))),
                step.poll.as_ref().map(|poll| (poll.ids.total, lost(since))),
            ];
            let values: Vec<_> = values.into_iter().flatten().collect();
            notes.row(
                SampleKind::Step(step.id),
                (start, None, at),
                Outcome::Interrupted,
                &values,
            );
        }
        self.note(place, Outcome::Interrupted, Some(message), notes);
    }
}

/// To the millisecond: more would part what is one cause.
pub(super) fn rounded(time: Duration) -> Duration {
    Duration::from_millis(time.as_nanos().div_ceil(1_000_000))
}
