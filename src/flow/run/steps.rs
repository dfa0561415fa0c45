//! The steps of an iteration, one after the other.

use super::context::StepContext;
use super::failure::{StepEnd, StepFailure};
use super::iteration::InFlight;
use super::{exchange_step, poll_step};
use crate::clock::Tick;
use crate::flow::program::built_in::mix;
use crate::flow::program::op::{LoopCounter, Op, steps_of};
use crate::flow::program::step::CompiledStep;
use crate::metric::Outcome;
use crate::protocol::Transport;
use crate::schedule::ThinkTimes;
use crate::units::DurationRange;

/// Runs what an iteration does; its first step counts from `due`.
pub(crate) async fn run<T: Transport>(
    context: &mut StepContext<'_, T>,
    number: u64,
    due: Tick,
) -> Outcome {
    let program = &context.flow.body[..];
    let (mut first, mut at) = (Some(due), 0);
    context.state.loops.clear();
    while let Some(op) = program.get(at) {
        at += 1;
        match op {
            Op::Step(place) => {
                let start = first.take().unwrap_or_else(|| context.clock.now());
                if let Err(failure) = run_step(context, *place, start).await {
                    let outcome = failure.outcome;
                    context.record_failure(*place, failure);
                    return outcome;
                }
            }
            Op::Pause(range) => {
                first = None;
                pause(context, *range, number).await;
            }
            Op::Repeat(repeat) => match repeat.times(&context.state.values) {
                Ok(0) => {
                    // What an earlier turn has left of these steps is not of this one.
                    steps_of(&program[at..repeat.behind])
                        .for_each(|place| context.state.done[place] = None);
                    at = repeat.behind;
                }
                Ok(times) => {
                    let counter = LoopCounter { done: 0, of: times };
                    context.state.loops.push(counter);
                    context.state.set_counter(repeat.counter, 0);
                }
                Err(error) => {
                    let failure = StepFailure::from(error);
                    let outcome = failure.outcome;
                    context.record_failure(repeat.step, failure);
                    return outcome;
                }
            },
            Op::Again(begin) => {
                let (Some(counter), Op::Repeat(repeat)) =
                    (context.state.loops.last_mut(), &program[*begin])
                else {
                    continue;
                };
                counter.done += 1;
                if counter.done < counter.of {
                    let done = counter.done;
                    context.state.set_counter(repeat.counter, done);
                    at = begin + 1;
                } else {
                    context.state.loops.pop();
                }
            }
        }
    }
    Outcome::Ok
}

/// Runs one step to its end.
pub(crate) async fn run_step<T: Transport>(
    context: &mut StepContext<'_, T>,
    place: usize,
    start: Tick,
) -> StepEnd {
    let step = &context.flow.steps[place];
    context.state.in_flight = Some(InFlight::Step {
        step: place,
        start,
        exchange: None,
        since: start,
        tries: 0,
    });
    let end = match step.filled(&context.state.values) {
        Ok(filled) => run_shape(context, filled.as_ref().unwrap_or(step), start).await,
        Err(error) => Err(error.into()),
    };
    context.state.in_flight = None;
    context.state.done[place] = Some((start, context.clock.now()));
    end
}

async fn run_shape<T: Transport>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    start: Tick,
) -> StepEnd {
    match &step.poll {
        None => exchange_step::run(context, step, start).await,
        Some(poll) => poll_step::run(context, step, poll, start).await,
    }
}

/// A pause, drawn by the user and its own iteration: the same for a seed, whatever the number of workers.
async fn pause<T>(context: &mut StepContext<'_, T>, range: DurationRange, number: u64) {
    let begin = context.clock.now();
    context.state.in_flight = Some(InFlight::Pause(begin));
    let seed = context.flow.seed ^ mix(context.state.next_pause());
    let time = ThinkTimes::new(seed, number).pause(range);
    context.clock.sleep_until(begin + time).await;
    context.state.in_flight = None;
    context.recorder.pause(context.clock.now().since(begin));
}
