//! A step that is one exchange, tried again where the plan says so: a whole reply, or a stream of messages.

use super::answer::Answer;
use super::heard::Heard;
use super::step::Step;
use super::user::{FlowUser, Open, StepEnd};
use crate::audio::WordErrors;
use crate::clock::Tick;
use crate::measure::{Recorder, RemarkKind, SampleKind, Value};
use crate::metric::{ErrorClass, MetricId, Outcome};
use crate::protocol::{Exchange, Message, Reply, Request, Timing};
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
        let begin = self.clock.now();
        self.exchanging(Some(begin));
        let clock = self.clock.clone();
        let deadline = begin + step.timeout;
        let mut heard = step.stream.as_ref().map(|stream| Heard::new(step, stream, start));
        let answer = match (&step.stream, &mut heard) {
            (Some(stream), Some(heard)) => {
                let mut each = |message: &Message<'_>| heard.hear(step, stream, message);
                clock.until(deadline, self.transport.stream(request, stream.events, &mut each)).await
            }
            _ => clock.until(deadline, self.transport.exchange(request)).await,
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
                (Err((Outcome::Failed(failed.failure.class), failed.failure.message)), failed.timing)
            }
            None => {
                if self.transport.was_heard() {
                    notes.answered();
                }
                let what = if step.stream.is_some() { "the stream has not ended" } else { "no answer" };
                let word = (Outcome::TimedOut, format!("{what} within {}", step.timeout));
                (Err(word), Timing { started: begin, ended, ..Timing::default() })
            }
        };
        Exchanged { result, timing, heard }
    }

    fn exchanging(&mut self, since: Option<Tick>) {
        if let Some(Open::Step { exchange, .. }) = &mut self.open {
            *exchange = since;
        }
    }

    /// The step's exchange, again where `retry` says so. All tries are in its latency.
    pub(super) async fn run_tries(&mut self, step: &Step, start: Tick, notes: &mut Recorder) -> StepEnd {
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
            let wait = step.retry.as_ref().and_then(|retry| retry.wait(tries, &end, reply, step.timeout));
            let Some(wait) = wait else {
                if let Some(words) = words.filter(|_| end.is_ok()) {
                    notes.words(step.id, words);
                }
                let audio = self.audio_of(step, &request, &end, &exchanged, notes);
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
            Err((outcome, message)) => return (Err((*outcome, Some(message.clone()))), None),
        };
        let heard = exchanged.heard.as_ref();
        let transcript = step.transcript.as_ref().and_then(|transcript| match heard {
            Some(heard) if heard.messages > 0 => heard.pieces.text(),
            _ => transcript.of(reply),
        });
        let answer = Answer::new(step, reply).with(heard, transcript.as_deref());
        let checked = answer.check_reject().and_then(|()| answer.check_status()).and_then(|()| answer.check_end(heard));
        let end = checked.and_then(|()| answer.check_rest()).and_then(|()| self.capture(step, &answer));
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
            odd.into_iter().for_each(|odd| notes.remark(RemarkKind::Oddity, step.id, odd));
            notes.audio(audio?);
            return audio;
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
        if outcome == Outcome::Ok {
            exchange_values(step, latency, timing, audio, &mut values);
            if let (Some(stream), Some(heard)) = (&step.stream, &exchanged.heard) {
                let odd = heard.values(stream, timing, &mut values);
                odd.into_iter().for_each(|odd| notes.remark(RemarkKind::Oddity, step.id, odd));
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

pub(super) fn outcome_of(end: &StepEnd) -> Outcome {
    end.as_ref().map_or_else(|(outcome, _)| *outcome, |()| Outcome::Ok)
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
    let value = value_of(outcome, timing.ended.since(timing.started)).map(|value| (step.ids.requests, value));
    notes.row(SampleKind::Request(step.id), (timing.started, timing.sent, timing.ended), outcome, value.as_slice());
}

fn exchange_values(
    step: &Step,
    latency: Duration,
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
    values.extend(times.into_iter().filter_map(|(id, time)| Some((id, time?.into()))));
    values.push((ids.bytes, Value::Known(timing.bytes_in)));
    if let Some(audio) = audio.filter(|_| !latency.is_zero()) {
        let factor = audio.as_secs_f64() / latency.as_secs_f64() * 1e3;
        values.push((ids.rtfx, Value::Known(factor.round() as u64)));
    }
}
