//! From the steps of a plan to a flow that users can run.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::PollSpec;
use super::names::{self, BuiltIn};
use super::spec::StepSpec;
use super::step::{Poll, PollMetrics, Step, StepMetrics};
use crate::audio::Pool;
use crate::diag::{Span, nearest};
use crate::metric::{Catalog, Kind, Level, LoadId, StepId};
use crate::protocol::http::{Auth, Surroundings, Texts};
use crate::template::Slots;
use crate::units::Duration;

/// A flow of one load, compiled: shared by all its users on all threads.
#[derive(Debug)]
pub struct Flow {
    pub(super) steps: Vec<Step>,
    pub(super) pools: BTreeMap<String, Arc<Pool>>,
    pub(super) built_in: BuiltIn,
    /// Makes what must be unique differ from run to run.
    pub(super) nonce: u64,
}

/// What a flow is compiled in.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The target's URL.
    pub base: Option<&'a Url>,
    /// The target's headers.
    pub headers: &'a Texts,
    /// The target's authorization.
    pub auth: Option<&'a Auth>,
    /// The target's timeout of one exchange.
    pub timeout: Duration,
    /// The folder that relative paths start from.
    pub folder: &'a Path,
    /// The audio pools of the plan.
    pub pools: &'a BTreeMap<String, Arc<Pool>>,
    /// Makes what must be unique differ from run to run.
    pub nonce: u64,
}

/// What is wrong with a step, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowError {
    /// The step's place in its flow, from 0.
    pub step: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next; may be empty.
    pub help: String,
    /// The value that is wrong, where it is one.
    pub span: Option<Span>,
}

/// The name of a step that has none of its own.
const NAMELESS: &str = "request";

impl Flow {
    /// Adds the steps of a flow to the catalog, in order.
    pub fn enter(steps: &[StepSpec], catalog: &mut Catalog, load: LoadId) -> Vec<StepId> {
        let mut ids = Vec::new();
        for step in steps {
            let name = step.name.as_deref().unwrap_or(NAMELESS);
            let level = if step.poll.is_some() { Level::Poll } else { Level::Exchange };
            let id = catalog.add_step(load, name, level);
            if let (Some(poll), Some(kind)) = (&step.poll, Kind::find(Level::Poll, "processing")) {
                for state in poll.running.0.iter().map(ToString::to_string).filter(|state| !state.contains('*')) {
                    catalog.add(load, Some(id), &format!("in.{state}"), kind);
                }
            }
            ids.push(id);
        }
        ids
    }

