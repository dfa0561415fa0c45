//! Compiles the steps of a flow one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compiler::{CompileContext, Compiler};
use super::error::{ErrorLocation, FlowError};
use super::{poll, request, stream, tags};
use crate::audio::Pool;
use crate::diag::nearest;
use crate::flow::program::built_in::BuiltIn;
use crate::flow::program::flow::Flow;
use crate::flow::program::op::Op;
use crate::flow::program::setup::SharedSetup;
use crate::flow::program::step::{CompiledCapture, CompiledStep, Once};
use crate::flow::spec::capture::CaptureSpec;
use crate::flow::spec::repeat::{Repeat, RepeatSpec};
use crate::flow::spec::step::{OnceSpec, StepSpec};
use crate::flow::spec::walk::{FlowCallError, SourceStep, WalkEvent, walk};
use crate::metric::{Catalog, LoadId, MetricName, StepId};
use crate::protocol::http::HttpSpec;
use crate::template::{Slot, Template};

impl Flow {
    /// Compiles the steps that [`Flow::enter`] has put into the catalog.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn compile(
        specs: &[StepSpec],
        ids: &[StepId],
        catalog: &Catalog,
        load: LoadId,
        scene: &CompileContext<'_>,
    ) -> Result<Self, Vec<FlowError>> {
        compile(Compiler::new(
            walk(specs, scene.flows),
            ids,
            catalog,
            load,
            scene,
        ))
    }
}

fn compile(mut compiler: Compiler<'_>) -> Result<Flow, Vec<FlowError>> {
    for visit in std::mem::take(&mut compiler.visits) {
        match visit {
            WalkEvent::Step(written) => compile_step(&mut compiler, &written),
            WalkEvent::Enter(written) => {
                let begin = open_loop(&mut compiler, &written);
                compiler.open.push(begin);
            }
            WalkEvent::Leave => {
                let begin = compiler.open.pop().flatten();
                close_loop(&mut compiler, begin);
            }
            WalkEvent::Wrong(written, wrong) => reject_call(&mut compiler, &written, &wrong),
        }
    }
    let tags = tags::tags(&mut compiler);
    let split = tags::split(&mut compiler);
    let captured = |name: &String| {
        compiler.scope.is_captured_somewhere(name) && !compiler.scope.is_built_in(name)
    };
    let split_captured = compiler
        .scene
        .split_by
        .is_some_and(|name| captured(name.get_ref()));
    if !compiler.errors.is_empty() {
        return Err(compiler.errors);
    }
    let pools = used_pools(&compiler);
    Ok(Flow {
        built_in: BuiltIn::of(&compiler.slots, &pools, compiler.scene.data),
        steps: compiler.steps,
        body: compiler.body,
        setup: compiler.setup,
        shared: (0..compiler.per_run)
            .map(|_| SharedSetup::default())
            .collect(),
        kept: compiler.kept,
        pools,
        tags,
        split,
        split_captured,
        seed: compiler.scene.seed,
        nonce: compiler.scene.nonce,
        transcripts: compiler.scene.transcripts,
    })
}

fn reject_call(compiler: &mut Compiler<'_>, written: &SourceStep<'_>, wrong: &FlowCallError) {
    let Some(name) = &written.spec.flow else {
        return;
    };
    let word = match wrong {
        FlowCallError::Cycle(way) => (
            format!("the flow `{}` runs itself: {way}", name.get_ref()),
            "take one of these steps out".to_owned(),
        ),
        FlowCallError::Unknown => {
            let help = match nearest(
                name.get_ref(),
                compiler.scene.flows.keys().map(String::as_str),
            ) {
                Some(close) => format!("a flow with a similar name exists: `{close}`"),
                None => format!("add [[flow.{}]]", name.get_ref()),
            };
            (format!("there is no flow `{}`", name.get_ref()), help)
        }
    };
    compiler.say(written, ErrorLocation::At(name.span()), word);
}

/// The begin of a repetition, or of nothing.
fn open_loop(compiler: &mut Compiler<'_>, written: &SourceStep<'_>) -> Option<usize> {
    let repeat = written.spec.repeat.as_ref()?;
    let times = match repeat.template() {
        Ok(times) => times,
        Err(message) => {
            compiler.say(
                written,
                ErrorLocation::At(repeat.times.span()),
                (message, String::new()),
            );
            Template::default()
        }
    };
    for name in times.names() {
        if let Err(word) = compiler.scope.check(name, false) {
            compiler.say(written, ErrorLocation::At(repeat.times.span()), word);
        }
    }
    let counter = counter(compiler, written, repeat);
    let times = times.bind(&mut compiler.slots);
    // The step that errors are told of comes next.
    compiler.body.push(Op::Repeat(Repeat {
        times,
        counter,
        behind: 0,
        step: compiler.steps.len(),
    }));
    Some(compiler.body.len() - 1)
}

fn counter(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    repeat: &RepeatSpec,
) -> Option<Slot> {
    let name = repeat.counter.as_ref();
    compiler
        .scope
        .enter(name.map_or("", |name| name.get_ref().as_str()));
    let name = name?;
    compiler.check_new(written, name.get_ref(), name.span());
    Some(compiler.slots.slot(name.get_ref()))
}

fn close_loop(compiler: &mut Compiler<'_>, begin: Option<usize>) {
    let Some(begin) = begin else { return };
    compiler.scope.leave();
    compiler.body.push(Op::Again(begin));
    let behind = compiler.body.len();
    if let Op::Repeat(repeat) = &mut compiler.body[begin] {
        repeat.behind = behind;
        repeat.step = repeat.step.min(compiler.steps.len().saturating_sub(1));
    }
}

