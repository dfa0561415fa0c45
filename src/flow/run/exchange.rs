//! One exchange within the step's timeout: a whole reply, or a stream of messages.

use super::context::StepContext;
use super::exchange_result::ExchangeResult;
use super::failure::StepFailure;
use super::stream_step;
use crate::clock::Tick;
use crate::flow::program::step::{CompiledStep, CompiledStream};
use crate::flow::stream::state::StreamState;
use crate::metric::Outcome;
use crate::protocol::{ExchangeError, Message, Reply, Request, Timing, Transport};

/// Makes one exchange. What comes of a stream counts from `start`, the step's.
pub(crate) async fn exchange<T: Transport>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    request: &Request,
    start: Tick,
) -> ExchangeResult {
    let stream = step.stream.as_ref();
    if let Some((stream, script)) =
        stream.and_then(|stream| Some((stream, stream.script.as_ref()?)))
    {
        return stream_step::run(context, step, (stream, script), request, start).await;
    }
    let begin = context.clock.now();
    context.state.set_exchange(Some(begin));
    let mut state = stream.map(|stream| StreamState::new(step, stream, start));
    let answer = match (stream, &mut state) {
        (Some(stream), Some(state)) => listen(context, step, (stream, state), request, begin).await,
        _ => {
            let reply = step
                .binding
                .exchange(context.transport, request, begin, step.timeout);
            context.clock.until(begin + step.timeout, reply).await
        }
    };
    let ended = context.clock.now();
    context.state.set_exchange(None);
    let (result, timing) = match answer {
        Some(Ok(reply)) => {
            context.recorder.answered();
            let timing = reply.timing;
            (Ok(reply), timing)
        }
        Some(Err(failed)) => {
            if failed.timing.first_byte.is_some() {
                context.recorder.answered();
            }
            let timing = failed.timing;
            (Err(StepFailure::from(*failed)), timing)
        }
        None => {
            if context.transport.has_reply_started() {
                context.recorder.answered();
            }
            let what = match stream {
                Some(_) => "the stream has not ended",
                None => "no answer",
            };
            let message = format!("{what} within {}", step.timeout);
            let timing = Timing {
                started: begin,
                ended,
                ..Timing::default()
            };
            (Err(StepFailure::new(Outcome::TimedOut, message)), timing)
        }
    };
    ExchangeResult {
        result,
        timing,
        stream: state,
    }
}

/// A stream on which only the target sends messages.
async fn listen<T: Transport>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (stream, state): (&CompiledStream, &mut StreamState),
    request: &Request,
    begin: Tick,
) -> Option<Result<Reply, Box<ExchangeError>>> {
    let mut each = |message: &Message<'_>| state.receive(step, stream, message);
    let reply = context.transport.stream(request, stream.events, &mut each);
    context.clock.until(begin + step.timeout, reply).await
}