    /// Compiles the steps that [`Flow::enter`] has put into the catalog.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn compile(
        specs: &[StepSpec],
        ids: &[StepId],
        catalog: &Catalog,
        load: LoadId,
        scene: &Scene<'_>,
    ) -> Result<Self, Vec<FlowError>> {
        let mut slots = Slots::default();
        let mut known = names::all(scene.pools.keys().map(String::as_str));
        // What every request has is left out until a step has captured it.
        let everywhere = scene.auth.map(Auth::names).into_iter().flatten().chain(scene.headers.names());
        let captured = |name: &String| specs.iter().any(|spec| spec.capture.0.iter().any(|(own, _)| own == name));
        known.extend(everywhere.filter(captured));
        let (mut steps, mut errors) = (Vec::new(), Vec::new());
        for (at, (spec, id)) in specs.iter().zip(ids).enumerate() {
            let mut say = |message: String, help: String, span: Option<Span>| {
                errors.push(FlowError { step: at, message, help, span });
            };
            let Some(http) = &spec.http else { continue };
            let around =
                Surroundings { base: scene.base, headers: scene.headers, auth: scene.auth, folder: scene.folder };
            let template = http.compile(&around, &mut slots);
            for name in slots.iter().map(|(name, _)| name).filter(|name| !known.iter().any(|own| own == name)) {
                let help = nearest(name, known.iter().map(String::as_str)).map_or_else(
                    || "a step before this one can capture it: capture = { NAME = \"$.path\" }".to_owned(),
                    |close| format!("a value with a similar name exists: `{close}`"),
                );
                say(format!("nothing has the name `{{{{{name}}}}}` here"), help, None);
            }
            // Said once; later steps that use the same name would only repeat it.
            known.extend(slots.iter().map(|(name, _)| name.to_owned()));
            let capture = spec
                .capture
                .0
                .iter()
                .map(|(name, selector)| (name.clone(), slots.slot(name), selector.get_ref().clone()))
                .collect();
            known.extend(spec.capture.0.iter().map(|(name, _)| name.clone()));
            let template = match template {
                Ok(template) => template,
                Err(wrong) => {
                    wrong.into_iter().for_each(|error| say(error.message, String::new(), error.span));
                    continue;
                }
            };
            if let Some(pool) = template.audio_pool().filter(|pool| !scene.pools.contains_key(*pool)) {
                let help = nearest(pool, scene.pools.keys().map(String::as_str)).map_or_else(
                    || format!("add [audio.{pool}] with `files` or `synthesize`"),
                    |close| format!("a pool with a similar name exists: `{close}`"),
                );
                say(format!("there is no audio pool `{pool}`"), help, None);
            }
            let poll = match poll(spec, at, specs, catalog, load, *id) {
                Ok(poll) => poll,
                Err((message, help)) => {
                    say(message, help, None);
                    continue;
                }
            };
            steps.push(Step {
                name: catalog.step(*id).name.clone(),
                id: *id,
                http: template,
                timeout: spec.timeout.unwrap_or(scene.timeout),
                expect: spec.expect.as_ref().map(|expect| expect.get_ref().clone()),
                capture,
                poll,
                ids: StepMetrics::of(catalog, load, *id),
            });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let used = |name: &str| {
            let sent = steps.iter().any(|step| step.http.audio_pool() == Some(name));
            sent || slots.iter().any(|(slot, _)| slot.split_once('.').is_some_and(|(pool, _)| pool == name))
        };
        let pools: BTreeMap<_, _> =
            scene.pools.iter().filter(|(name, _)| used(name)).map(|(n, p)| (n.clone(), Arc::clone(p))).collect();
        Ok(Self { built_in: BuiltIn::of(&slots, &pools), steps, pools, nonce: scene.nonce })
    }

    /// How long an iteration may still take once it is started: what its timeouts and polls allow together.
    #[must_use]
    pub fn longest(specs: &[StepSpec], timeout: Duration) -> Duration {
        let of = |spec: &StepSpec| {
            let timeout = spec.timeout.unwrap_or(timeout);
            spec.poll.as_ref().map_or(timeout, |poll| poll.longest(timeout))
        };
        specs.iter().map(of).sum()
    }

    /// How long a load waits for iterations under way: its polls at their longest, and one timeout.
    #[must_use]
    pub fn drain(specs: &[StepSpec], timeout: Duration) -> Duration {
        let one = specs.iter().map(|spec| spec.timeout.unwrap_or(timeout)).max().unwrap_or(timeout);
        Self::planned(specs) + one
    }

    /// How long the plan itself lets an iteration take, by its polls: without what its exchanges take.
    #[must_use]
    pub fn planned(specs: &[StepSpec]) -> Duration {
        specs.iter().filter_map(|spec| spec.poll.as_ref()).map(PollSpec::planned).sum()
    }

    /// How many iterations the pools that the flow uses last for; `None` without an end.
    #[must_use]
    pub fn lasts(&self) -> Option<u64> {
        self.pools.values().filter_map(|pool| pool.lasts()).min()
    }

    /// The names of its steps.
    pub fn step_names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.name.as_str())
    }
}

fn poll(
    spec: &StepSpec,
    at: usize,
    specs: &[StepSpec],
    catalog: &Catalog,
    load: LoadId,
    id: StepId,
) -> Result<Option<Poll>, (String, String)> {
    let Some(poll) = &spec.poll else { return Ok(None) };
    let named = |name: &str| specs[..at].iter().position(|step| step.name.as_deref().unwrap_or(NAMELESS) == name);
    let since = match &poll.since {
        None => at.saturating_sub(1),
        Some(name) => named(name).ok_or_else(|| {
            let before: Vec<&str> = specs[..at].iter().filter_map(|step| step.name.as_deref()).collect();
            (
                format!("`since` names no step before this one: `{name}`"),
                format!("steps before it are: {}", before.join(", ")),
            )
        })?,
    };
    let metric =
        |state: &crate::select::Pattern| Some((state.clone(), catalog.find(load, Some(id), &format!("in.{state}"))?));
    Ok(Some(Poll {
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
    }))
}
