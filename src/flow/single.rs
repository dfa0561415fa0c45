//! A step that is one exchange, tried again where the plan says so: a whole reply, or a stream of messages.

use super::answer::Answer;
use super::client::Ending;
use super::heard::Heard;
use super::script;
use super::step::{Step, Stream, Transport};
use super::user::{FlowUser, Open, StepEnd};
use crate::audio::WordErrors;
use crate::clock::Tick;
use crate::measure::{Recorder, RemarkKind, SampleKind, Value};
use crate::metric::{ErrorClass, MetricId, Outcome};
use crate::protocol::grpc::Described;
use crate::protocol::{
    Call, Exchange, Failed, Failure, Manner, Message, Payload, Reply, Request, Timing, call,
};
use crate::select::Evidence;
use crate::units::Duration;

/// How one exchange ended: a reply of whatever status, or the outcome and the word about it.
pub(super) struct Exchanged {
    pub(super) result: Result<Reply, (Outcome, String)>,
    pub(super) timing: Timing,
    /// What was heard, where it was a stream.
    pub(super) heard: Option<Heard>,
}

impl<E: Exchange> FlowUser<E> {
    /// One exchange within the step's timeout. What is heard of a stream counts from `start`, the step's.
    pub(super) async fn exchange(
        &mut self,
        step: &Step,
        request: &Request,
        start: Tick,
        notes: &mut Recorder,
    ) -> Exchanged {
        if let Some((stream, script)) = step
            .stream
            .as_ref()
            .and_then(|stream| Some((stream, stream.script.as_ref()?)))
        {
            return self
                .converse(step, (stream, script), request, start, notes)
                .await;
        }
        let begin = self.clock.now();
        self.exchanging(Some(begin));
        let clock = self.clock.clone();
        let deadline = begin + step.timeout;
        let mut heard = step
            .stream
            .as_ref()
            .map(|stream| Heard::new(step, stream, start));
        let answer = match (&step.transport, &step.stream, &mut heard) {
            (Transport::Grpc(described), ..) => {
                clock
                    .until(deadline, self.call(step, described, request))
                    .await
            }
            (_, Some(stream), Some(heard)) => {
                let mut each = |message: &Message<'_>| heard.hear(step, stream, message);
                clock
                    .until(
                        deadline,
                        self.transport.stream(request, stream.events, &mut each),
                    )
                    .await
            }
            _ => {
                clock
                    .until(deadline, self.transport.exchange(request))
                    .await
            }
        };
        let ended = self.clock.now();
        self.exchanging(None);
        let (result, timing) = match answer {
            Some(Ok(reply)) => {
                notes.answered();
                let timing = reply.timing;
                (Ok(reply), timing)
            }
            Some(Err(failed)) => {
                if failed.timing.first_byte.is_some() {
                    notes.answered();
                }
                (
                    Err((
                        Outcome::Failed(failed.failure.class),
                        failed.failure.message,
                    )),
                    failed.timing,
                )
            }
            None => {
                if self.transport.was_heard() {
                    notes.answered();
                }
                let what = if step.stream.is_some() {
                    "the stream has not ended"
                } else {
                    "no answer"
                };
                let word = (Outcome::TimedOut, format!("{what} within {}", step.timeout));
                (
                    Err(word),
                    Timing {
                        started: begin,
                        ended,
                        ..Timing::default()
                    },
                )
            }
        };
        Exchanged {
            result,
            timing,
            heard,
        }
    }

