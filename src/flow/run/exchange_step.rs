//! A step that is one exchange, tried again where the plan says so.

use super::client::{ClientEnding, record_client};
use super::context::StepContext;
use super::exchange::exchange;
use super::exchange_result::ExchangeResult;
use super::failure::{StepEnd, outcome_of};
use super::findings::remember;
use super::iteration::InFlight;
use super::reply::{StepReply, transcript_of};
use super::samples::{record_end, record_try};
use crate::audio::WordErrors;
use crate::clock::Tick;
use crate::flow::program::step::CompiledStep;
use crate::flow::stream::state::StreamState;
use crate::metric::MetricName;
use crate::protocol::{Reply, Request, Transport};
use crate::select::Evidence;
use crate::units::Duration;

/// Makes the step's exchange, again where `retry` says so. All tries are in its latency.
pub(crate) async fn run<T: Transport>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    start: Tick,
) -> StepEnd {
    let request = context.request(step)?;
    let mut tries = 0;
    loop {
        let exchanged = exchange(context, step, &request, start).await;
        let (end, words) = settle(context, step, &exchanged);
        tries += 1;
        let class = end
            .as_ref()
            .err()
            .and_then(|failure| failure.outcome.class());
        let wait = step
            .retry
            .as_ref()
            .and_then(|retry| retry.wait(tries, class, exchanged.reply(), step.timeout));
        let Some(wait) = wait else {
            if let Some(words) = words.filter(|_| end.is_ok()) {
                context.recorder.words(step.id, words);
            }
            remember(context, step, &exchanged, outcome_of(&end));
            let audio = record_audio(context, step, &request, &end, &exchanged);
            record_conversation(context, step, &end, &exchanged);
            record_end(context, step, (start, tries), &end, &exchanged, audio);
            return end;
        };
        record_try(context.recorder, step, &end, &exchanged.timing);
        context.recorder.count(MetricName::Retries, 1);
        if let Some(InFlight::Step { tries: over, .. }) = &mut context.state.in_flight {
            *over = tries;
        }
        let again = exchanged.timing.ended + wait;
        context.clock.sleep_until(again).await;
    }
}

/// Whether the reply is what the plan wants, and what later steps want of it. With it how well it was understood.
fn settle<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    exchanged: &ExchangeResult,
) -> (StepEnd, Option<WordErrors>) {
    let stream = exchanged.stream.as_ref();
    let reply = match &exchanged.result {
        Ok(reply) => reply,
        Err(failure) => {
            if let Some(stream) = stream {
                context.state.keep(step, stream.captured.clone());
            }
            return (Err(failure.clone()), None);
        }
    };
    let transcript = transcript_of(step, Some(reply), stream);
    let answer = StepReply::new(step, reply).with(stream, transcript.as_deref());
    let end = answer
        .check_reject()
        .and_then(|()| answer.check_status())
        .and_then(|()| answer.check_end(stream))
        .and_then(|()| answer.check_rest())
        .and_then(|()| context.capture(step, &answer));
    if end.is_err() {
        let places = 0..step.capture.len();
        let captured = places.map(|place| answer.captured(place)).collect();
        context.state.keep(step, captured);
    }
    let words = context.word_errors(step, transcript.as_deref());
    if end.is_ok() {
        context.keep_transcript(step, transcript.as_deref(), words);
    }
    (end, words)
}

/// The seconds of audio that the step stands for.
fn record_audio<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    request: &Request,
    end: &StepEnd,
    exchanged: &ExchangeResult,
) -> Option<Duration> {
    if let Some(spec) = &step.audio_seconds {
        let reply = exchanged.reply().filter(|_| end.is_ok())?;
        let answer = StepReply::new(step, reply).with(exchanged.stream.as_ref(), None);
        let (audio, odd) = spec.of(&answer, &reply.body, answer.size());
        context.record_oddities(step, odd);
        context.recorder.audio(audio?);
        return audio;
    }
    if let Some(stream) = conversation(step, exchanged) {
        let sent = Duration::from_secs_f64(stream.moments.sent());
        context.recorder.audio(sent);
        return (!sent.is_zero()).then_some(sent);
    }
    let pool = step.audio.as_ref()?;
    let clip = &context.clip(pool)?.clip;
    let (audio, size) = (Duration::from_secs_f64(clip.seconds), clip.wav.len() as u64);
    // A slice of a clip is not the clip: all slices together are it once, and none has a real-time factor.
    if request.payload.len() < size {
        if !context.state.sliced.contains(pool) {
            context.state.sliced.push(pool.clone());
            context.recorder.audio(audio);
        }
        return None;
    }
    context.recorder.audio(audio);
    Some(audio)
}

/// The stream of a step on which both sides send messages.
fn conversation<'a>(step: &CompiledStep, exchanged: &'a ExchangeResult) -> Option<&'a StreamState> {
    step.stream.as_ref()?.script.as_ref()?;
    exchanged.stream.as_ref()
}

/// The record of a conversation, where the step was one.
fn record_conversation<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    end: &StepEnd,
    exchanged: &ExchangeResult,
) {
    let Some(stream) = conversation(step, exchanged) else {
        return;
    };
    let message = end
        .as_ref()
        .err()
        .and_then(|failure| failure.message.as_ref());
    let error = message.map(|message| context.state.hide(context.flow, message));
    let ending = ClientEnding {
        at: exchanged.timing.ended,
        outcome: outcome_of(end),
        error: error.as_deref(),
        close: exchanged.reply().and_then(Reply::close_code),
        timing: &exchanged.timing,
    };
    record_client(context, step, stream, &ending);
}
