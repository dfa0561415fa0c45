//! Compiles the stream of a step.

use std::sync::Arc;

use super::compiler::Compiler;
use super::request::{check_streamed, say_message};
use crate::diag::Spanned;
use crate::flow::program::script::{AudioFeed, StreamScript};
use crate::flow::program::step::{CompiledSpan, CompiledStream, StreamMoment};
use crate::flow::spec::audio_seconds::AudioSeconds;
use crate::flow::spec::audio_source::CHUNK;
use crate::flow::spec::live::LiveConditions;
use crate::flow::spec::moments::{MarkSpec, SpanSpec};
use crate::flow::spec::stream::StreamSpec;
use crate::flow::spec::walk::SourceStep;
use crate::metric::StepId;
use crate::protocol::MessageSpec;
use crate::select::Conditions;
use crate::units::Duration;

/// The stream of a step.
pub(crate) fn stream(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    stream: &StreamSpec,
    id: StepId,
    once: bool,
) -> CompiledStream {
    let spec = written.spec;
    let script = spec
        .is_duplex()
        .then(|| script(compiler, written, stream, once));
    let marked: Vec<MarkSpec> = {
        let marks = stream.marks.0.iter().enumerate();
        let each = marks.map(|(place, (_, mark))| {
            compiler.live(written, once, mark.get_ref(), move |step, mark| {
                step.stream
                    .iter_mut()
                    .for_each(|stream| stream.marks[place].1 = mark.clone());
            })
        });
        each.collect()
    };
    let until = conditions(
        compiler,
        written,
        once,
        stream.until.as_ref(),
        |stream, now| {
            stream.until = Some(now);
        },
    );
    let error = conditions(
        compiler,
        written,
        once,
        stream.error.as_ref(),
        |stream, now| {
            stream.error = Some(now);
        },
    );
    let warning = conditions(
        compiler,
        written,
        once,
        stream.warning.as_ref(),
        |stream, now| {
            stream.warning = Some(now);
        },
    );
    let content = stream.content.as_ref();
    let content = conditions(compiler, written, once, content, |stream, now| {
        stream.content = Some(now);
    });
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
        .zip(marked)
        .map(|((name, _), mark)| (name.clone(), mark, own(name)));
    let spans = stream.spans.0.iter().map(|(name, span)| {
        let SpanSpec { from, to } = span.get_ref();
        CompiledSpan {
            name: name.clone(),
            from: end(stream, from),
            to: end(stream, to),
            id: own(name),
        }
    });
    let whole = [&spec.expect, &spec.reject];
    let seconds = matches!(&spec.audio_seconds, Some(AudioSeconds::At(at) | AudioSeconds::RawAt(at, _)) if at.needs_json());
    CompiledStream {
        events: stream.events,
        script,
        until,
        error,
        warning,
        content,
        marks: marks.collect(),
        spans: spans.collect(),
        keeps_json: seconds
            || whole
                .into_iter()
                .flatten()
                .any(|of| of.get_ref().needs_json()),
    }
}

/// Conditions on messages, with the values of the iteration.
fn conditions(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    once: bool,
    spec: Option<&Spanned<LiveConditions>>,
    put: fn(&mut CompiledStream, Conditions),
) -> Option<Conditions> {
    let spec = spec?.get_ref();
    Some(compiler.live(written, once, spec, move |step, now| {
        step.stream
            .iter_mut()
            .for_each(|stream| put(stream, now.clone()));
    }))
}

fn end(stream: &StreamSpec, name: &str) -> StreamMoment {
    match name {
        "start" => StreamMoment::Start,
        "connected" => StreamMoment::Connected,
        "ready" => StreamMoment::Ready,
        "audio_start" => StreamMoment::AudioStart,
        "audio_end" => StreamMoment::AudioEnd,
        "finished" => StreamMoment::Finished,
        "first_message" => StreamMoment::FirstMessage,
        "last_message" => StreamMoment::LastMessage,
        "end" => StreamMoment::End,
        mark => {
            let place = stream.marks.0.iter().position(|(name, _)| name == mark);
            StreamMoment::Mark(place.expect("the check of the table has found it"))
        }
    }
}

/// What this side says.
fn script(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    stream: &StreamSpec,
    once: bool,
) -> StreamScript {
    let opening = stream.open.iter().flat_map(|list| &list.0);
    let open = opening
        .filter_map(|message| say_message(compiler, written, message, once, &[]))
        .collect();
    let finish = stream
        .finish
        .as_ref()
        .and_then(|message| say_message(compiler, written, message, once, &[]));
    let protocol = written.spec.protocol();
    let encodes_audio = protocol.is_some_and(crate::protocol::spec::ProtocolSpec::encodes_audio);
    let feed = stream.audio.as_ref().map(|audio| {
        check_streamed(compiler, written, &audio.from);
        let in_json = audio.json.as_ref().filter(|_| !encodes_audio);
        let json = in_json.and_then(|json| {
            let message = MessageSpec {
                json: Some(json.clone()),
                text: None,
                binary: None,
            };
            let message = say_message(compiler, written, &message, once, &[CHUNK])?;
            Some((message, compiler.slots.slot(CHUNK)))
        });
        let pool = compiler.scene.pools.get(audio.from.get_ref());
        let seconds = pool
            .filter(|_| audio.is_paced())
            .map_or(0.0, |pool| pool.longest() / audio.pace.0);
        AudioFeed {
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
    let outline = stream.outline();
    let hangs_up = written
        .spec
        .protocol()
        .is_some_and(|protocol| protocol.closes_sending(&outline));
    let ready = conditions(
        compiler,
        written,
        once,
        stream.ready.as_ref(),
        |stream, now| {
            stream
                .script
                .iter_mut()
                .for_each(|script| script.ready = Some(now.clone()));
        },
    );
    StreamScript {
        open,
        ready,
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
