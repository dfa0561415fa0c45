//! Compiles the poll of a step.

use super::compiler::Compiler;
use super::error::ErrorLocation;
use crate::diag::nearest;
use crate::flow::program::step::{CompiledPoll, CompiledStep};
use crate::flow::spec::live::Live;
use crate::flow::spec::walk::SourceStep;
use crate::metric::StepId;
use crate::select::Pattern;

/// The poll of a step, where it has one.
pub(crate) fn poll(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    id: StepId,
    once: bool,
) -> Option<CompiledPoll> {
    let poll = written.spec.poll.as_ref()?;
    let since = match &poll.since {
        None => compiler.last_place(once),
        Some(name) => {
            let place = compiler.place_of(name.get_ref(), once);
            if place.is_none() {
                let before = compiler.names_so_far(once);
                let help = match nearest(name.get_ref(), before.iter().copied()) {
                    Some(close) => format!("a step with a similar name is before it: `{close}`"),
                    None if before.is_empty() => "no step is before it".to_owned(),
                    None => format!("steps before it are: {}", before.join(", ")),
                };
                let message = format!(
                    "`since` names no step before this one: `{}`",
                    name.get_ref()
                );
                compiler.say(written, ErrorLocation::At(name.span()), (message, help));
            }
            place
        }
    };
    let of = |step: &mut CompiledStep, put: &dyn Fn(&mut CompiledPoll)| {
        step.poll.iter_mut().for_each(put);
    };
    let state = compiler.live(written, once, &poll.state, move |step, state| {
        of(step, &|poll| poll.state.clone_from(&state));
    });
    let mut states = |all: &[Live<Pattern>], list: fn(&mut CompiledPoll) -> &mut Vec<Pattern>| {
        let each = all.iter().enumerate().map(|(place, pattern)| {
            compiler.live(written, once, pattern, move |step, pattern| {
                of(step, &|poll| list(poll)[place].clone_from(&pattern));
            })
        });
        each.collect()
    };
    let done = states(&poll.done.0, |poll| &mut poll.done);
    let queued = states(&poll.queued.0, |poll| &mut poll.queued);
    let failed = states(&poll.failed.0, |poll| &mut poll.failed);
    let (catalog, load) = (compiler.catalog, compiler.load);
    let metric = |state: &Pattern| {
        Some((
            state.clone(),
            catalog.find(load, Some(id), &format!("in.{state}"))?,
        ))
    };
    Some(CompiledPoll {
        since,
        every: poll.every,
        backoff: poll.backoff.0,
        delay: poll.delay,
        at_most: poll.at_most.map_or(u64::MAX, |n| n.0),
        within: poll.deadline(),
        state,
        done,
        running: poll.running.0.clone(),
        queued,
        failed,
        tolerate: poll.tolerate.0,
        states: poll.running.0.iter().filter_map(metric).collect(),
    })
}