    /// A gRPC call that is no stream. Its reply is JSON.
    async fn call(
        &mut self,
        step: &Step,
        described: &Described,
        request: &Request,
    ) -> Result<Reply, Box<Failed>> {
        let failed = |message: String, timing: Timing| {
            let failure = Failure {
                class: ErrorClass::Check,
                message,
                retryable: false,
            };
            Box::new(Failed { failure, timing })
        };
        let now = Timing {
            started: self.clock.now(),
            ended: self.clock.now(),
            ..Timing::default()
        };
        let method = script::known(described).map_err(|message| failed(message, now))?;
        let message = method
            .encode(&request.payload.parts().concat())
            .map_err(|message| failed(message, now))?;
        let request = Request {
            payload: Payload::default(),
            ..request.clone()
        };
        let manner = Manner::Grpc {
            deadline: step.timeout,
            method: Some(method.clone()),
        };
        let reply = call(&mut self.transport, &Call { request, manner }, message).await?;
        if !reply.is_good() {
            return Ok(reply.with_body(bytes::Bytes::new()));
        }
        let Some(json) = method.decode(&reply.body) else {
            let failure = Failure {
                class: ErrorClass::Protocol,
                message: "the reply is not the message that the method answers with".to_owned(),
                retryable: false,
            };
            return Err(Box::new(Failed {
                failure,
                timing: reply.timing,
            }));
        };
        Ok(reply.with_body(json.to_string().into()))
    }

    pub(super) fn exchanging(&mut self, since: Option<Tick>) {
        if let Some(Open::Step { exchange, .. }) = &mut self.open {
            *exchange = since;
        }
    }

    /// The step's exchange, again where `retry` says so. All tries are in its latency.
    pub(super) async fn run_tries(
        &mut self,
        step: &Step,
        start: Tick,
        notes: &mut Recorder,
    ) -> StepEnd {
        let request = match self.request(step) {
            Ok(request) => request,
            Err(message) => return Err((Outcome::Failed(ErrorClass::Check), Some(message))),
        };
        let mut tries = 0;
        loop {
            let exchanged = self.exchange(step, &request, start, notes).await;
            let (end, words) = self.settle(step, &exchanged);
            tries += 1;
            let reply = exchanged.result.as_ref().ok();
            let wait = step
                .retry
                .as_ref()
                .and_then(|retry| retry.wait(tries, &end, reply, step.timeout));
            let Some(wait) = wait else {
                if let Some(words) = words.filter(|_| end.is_ok()) {
                    notes.words(step.id, words);
                }
                let (heard, timing) = (exchanged.heard.as_ref(), &exchanged.timing);
                self.remember(
                    step,
                    exchanged.result.as_ref().ok(),
                    (heard, timing),
                    outcome_of(&end),
                );
                let audio = self.audio_of(step, &request, &end, &exchanged, notes);
                self.note_conversation(step, &end, &exchanged, notes);
                self.note_end(step, (start, tries), &end, &exchanged, audio, notes);
                return end;
            };
            note_try(step, &end, &exchanged.timing, notes);
            notes.retried();
            if let Some(Open::Step { tries: over, .. }) = &mut self.open {
                *over = tries;
            }
            self.clock.sleep_until(exchanged.timing.ended + wait).await;
        }
    }

    /// Whether the reply is what the plan wants, and what later steps want of it. With it how well it was understood.
    fn settle(&mut self, step: &Step, exchanged: &Exchanged) -> (StepEnd, Option<WordErrors>) {
        let reply = match &exchanged.result {
            Ok(reply) => reply,
            Err((outcome, message)) => {
                if let Some(heard) = &exchanged.heard {
                    self.keep(step, heard.captured.clone());
                }
                return (Err((*outcome, Some(message.clone()))), None);
            }
        };
        let heard = exchanged.heard.as_ref();
        let transcript = understood(step, Some(reply), heard);
        let answer = Answer::new(step, reply).with(heard, transcript.as_deref());
        let checked = answer
            .check_reject()
            .and_then(|()| answer.check_status())
            .and_then(|()| answer.check_end(heard));
        let end = checked
            .and_then(|()| answer.check_rest())
            .and_then(|()| self.capture(step, &answer));
        if end.is_err() {
            self.keep(
                step,
                (0..step.capture.len())
                    .map(|place| answer.captured(place))
                    .collect(),
            );
        }
        (end, self.words(step, transcript.as_deref()))
    }

    /// How far a transcript is from what the clip says; one that is missing lacks every word.
    pub(super) fn words(&self, step: &Step, transcript: Option<&str>) -> Option<WordErrors> {
        let reference = self.sent(step.reference.as_ref()?)?.clip.text.as_ref()?;
        WordErrors::between(reference, transcript.unwrap_or_default())
    }

