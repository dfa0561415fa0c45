//! Compiles what makes a step more than one exchange: its poll, its stream.

use super::AudioSeconds;
use super::compiler::{Compiler, Spot};
use super::spec::StepSpec;
use super::step::{Poll, PollMetrics, Span, Stream, StreamEnd, StreamMetrics};
use super::stream_spec::{Between, StreamSpec};
use super::walk::Written;
use crate::diag::nearest;
use crate::metric::StepId;
use crate::select::{Conditions, Pattern};

/// The poll of a step, where it has one.
pub(super) fn poll(compiler: &mut Compiler<'_>, written: &Written<'_>, id: StepId, once: bool) -> Option<Poll> {
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
                let message = format!("`since` names no step before this one: `{}`", name.get_ref());
                compiler.say(written, Spot::At(name.span()), (message, help));
            }
            place
        }
    };
    let (catalog, load) = (compiler.catalog, compiler.load);
    let metric = |state: &Pattern| Some((state.clone(), catalog.find(load, Some(id), &format!("in.{state}"))?));
    Some(Poll {
        since,
        every: poll.every,
        backoff: poll.backoff.0,
        delay: poll.delay,
        at_most: poll.at_most.map_or(u64::MAX, |n| n.0),
        within: poll.deadline(),
        state: poll.state.clone(),
        done: poll.done.0.clone(),
        running: poll.running.0.clone(),
        failed: poll.failed.0.clone(),
        tolerate: poll.tolerate.0,
        ids: PollMetrics::of(catalog, load, id),
        states: poll.running.0.iter().filter_map(metric).collect(),
    })
}

/// The stream of a step.
pub(super) fn stream(compiler: &Compiler<'_>, spec: &StepSpec, stream: &StreamSpec, id: StepId) -> Stream {
    let (catalog, load) = (compiler.catalog, compiler.load);
    let own = |name: &str| catalog.find(load, Some(id), name).expect("marks and spans are in the catalog");
    let end = |name: &str| match name {
        "start" => StreamEnd::Start,
        "connected" => StreamEnd::Connected,
        "first_message" => StreamEnd::FirstMessage,
        "last_message" => StreamEnd::LastMessage,
        "end" => StreamEnd::End,
        mark => {
            let place = stream.marks.0.iter().position(|(name, _)| name == mark);
            StreamEnd::Mark(place.expect("the check of the table has found it"))
        }
    };
    let marks = stream.marks.0.iter().map(|(name, mark)| (name.clone(), mark.get_ref().clone(), own(name)));
    let spans = stream.spans.0.iter().map(|(name, span)| {
        let Between { from, to } = span.get_ref();
        Span { name: name.clone(), from: end(from), to: end(to), id: own(name) }
    });
    let whole = [&spec.expect, &spec.reject];
    let seconds = matches!(&spec.audio_seconds, Some(AudioSeconds::At(selector)) if selector.needs_json());
    Stream {
        events: stream.events,
        until: stream.until.as_ref().map(|until| until.get_ref().clone()),
        error: stream.error.as_ref().map(|error| error.get_ref().clone()),
        marks: marks.collect(),
        spans: spans.collect(),
        keeps_json: seconds || whole.into_iter().flatten().any(|of| Conditions::needs_json(of.get_ref())),
        ids: StreamMetrics::of(catalog, load, id),
    }
}