fn compile_step(compiler: &mut Compiler<'_>, written: &SourceStep<'_>) {
    let begin = if written.spec.once.is_none() {
        open_loop(compiler, written)
    } else {
        None
    };
    if let Some(pause) = written.spec.pause {
        compiler.body.push(Op::Pause(pause));
    } else if let Some(request) = written.spec.request()
        && let Some(id) = compiler.ids.next()
    {
        compile_exchange(compiler, written, &request, *id);
    }
    close_loop(compiler, begin);
}

fn compile_exchange(
    compiler: &mut Compiler<'_>,
    written: &SourceStep<'_>,
    http: &HttpSpec,
    id: StepId,
) {
    let spec = written.spec;
    let name = compiler.catalog.step(id).name.clone();
    if compiler.steps.iter().any(|step| step.name == name) {
        let help = "a rule could not tell them apart: give each its own name, and run a flow with named steps once"
            .to_owned();
        compiler.say(
            written,
            ErrorLocation::Step,
            (format!("two steps of this load are named `{name}`"), help),
        );
    }
    let once = once(compiler, spec.once);
    let binding = request::binding(compiler, written);
    let (template, audio) = request::template(compiler, written, http, once.is_some());
    let poll = poll::poll(compiler, written, id, once.is_some());
    let stream = spec
        .stream
        .as_ref()
        .map(|stream| stream::stream(compiler, written, stream, id, once.is_some()));
    let streamed = spec
        .stream
        .as_ref()
        .and_then(|stream| Some(stream.audio.as_ref()?.from.get_ref().clone()));
    let audio = streamed.or(audio);
    let reference = audio
        .clone()
        .or_else(|| sent_before(compiler, once.is_some()));
    let is_once = once.is_some();
    let expect = spec.expect.as_ref().map(|expect| {
        compiler.live(written, is_once, expect.get_ref(), |step, now| {
            step.expect = Some(now);
        })
    });
    let reject = spec.reject.as_ref().map(|reject| {
        compiler.live(written, is_once, reject.get_ref(), |step, now| {
            step.reject = Some(now);
        })
    });
    let transcript = spec.transcript.as_ref().map(|transcript| {
        compiler.live(written, is_once, transcript, |step, now| {
            step.transcript = Some(now);
        })
    });
    let mut capture = Vec::new();
    for (place, (name, wanted)) in spec.capture.0.iter().enumerate() {
        compiler.check_new(written, name, wanted.span());
        let CaptureSpec { from, default } = wanted.get_ref().clone();
        let from = compiler.live(written, is_once, &from, move |step, now| {
            step.capture[place].from = now;
        });
        let default = default.map(serde_json::Value::from);
        capture.push(CompiledCapture {
            name: name.clone(),
            slot: compiler.slots.slot(name),
            from,
            default,
        });
    }
    // What a step captures is known to later steps alone.
    for (name, _) in &spec.capture.0 {
        compiler.scope.capture(name, is_once);
    }
    let holes = std::mem::take(&mut compiler.holes);
    if once.is_some() {
        compiler
            .kept
            .extend(capture.iter().map(|captured| captured.slot));
    }
    let (Some(http), Some(binding)) = (template, binding) else {
        return;
    };
    compiler.steps.push(CompiledStep {
        name,
        id,
        http,
        binding,
        audio,
        timeout: spec.timeout.unwrap_or(compiler.scene.timeout),
        expect,
        reject,
        retry: spec.retry.clone(),
        capture,
        transcript,
        reference: reference.filter(|_| spec.transcript.is_some()),
        audio_seconds: spec.audio_seconds.clone(),
        poll,
        stream,
        once,
        holes,
        ids: compiler.catalog.ids(compiler.load, Some(id)),
        requests: compiler
            .catalog
            .ids(compiler.load, None)
            .get(MetricName::RequestsLatency)
            .expect("every load has it"),
    });
    let op = Op::Step(compiler.steps.len() - 1);
    if once.is_some() {
        &mut compiler.setup
    } else {
        &mut compiler.body
    }
    .push(op);
}

fn once(compiler: &mut Compiler<'_>, once: Option<OnceSpec>) -> Option<Once> {
    Some(match once? {
        OnceSpec::PerVu => Once::PerVu,
        OnceSpec::PerRun => {
            compiler.per_run += 1;
            Once::PerRun(compiler.per_run - 1)
        }
    })
}

/// The pool whose clip was sent last by the steps so far.
fn sent_before(compiler: &Compiler<'_>, once: bool) -> Option<String> {
    compiler
        .steps
        .iter()
        .rev()
        .filter(|step| step.once.is_some() == once)
        .find_map(|step| step.audio.clone())
}

/// The pools whose clips are sent or named.
fn used_pools(compiler: &Compiler<'_>) -> BTreeMap<String, Arc<Pool>> {
    let sent = |name: &str| {
        compiler.steps.iter().any(|step| {
            [&step.audio, &step.reference]
                .into_iter()
                .flatten()
                .any(|own| own == name)
        })
    };
    let named = |name: &str| {
        compiler
            .slots
            .iter()
            .any(|(slot, _)| slot.split_once('.').is_some_and(|(pool, _)| pool == name))
    };
    let used = compiler
        .scene
        .pools
        .iter()
        .filter(|(name, _)| sent(name) || named(name));
    used.map(|(name, pool)| (name.clone(), Arc::clone(pool)))
        .collect()
}