    /// The seconds of audio that the step stands for.
    fn audio_of(
        &mut self,
        step: &Step,
        request: &Request,
        end: &StepEnd,
        exchanged: &Exchanged,
        notes: &mut Recorder,
    ) -> Option<Duration> {
        if let Some(spec) = &step.audio_seconds {
            let reply = exchanged.result.as_ref().ok().filter(|_| end.is_ok())?;
            let answer = Answer::new(step, reply).with(exchanged.heard.as_ref(), None);
            let (audio, odd) = spec.of(&answer, &reply.body, answer.size());
            odd.into_iter()
                .for_each(|odd| notes.remark(RemarkKind::Oddity, step.id, odd));
            notes.audio(audio?);
            return audio;
        }
        let spoken = step
            .stream
            .as_ref()
            .is_some_and(|stream| stream.script.is_some());
        if let Some(heard) = exchanged.heard.as_ref().filter(|_| spoken) {
            let sent = Duration::from_secs_f64(heard.moments.sent());
            notes.audio(sent);
            return (!sent.is_zero()).then_some(sent);
        }
        let pool = step.audio.as_ref()?;
        let clip = &self.sent(pool)?.clip;
        let (audio, size) = (Duration::from_secs_f64(clip.seconds), clip.wav.len() as u64);
        // A slice of a clip is not the clip: all slices together are it once, and none has a real-time factor.
        if request.payload.len() < size {
            if !self.sliced.contains(pool) {
                self.sliced.push(pool.clone());
                notes.audio(audio);
            }
            return None;
        }
        notes.audio(audio);
        Some(audio)
    }

    /// The record of a conversation, where the step was one.
    fn note_conversation(
        &self,
        step: &Step,
        end: &StepEnd,
        exchanged: &Exchanged,
        notes: &mut Recorder,
    ) {
        let spoken = step
            .stream
            .as_ref()
            .is_some_and(|stream| stream.script.is_some());
        let Some(heard) = exchanged.heard.as_ref().filter(|_| spoken) else {
            return;
        };
        let error = end
            .as_ref()
            .err()
            .and_then(|(_, message)| message.clone())
            .map(|message| self.hide(message));
        let ending = Ending {
            at: exchanged.timing.ended,
            outcome: outcome_of(end),
            error: error.as_deref(),
            close: exchanged.result.as_ref().ok().and_then(Reply::close_code),
            timing: &exchanged.timing,
        };
        self.note_client(step, heard, &ending, notes);
    }

    fn note_end(
        &mut self,
        step: &Step,
        (start, tries): (Tick, u64),
        end: &StepEnd,
        exchanged: &Exchanged,
        audio: Option<Duration>,
        notes: &mut Recorder,
    ) {
        let timing = &exchanged.timing;
        let outcome = outcome_of(end);
        let latency = timing.ended.since(start);
        let mut values = std::mem::take(&mut self.scratch);
        values.clear();
        if let Some(value) = value_of(outcome, latency) {
            values.push((step.ids.latency, value));
            if tries == 1 {
                values.push((step.ids.requests, value));
            }
        }
        if let (Some(stream), Some(heard)) = (&step.stream, &exchanged.heard)
            && let Some(id) = stream.ids.audio.and_then(|audio| audio.send_lag)
        {
            heard
                .moments
                .lags
                .iter()
                .for_each(|lag| notes.aside(id, (*lag).into()));
        }
        if let (Some(stream), Some(heard)) = (&step.stream, &exchanged.heard) {
            note_staleness(stream, heard, (outcome, timing.ended), notes);
            heard
                .warned
                .iter()
                .for_each(|word| notes.remark(RemarkKind::Oddity, step.id, word.clone()));
            // What was looked for in vain is often why.
            if matches!(
                outcome,
                Outcome::Failed(ErrorClass::Check) | Outcome::TimedOut
            ) {
                let odd = heard.odd(step, stream);
                odd.into_iter()
                    .for_each(|odd| notes.remark(RemarkKind::Oddity, step.id, odd));
            }
        }
        if outcome == Outcome::Ok {
            let idle = exchanged.heard.as_ref().map_or(Duration::ZERO, Heard::idle);
            notes.idle(idle);
            exchange_values(step, latency - idle, timing, audio, &mut values);
            if let (Some(stream), Some(heard)) = (&step.stream, &exchanged.heard) {
                let odd = heard.values(step, stream, timing, &mut values);
                odd.into_iter()
                    .for_each(|odd| notes.remark(RemarkKind::Oddity, step.id, odd));
            }
        }
        let (kind, begin) = if tries == 1 {
            (SampleKind::Exchange(step.id), timing.started)
        } else {
            note_try(step, end, timing, notes);
            (SampleKind::Step(step.id), start)
        };
        notes.row(kind, (begin, timing.sent, timing.ended), outcome, &values);
        self.scratch = values;
    }
}

