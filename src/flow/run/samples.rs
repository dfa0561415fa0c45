//! What is recorded of an exchange.

use super::context::StepContext;
use super::exchange_result::ExchangeResult;
use super::failure::{StepEnd, outcome_of};
use crate::clock::Tick;
use crate::flow::program::step::{CompiledStep, CompiledStream};
use crate::flow::stream::state::StreamState;
use crate::measure::{Measurement, Recorder, SampleKind};
use crate::metric::{ErrorClass, MetricId, MetricName, Outcome};
use crate::protocol::Timing;
use crate::units::Duration;

/// Records the end of a step that is one exchange, or several tries of it.
pub(crate) fn record_end<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (start, tries): (Tick, u64),
    end: &StepEnd,
    exchanged: &ExchangeResult,
    audio: Option<Duration>,
) {
    let timing = &exchanged.timing;
    let outcome = outcome_of(end);
    let latency = timing.ended.since(start);
    let mut values = std::mem::take(&mut context.state.scratch);
    values.clear();
    if let Some(value) = value_of(outcome, latency) {
        step.ids.push(&mut values, MetricName::Latency, value);
        if tries == 1 {
            values.push((step.requests, value));
        }
    }
    let stream = step.stream.as_ref().zip(exchanged.stream.as_ref());
    if let Some((stream, state)) = stream {
        record_stream(context, step, (stream, state), (outcome, timing.ended));
    }
    if outcome == Outcome::Ok {
        let idle = stream.map_or(Duration::ZERO, |(_, state)| state.idle());
        context.recorder.idle(idle);
        exchange_values(step, latency - idle, timing, audio, &mut values);
        if let Some((stream, state)) = stream {
            let odd = state.values(step, stream, timing, &mut values);
            context.record_oddities(step, odd);
        }
    }
    let (kind, begin) = if tries == 1 {
        (SampleKind::Exchange(step.id), timing.started)
    } else {
        record_try(context.recorder, step, end, timing);
        (SampleKind::Step(step.id), start)
    };
    let moments = (begin, timing.sent, timing.ended);
    context.recorder.row(kind, moments, outcome, &values);
    context.state.scratch = values;
}

fn record_stream<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (stream, state): (&CompiledStream, &StreamState),
    (outcome, ended): (Outcome, Tick),
) {
    if let Some(id) = step.ids.get(MetricName::SendLag) {
        for lag in &state.moments.lags {
            context.recorder.aside(id, (*lag).into());
        }
    }
    record_staleness(context.recorder, step, state, (outcome, ended));
    context.record_oddities(step, state.warned.iter().cloned());
    // What was looked for in vain is often why.
    if matches!(
        outcome,
        Outcome::Failed(ErrorClass::Check) | Outcome::TimedOut
    ) {
        context.record_oddities(step, state.odd(step, stream));
    }
}

/// Notes how long each chunk of audio waited for its result; where there was none in time, longer than it was waited for. One value for
/// every chunk: too many for the raw samples.
pub(crate) fn record_staleness(
    recorder: &mut Recorder,
    step: &CompiledStep,
    state: &StreamState,
    (outcome, ended): (Outcome, Tick),
) {
    let Some(id) = step
        .ids
        .get(MetricName::Staleness)
        .filter(|_| outcome == Outcome::Ok || outcome.is_slow_loss())
    else {
        return;
    };
    if let (Some(delay), Some(last)) =
        (step.ids.get(MetricName::Delay), state.moments.chunks.last())
        && state.reach.owed(&state.moments) > 0.0
    {
        recorder.aside(delay, Measurement::Beyond(ended.since(*last).as_nanos()));
    }
    let stale = &state.reach.stale;
    let chunks = &state.moments.chunks;
    chunks
        .iter()
        .zip(stale)
        .for_each(|(sent, time)| recorder.waited(id, *sent, (*time).into()));
    // Audio that was never answered waits for ever, however well the conversation ended.
    let owed = state.reach.owed(&state.moments) > 0.0;
    if outcome.is_slow_loss() || owed {
        let unheard = chunks.iter().skip(stale.len());
        unheard.for_each(|sent| {
            recorder.waited(
                id,
                *sent,
                Measurement::Beyond(ended.since(*sent).as_nanos()),
            );
        });
    }
}

/// A time as it ranks: known, or beyond every known one; `None` where it does not rank at all.
fn value_of(outcome: Outcome, time: Duration) -> Option<Measurement> {
    match outcome {
        Outcome::Ok => Some(time.into()),
        lost if lost.is_slow_loss() => Some(Measurement::Beyond(time.as_nanos())),
        _ => None,
    }
}

/// Records one exchange of a step that has several.
pub(crate) fn record_try(
    recorder: &mut Recorder,
    step: &CompiledStep,
    end: &StepEnd,
    timing: &Timing,
) {
    let outcome = outcome_of(end);
    let value =
        value_of(outcome, timing.ended.since(timing.started)).map(|value| (step.requests, value));
    recorder.row(
        SampleKind::Request(step.id),
        (timing.started, timing.sent, timing.ended),
        outcome,
        value.as_slice(),
    );
}

/// The values of an exchange. `work` is its latency without what the plan itself let pass.
fn exchange_values(
    step: &CompiledStep,
    work: Duration,
    timing: &Timing,
    audio: Option<Duration>,
    values: &mut Vec<(MetricId, Measurement)>,
) {
    let times = [
        (MetricName::Dns, timing.dns),
        (MetricName::Connect, timing.connect),
        (MetricName::Tls, timing.tls),
        (MetricName::FirstByte, timing.first_byte),
        (MetricName::Receive, timing.receive),
    ];
    for (metric, time) in times {
        step.ids.push(values, metric, time.map(Measurement::from));
    }
    let bytes = Measurement::Known(timing.bytes_in);
    step.ids.push(values, MetricName::Bytes, bytes);
    if let Some(audio) = audio.filter(|_| !work.is_zero()) {
        let factor = audio.as_secs_f64() / work.as_secs_f64() * 1e3;
        let factor = Measurement::Known(factor.round() as u64);
        step.ids.push(values, MetricName::Rtfx, factor);
    }
}
