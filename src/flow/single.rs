//! A step that is one exchange.

use super::message;
use super::step::Step;
use super::user::{FlowUser, StepEnd};
use crate::clock::Tick;
use crate::measure::{Recorder, SampleKind, Value};
use crate::metric::{ErrorClass, MetricId, Outcome};
use crate::protocol::{Exchange, Reply, Request, Timing};
use crate::units::Duration;

/// How one exchange ended: a reply of whatever status, or the outcome and the word about it.
pub(super) struct Exchanged {
    pub(super) result: Result<Reply, (Outcome, String)>,
    pub(super) timing: Timing,
}

impl<E: Exchange> FlowUser<E> {
    /// One exchange within the step's timeout.
    pub(super) async fn exchange(&mut self, step: &Step, request: &Request, notes: &mut Recorder) -> Exchanged {
        let start = self.clock.now();
        if let Some(open) = &mut self.open {
            open.exchange = Some(start);
        }
        let clock = self.clock.clone();
        let answer = clock.until(start + step.timeout, self.transport.exchange(request)).await;
        let ended = self.clock.now();
        if let Some(open) = &mut self.open {
            open.exchange = None;
        }
        match answer {
            Some(Ok(reply)) => {
                notes.answered();
                Exchanged { timing: reply.timing, result: Ok(reply) }
            }
            Some(Err(failed)) => {
                if failed.timing.first_byte.is_some() {
                    notes.answered();
                }
                let word = (Outcome::Failed(failed.failure.class), failed.failure.message);
                Exchanged { timing: failed.timing, result: Err(word) }
            }
            None => {
                if self.transport.was_heard() {
                    notes.answered();
                }
                let word = (Outcome::TimedOut, format!("no answer within {}", step.timeout));
                Exchanged { timing: Timing { started: start, ended, ..Timing::default() }, result: Err(word) }
            }
        }
    }

    pub(super) async fn run_once(&mut self, step: &Step, start: Tick, notes: &mut Recorder) -> StepEnd {
        let request = match self.request(step) {
            Ok(request) => request,
            Err(message) => return Err((Outcome::Failed(ErrorClass::Check), Some(message))),
        };
        let Exchanged { result, timing } = self.exchange(step, &request, notes).await;
        let end = match result {
            Ok(reply) => self.accept(step, &reply),
            Err((outcome, message)) => Err((outcome, Some(message))),
        };
        let outcome = end.as_ref().map_or_else(|(outcome, _)| *outcome, |()| Outcome::Ok);
        let audio = self.audio_of(step);
        if let Some(audio) = audio {
            notes.audio(audio);
        }
        let latency = timing.ended.since(start);
        let (values, count) = values(step, outcome, latency, &timing, audio);
        let time = (timing.started, timing.sent, timing.ended);
        notes.row(SampleKind::Exchange(step.id), time, outcome, &values[..count]);
        end
    }

    /// Whether the reply is what the plan wants, and what later steps want of it.
    fn accept(&mut self, step: &Step, reply: &Reply) -> StepEnd {
        check_status(step, reply)?;
        check_rest(step, reply)?;
        self.capture(step, reply)
    }
}

/// A 2xx status, where `expect` does not name one.
pub(super) fn check_status(step: &Step, reply: &Reply) -> StepEnd {
    let named = step.expect.as_ref().is_some_and(crate::select::Conditions::names_status);
    if named || (200..300).contains(&reply.status) {
        return Ok(());
    }
    Err((Outcome::Failed(ErrorClass::Status), Some(message::of_status(reply))))
}

/// Everything that `expect` says. A status that it names and that is not met is an error of status, not of content.
pub(super) fn check_rest(step: &Step, reply: &Reply) -> StepEnd {
    let Some(expect) = &step.expect else { return Ok(()) };
    expect.check(reply).map_err(|unmet| {
        if unmet.subject == "status" {
            (Outcome::Failed(ErrorClass::Status), Some(message::of_status(reply)))
        } else {
            (Outcome::Failed(ErrorClass::Check), Some(message::shorten(&unmet.to_string())))
        }
    })
}

const MOST_VALUES: usize = 9;

fn values(
    step: &Step,
    outcome: Outcome,
    latency: Duration,
    timing: &Timing,
    audio: Option<Duration>,
) -> ([(MetricId, Value); MOST_VALUES], usize) {
    let mut all = [(step.ids.latency, Value::Known(0)); MOST_VALUES];
    let mut count = 0;
    let mut add = |id: MetricId, value: Value| {
        all[count] = (id, value);
        count += 1;
    };
    let lost = outcome.is_slow_loss();
    if lost || outcome == Outcome::Ok {
        let value = if lost { Value::Beyond(latency.as_nanos()) } else { latency.into() };
        add(step.ids.latency, value);
        add(step.ids.requests, value);
    }
    if let Some(ids) = step.ids.exchange.filter(|_| outcome == Outcome::Ok) {
        let times = [
            (ids.dns, timing.dns),
            (ids.connect, timing.connect),
            (ids.tls, timing.tls),
            (ids.first_byte, timing.first_byte),
            (ids.receive, timing.receive),
        ];
        for (id, time) in times {
            if let Some(time) = time {
                add(id, time.into());
            }
        }
        add(ids.bytes, Value::Known(timing.bytes_in));
        if let Some(audio) = audio.filter(|_| !latency.is_zero()) {
            add(ids.rtfx, Value::Known((audio.as_secs_f64() / latency.as_secs_f64() * 1e3).round() as u64));
        }
    }
    (all, count)
}
