//! What is recorded of an iteration that is cut off at the end of its load.

use super::client::{ClientEnding, record_client};
use super::context::StepContext;
use super::failure::StepFailure;
use super::iteration::InFlight;
use super::samples::record_staleness;
use crate::clock::Tick;
use crate::flow::program::step::CompiledStep;
use crate::measure::{ErrorRecord, Measurement, SampleKind};
use crate::metric::{ErrorClass, MetricName, Outcome};
use crate::protocol::Timing;
use crate::units::Duration;

/// Records what is under way as interrupted.
pub(crate) fn record<T>(context: &mut StepContext<'_, T>, at: Tick) {
    let flow = context.flow;
    if let (Some(InFlight::Step { step, .. }), Some(stream)) =
        (&context.state.in_flight, &context.state.stream)
    {
        let (step, captured) = (&flow.steps[*step], stream.captured.clone());
        context.state.keep(step, captured);
    }
    context.state.tag(flow, context.recorder);
    match context.state.in_flight.take() {
        None => {}
        Some(InFlight::Pause(since)) => {
            context.recorder.pause(at.since(since));
            context.recorder.error(ErrorRecord {
                step: None,
                class: ErrorClass::Aborted,
                message: "cut off in a pause at the end of the load".to_owned(),
                at,
            });
        }
        Some(InFlight::Step { step, .. }) if flow.steps[step].once.is_some() => {
            let message = "cut off before it was set up";
            context.record_failure(step, StepFailure::new(Outcome::Interrupted, message));
        }
        Some(InFlight::Step {
            step: place,
            start,
            exchange,
            since,
            tries,
        }) => {
            let step = &flow.steps[place];
            let message = format!(
                "cut off after {} at the end of the load",
                rounded(at.since(start))
            );
            record_stream(context, step, (exchange.unwrap_or(start), at), &message);
            if step.poll.is_none() && tries == 0 {
                record_exchange(context, step, (start, exchange.unwrap_or(start)), at);
            } else {
                record_step(context, step, (start, exchange, since), at);
            }
            context.record_failure(place, StepFailure::new(Outcome::Interrupted, message));
        }
    }
}

fn lost(start: Tick, at: Tick) -> Measurement {
    Measurement::Beyond(at.since(start).as_nanos())
}

fn record_stream<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (started, at): (Tick, Tick),
    message: &str,
) {
    let Some(state) = context.state.stream.take() else {
        return;
    };
    let timing = Timing {
        started,
        ended: at,
        ..state.opened.unwrap_or_default()
    };
    let ending = ClientEnding {
        at,
        outcome: Outcome::Interrupted,
        error: Some(message),
        close: None,
        timing: &timing,
    };
    record_client(context, step, &state, &ending);
    record_staleness(context.recorder, step, &state, (Outcome::Interrupted, at));
}

fn record_exchange<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (start, exchange): (Tick, Tick),
    at: Tick,
) {
    let mut values = vec![(step.requests, lost(start, at))];
    let latency = lost(start, at);
    step.ids.push(&mut values, MetricName::Latency, latency);
    let moments = (exchange, None, at);
    let kind = SampleKind::Exchange(step.id);
    context
        .recorder
        .row(kind, moments, Outcome::Interrupted, &values);
}

fn record_step<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (start, exchange, since): (Tick, Option<Tick>, Tick),
    at: Tick,
) {
    if let Some(exchange) = exchange {
        let values = [(step.requests, lost(exchange, at))];
        let moments = (exchange, None, at);
        let kind = SampleKind::Request(step.id);
        context
            .recorder
            .row(kind, moments, Outcome::Interrupted, &values);
    }
    let mut values = Vec::new();
    let latency = lost(start, at);
    step.ids.push(&mut values, MetricName::Latency, latency);
    // Only a poll has it.
    let total = lost(since, at);
    step.ids.push(&mut values, MetricName::Total, total);
    let kind = SampleKind::Step(step.id);
    context
        .recorder
        .row(kind, (start, None, at), Outcome::Interrupted, &values);
}

/// To the millisecond: more would part what is one cause.
fn rounded(time: Duration) -> Duration {
    Duration::from_millis(time.as_nanos().div_ceil(1_000_000))
}
