//! Compiles what makes a step more than one exchange: its poll, its stream.

use std::sync::Arc;

use super::AudioSeconds;
use super::compiler::{Compiler, Spot};
use super::feed_spec::CHUNK;
use super::script::{Feed, Script};
use super::step::{Poll, PollMetrics, Span, Stream, StreamEnd, StreamMetrics};
use super::stream_spec::{Between, StreamSpec};
use super::walk::Written;
use crate::diag::nearest;
use crate::metric::StepId;
use crate::protocol::SaySpec;
use crate::select::{Conditions, Pattern};
use crate::units::Duration;

/// The poll of a step, where it has one.
pub(super) fn poll(
    compiler: &mut Compiler<'_>,
    written: &Written<'_>,
    id: StepId,
    once: bool,
) -> Option<Poll> {
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
                compiler.say(written, Spot::At(name.span()), (message, help));
            }
            place
        }
    };
    let (catalog, load) = (compiler.catalog, compiler.load);
    let metric = |state: &Pattern| {
        Some((
            state.clone(),
            catalog.find(load, Some(id), &format!("in.{state}"))?,
        ))
    };
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
pub(super) fn stream(
    compiler: &mut Compiler<'_>,
    written: &Written<'_>,
    stream: &StreamSpec,
    id: StepId,
    once: bool,
) -> Stream {
    let spec = written.spec;
    let script = (spec.http.is_none()).then(|| script(compiler, written, stream, once));
    let (catalog, load) = (compiler.catalog, compiler.load);
    let own = |name: &str| {
        catalog
            .find(load, Some(id), name)
            .expect("marks and spans are in the catalog")
    };
    let marks = stream
        .marks
        .0
        .iter()
        .map(|(name, mark)| (name.clone(), mark.get_ref().clone(), own(name)));
    let spans = stream.spans.0.iter().map(|(name, span)| {
        let Between { from, to } = span.get_ref();
        Span {
            name: name.clone(),
            from: end(stream, from),
            to: end(stream, to),
            id: own(name),
        }
    });
    let whole = [&spec.expect, &spec.reject];
    let seconds =
        matches!(&spec.audio_seconds, Some(AudioSeconds::At(selector)) if selector.needs_json());
    Stream {
        events: stream.events,
        script,
        until: stream.until.as_ref().map(|until| until.get_ref().clone()),
        error: stream.error.as_ref().map(|error| error.get_ref().clone()),
        warning: stream
            .warning
            .as_ref()
            .map(|warning| warning.get_ref().clone()),
        marks: marks.collect(),
        spans: spans.collect(),
        keeps_json: seconds
            || whole
                .into_iter()
                .flatten()
                .any(|of| Conditions::needs_json(of.get_ref())),
        ids: StreamMetrics::of(catalog, load, id),
    }
}

fn end(stream: &StreamSpec, name: &str) -> StreamEnd {
    match name {
        "start" => StreamEnd::Start,
        "connected" => StreamEnd::Connected,
        "ready" => StreamEnd::Ready,
        "audio_start" => StreamEnd::AudioStart,
        "audio_end" => StreamEnd::AudioEnd,
        "finished" => StreamEnd::Finished,
        "first_message" => StreamEnd::FirstMessage,
        "last_message" => StreamEnd::LastMessage,
        "end" => StreamEnd::End,
        mark => {
            let place = stream.marks.0.iter().position(|(name, _)| name == mark);
            StreamEnd::Mark(place.expect("the check of the table has found it"))
        }
    }
}

/// What this side says.
fn script(
    compiler: &mut Compiler<'_>,
    written: &Written<'_>,
    stream: &StreamSpec,
    once: bool,
) -> Script {
    let opening = stream.open.iter().flat_map(|list| &list.0);
    let open = opening
        .filter_map(|message| compiler.say_message(written, message, once, &[]))
        .collect();
    let finish = stream
        .finish
        .as_ref()
        .and_then(|message| compiler.say_message(written, message, once, &[]));
    let feed = stream.audio.as_ref().map(|audio| {
        compiler.check_streamed(written, &audio.from);
        let json = audio.json.as_ref().and_then(|json| {
            let message = SaySpec {
                json: Some(json.clone()),
                text: None,
                binary: None,
            };
            let message = compiler.say_message(written, &message, once, &[CHUNK])?;
            Some((message, compiler.slots.slot(CHUNK)))
        });
        let pool = compiler.scene.pools.get(audio.from.get_ref());
        let seconds = pool
            .filter(|_| audio.is_paced())
            .map_or(0.0, |pool| pool.longest() / audio.pace.0);
        Feed {
            longest: Duration::from_secs_f64(seconds),
            pool: audio.from.get_ref().clone(),
            encoding: audio.encoding,
            chunk: audio.chunk,
            pace: audio.pace.0,
            field: audio.field.as_ref().map(|field| field.get_ref().clone()),
            json,
            made: Arc::default(),
        }
    });
    // Over a WebSocket a close frame would end what `until` waits for.
    let hangs_up = written.spec.grpc.is_some()
        || (finish.is_none()
            && stream.until.is_none()
            && (feed.is_some() || stream.linger.is_some()));
    Script {
        open,
        ready: stream.ready.as_ref().map(|ready| ready.get_ref().clone()),
        feed,
        linger: stream.linger.unwrap_or_default(),
        quiet: stream.quiet,
        finish,
        hangs_up,
        covers: stream
            .covers
            .as_ref()
            .map(|covers| covers.get_ref().clone()),
        reconnect: stream.reconnect.map_or(0, |count| count.0),
    }
}