/// Notes how long each chunk of audio waited for its result; where there was none in time, longer than it was waited for. One value for
/// every chunk: too many for the raw samples.
pub(super) fn note_staleness(
    stream: &Stream,
    heard: &Heard,
    (outcome, ended): (Outcome, Tick),
    notes: &mut Recorder,
) {
    let Some(id) = stream
        .ids
        .staleness
        .filter(|_| outcome == Outcome::Ok || outcome.is_slow_loss())
    else {
        return;
    };
    let stale = &heard.reach.stale;
    let chunks = &heard.moments.chunks;
    chunks
        .iter()
        .zip(stale)
        .for_each(|(sent, time)| notes.waited(id, *sent, (*time).into()));
    if outcome.is_slow_loss() {
        let unheard = chunks.iter().skip(stale.len());
        unheard
            .for_each(|sent| notes.waited(id, *sent, Value::Beyond(ended.since(*sent).as_nanos())));
    }
}

/// The transcript, from the messages or from the reply; `None` where there is none, or where the plan looks for none.
pub(super) fn understood(
    step: &Step,
    reply: Option<&Reply>,
    heard: Option<&Heard>,
) -> Option<String> {
    let transcript = step.transcript.as_ref()?;
    match heard {
        Some(heard) if heard.messages > 0 => heard.pieces.text(),
        _ => transcript.of(reply?),
    }
}

pub(super) fn outcome_of(end: &StepEnd) -> Outcome {
    end.as_ref()
        .map_or_else(|(outcome, _)| *outcome, |()| Outcome::Ok)
}

/// A time as it ranks: known, or beyond every known one; `None` where it does not rank at all.
fn value_of(outcome: Outcome, time: Duration) -> Option<Value> {
    match outcome {
        Outcome::Ok => Some(time.into()),
        lost if lost.is_slow_loss() => Some(Value::Beyond(time.as_nanos())),
        _ => None,
    }
}

/// One exchange of a step that has several.
pub(super) fn note_try(step: &Step, end: &StepEnd, timing: &Timing, notes: &mut Recorder) {
    let outcome = outcome_of(end);
    let value = value_of(outcome, timing.ended.since(timing.started))
        .map(|value| (step.ids.requests, value));
    notes.row(
        SampleKind::Request(step.id),
        (timing.started, timing.sent, timing.ended),
        outcome,
        value.as_slice(),
    );
}

/// The values of an exchange. `work` is its latency without what the plan itself let pass.
fn exchange_values(
    step: &Step,
    work: Duration,
    timing: &Timing,
    audio: Option<Duration>,
    values: &mut Vec<(MetricId, Value)>,
) {
    let Some(ids) = step.ids.exchange else { return };
    let times = [
        (ids.dns, timing.dns),
        (ids.connect, timing.connect),
        (ids.tls, timing.tls),
        (ids.first_byte, timing.first_byte),
        (ids.receive, timing.receive),
    ];
    values.extend(
        times
            .into_iter()
            .filter_map(|(id, time)| Some((id, time?.into()))),
    );
    values.push((ids.bytes, Value::Known(timing.bytes_in)));
    if let Some(audio) = audio.filter(|_| !work.is_zero()) {
        let factor = audio.as_secs_f64() / work.as_secs_f64() * 1e3;
        values.push((ids.rtfx, Value::Known(factor.round() as u64)));
    }
}
