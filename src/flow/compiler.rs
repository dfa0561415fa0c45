//! Compiles the steps of a flow one after the other, and finds everything that is wrong with them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::capture::CaptureSpec;
use super::compile::{About, Flow, FlowError, NAMELESS, Scene};
use super::names::BuiltIn;
use super::program::Op;
use super::repeat::{Repeat, RepeatSpec};
use super::scope::Scope;
use super::setup::Shared;
use super::shape;
use super::spec::OnceSpec;
use super::step::{Captured, Once, Step, StepMetrics};
use super::walk::{Visit, Written, Wrong};
use crate::audio::Pool;
use crate::diag::{Span, nearest};
use crate::metric::{Catalog, LoadId, StepId};
use crate::protocol::http::{HttpSpec, HttpTemplate, Surroundings, Texts};
use crate::template::{Slot, Slots, Template};

/// Where something is wrong within a step.
pub(super) enum Spot {
    At(Span),
    About(About),
    Step,
}

/// A flow half compiled.
pub(super) struct Compiler<'a> {
    visits: Vec<Visit<'a>>,
    ids: std::slice::Iter<'a, StepId>,
    pub(super) catalog: &'a Catalog,
    pub(super) load: LoadId,
    pub(super) scene: &'a Scene<'a>,
    pub(super) slots: Slots,
    pub(super) scope: Scope,
    pub(super) steps: Vec<Step>,
    body: Vec<Op>,
    setup: Vec<Op>,
    /// Where each flow that is open began to be repeated, where it is.
    open: Vec<Option<usize>>,
    kept: Vec<Slot>,
    per_run: usize,
    errors: Vec<FlowError>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        visits: Vec<Visit<'a>>,
        ids: &'a [StepId],
        catalog: &'a Catalog,
        load: LoadId,
        scene: &'a Scene<'a>,
    ) -> Self {
        let columns = scene
            .data
            .iter()
            .map(|(name, table)| (name.clone(), table.columns().to_vec()))
            .collect();
        let scope = Scope::new(scene.pools.keys().map(String::as_str), columns, &visits);
        Self {
            visits,
            ids: ids.iter(),
            catalog,
            load,
            scene,
            slots: Slots::default(),
            scope,
            steps: Vec::new(),
            body: Vec::new(),
            setup: Vec::new(),
            open: Vec::new(),
            kept: Vec::new(),
            per_run: 0,
            errors: Vec::new(),
        }
    }

    pub(super) fn compile(mut self) -> Result<Flow, Vec<FlowError>> {
        for visit in std::mem::take(&mut self.visits) {
            match visit {
                Visit::Step(written) => self.step(&written),
                Visit::Enter(written) => {
                    let begin = self.enter(&written);
                    self.open.push(begin);
                }
                Visit::Leave => {
                    let begin = self.open.pop().flatten();
                    self.leave(begin);
                }
                Visit::Wrong(written, wrong) => self.wrong_flow(&written, &wrong),
            }
        }
        let tags = self.tags();
        let split = self.split();
        let captured =
            |name: &String| self.scope.is_captured_somewhere(name) && !self.scope.is_built_in(name);
        let split_captured = self
            .scene
            .split_by
            .is_some_and(|name| captured(name.get_ref()));
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let pools = self.used_pools();
        Ok(Flow {
            built_in: BuiltIn::of(&self.slots, &pools, self.scene.data),
            steps: self.steps,
            body: self.body,
            setup: self.setup,
            shared: (0..self.per_run).map(|_| Shared::default()).collect(),
            kept: self.kept,
            pools,
            tags,
            split,
            split_captured,
            seed: self.scene.seed,
            nonce: self.scene.nonce,
        })
    }

    pub(super) fn say(
        &mut self,
        written: &Written<'_>,
        spot: Spot,
        (message, help): (String, String),
    ) {
        let (span, about) = match spot {
            Spot::At(span) => (Some(span), None),
            Spot::About(about) => (None, Some(about)),
            Spot::Step => (None, None),
        };
        let flow = written.flow.map(str::to_owned);
        self.errors.push(FlowError {
            flow,
            step: written.at,
            message,
            help,
            span,
            about,
        });
    }

    /// Something that is wrong with the load as a whole.
    pub(super) fn say_of_load(&mut self, (message, help): (String, String), span: Span) {
        self.errors.push(FlowError {
            flow: None,
            step: 0,
            message,
            help,
            span: Some(span),
            about: None,
        });
    }

    fn wrong_flow(&mut self, written: &Written<'_>, wrong: &Wrong) {
        let Some(name) = &written.spec.flow else {
            return;
        };
        let word = match wrong {
            Wrong::Cycle(way) => (
                format!("the flow `{}` runs itself: {way}", name.get_ref()),
                "take one of these steps out".to_owned(),
            ),
            Wrong::Unknown => {
                let help =
                    match nearest(name.get_ref(), self.scene.flows.keys().map(String::as_str)) {
                        Some(close) => format!("a flow with a similar name exists: `{close}`"),
                        None => format!("add [[flow.{}]]", name.get_ref()),
                    };
                (format!("there is no flow `{}`", name.get_ref()), help)
            }
        };
        self.say(written, Spot::At(name.span()), word);
    }

    /// The begin of a repetition, or of nothing.
    fn enter(&mut self, written: &Written<'_>) -> Option<usize> {
        let repeat = written.spec.repeat.as_ref()?;
        let times = match repeat.template() {
            Ok(times) => times,
            Err(message) => {
                self.say(
                    written,
                    Spot::At(repeat.times.span()),
                    (message, String::new()),
                );
                Template::default()
            }
        };
        for name in times.names() {
            if let Err(word) = self.scope.check(name, false) {
                self.say(written, Spot::At(repeat.times.span()), word);
            }
        }
        let counter = self.counter(written, repeat);
        let times = times.bind(&mut self.slots);
        // The step that errors are told of comes next.
        self.body.push(Op::Repeat(Repeat {
            times,
            counter,
            behind: 0,
            step: self.steps.len(),
        }));
        Some(self.body.len() - 1)
    }

    fn counter(&mut self, written: &Written<'_>, repeat: &RepeatSpec) -> Option<Slot> {
        let name = repeat.counter.as_ref();
        self.scope
            .enter(name.map_or("", |name| name.get_ref().as_str()));
        let name = name?;
        self.check_new(written, name.get_ref(), name.span());
        Some(self.slots.slot(name.get_ref()))
    }

    fn leave(&mut self, begin: Option<usize>) {
        let Some(begin) = begin else { return };
        self.scope.leave();
        self.body.push(Op::Again(begin));
        let behind = self.body.len();
        if let Op::Repeat(repeat) = &mut self.body[begin] {
            repeat.behind = behind;
            repeat.step = repeat.step.min(self.steps.len().saturating_sub(1));
        }
    }

    /// A name that a capture or a counter takes: none that has a meaning already.
    fn check_new(&mut self, written: &Written<'_>, name: &str, span: Span) {
        let taken = if self.scene.filled.iter().any(|own| own == name) {
            "a variable of the plan, which is filled in before anything is captured"
        } else if self.scope.is_built_in(name) {
            "a name that every iteration has by itself"
        } else {
            return;
        };
        let message = format!("`{name}` is {taken}: this value would never be seen");
        self.say(
            written,
            Spot::At(span),
            (message, "choose another name".to_owned()),
        );
    }

    fn step(&mut self, written: &Written<'_>) {
        let begin = if written.spec.once.is_none() {
            self.enter(written)
        } else {
            None
        };
        if let Some(pause) = written.spec.pause {
            self.body.push(Op::Pause(pause));
        } else if let Some(request) = written.spec.request()
            && let Some(id) = self.ids.next()
        {
            self.exchange(written, &request, *id);
        }
        self.leave(begin);
    }

    fn exchange(&mut self, written: &Written<'_>, http: &HttpSpec, id: StepId) {
        let spec = written.spec;
        let name = self.catalog.step(id).name.clone();
        if self.steps.iter().any(|step| step.name == name) {
            let help = "a rule could not tell them apart: give each its own name, and run a flow with named steps once"
                .to_owned();
            self.say(
                written,
                Spot::Step,
                (format!("two steps of this load are named `{name}`"), help),
            );
        }
        let once = self.once(spec.once);
        let transport = self.transport(written);
        let (template, audio) = self.template(written, http, once.is_some());
        let poll = shape::poll(self, written, id, once.is_some());
        let stream = spec
            .stream
            .as_ref()
            .map(|stream| shape::stream(self, written, stream, id, once.is_some()));
        let streamed = spec
            .stream
            .as_ref()
            .and_then(|stream| Some(stream.audio.as_ref()?.from.get_ref().clone()));
        let audio = streamed.or(audio);
        let reference = audio.clone().or_else(|| self.sent_before(once.is_some()));
        let mut capture = Vec::new();
        for (name, wanted) in &spec.capture.0 {
            self.check_new(written, name, wanted.span());
            self.scope.capture(name, once.is_some());
            let CaptureSpec { from, default } = wanted.get_ref().clone();
            let default = default.map(serde_json::Value::from);
            capture.push(Captured {
                name: name.clone(),
                slot: self.slots.slot(name),
                from,
                default,
            });
        }
        if once.is_some() {
            self.kept
                .extend(capture.iter().map(|captured| captured.slot));
        }
        let (Some(http), Some(transport)) = (template, transport) else {
            return;
        };
        self.steps.push(Step {
            name,
            id,
            http,
            transport,
            audio,
            timeout: spec.timeout.unwrap_or(self.scene.timeout),
            expect: spec.expect.as_ref().map(|expect| expect.get_ref().clone()),
            reject: spec.reject.as_ref().map(|reject| reject.get_ref().clone()),
            retry: spec.retry.clone(),
            capture,
            transcript: spec.transcript.clone(),
            reference: reference.filter(|_| spec.transcript.is_some()),
            audio_seconds: spec.audio_seconds.clone(),
            poll,
            stream,
            once,
            ids: StepMetrics::of(self.catalog, self.load, id),
        });
        let op = Op::Step(self.steps.len() - 1);
        if once.is_some() {
            &mut self.setup
        } else {
            &mut self.body
        }
        .push(op);
    }

    fn once(&mut self, once: Option<OnceSpec>) -> Option<Once> {
        Some(match once? {
            OnceSpec::PerVu => Once::PerVu,
            OnceSpec::PerRun => {
                self.per_run += 1;
                Once::PerRun(self.per_run - 1)
            }
        })
    }

    /// The pool whose clip was sent last by the steps so far.
    fn sent_before(&self, once: bool) -> Option<String> {
        self.steps
            .iter()
            .rev()
            .filter(|step| step.once.is_some() == once)
            .find_map(|step| step.audio.clone())
    }

    /// The request of a step, and the pool whose clip it sends.
    fn template(
        &mut self,
        written: &Written<'_>,
        http: &HttpSpec,
        once: bool,
    ) -> (Option<HttpTemplate>, Option<String>) {
        let folder = self.folder(written);
        let (headers, auth) = (self.scene.headers, self.scene.auth);
        let around = Surroundings {
            base: self.scene.base,
            headers,
            auth,
            folder,
        };
        // What it cannot do without: headers are left out until they have a value.
        let mut needed = Slots::default();
        let bare = HttpSpec {
            headers: Texts::default(),
            ..http.clone()
        };
        drop(bare.compile(
            &Surroundings {
                headers: &Texts::default(),
                auth: None,
                ..around
            },
            &mut needed,
        ));
        let needed: Vec<String> = needed.iter().map(|(name, _)| name.to_owned()).collect();
        for name in &needed {
            let word = self
                .scope
                .check(name, once)
                .and_then(|()| self.check_text(name));
            if let Err(word) = word {
                self.say(written, Spot::About(About::Name(name.clone())), word);
            }
        }
        let before = self.slots.iter().count();
        let template = http.compile(&around, &mut self.slots);
        let fresh: Vec<String> = self
            .slots
            .iter()
            .skip(before)
            .map(|(name, _)| name.to_owned())
            .collect();
        for name in fresh.iter().filter(|name| !needed.contains(name)) {
            // The target's own headers are those of every flow: one that never captures the name goes without.
            let mut steps = self.scene.flows.values().flatten();
            let later = steps.any(|step| step.capture.0.iter().any(|(own, _)| own == name));
            if let Err(word) = self
                .scope
                .check(name, once)
                .or_else(|word| if later { Ok(()) } else { Err(word) })
            {
                self.say(written, Spot::About(About::Name(name.clone())), word);
            }
        }
        let template = match template {
            Ok(template) => template,
            Err(wrong) => {
                for error in wrong {
                    let key = error
                        .key
                        .map_or(Spot::Step, |key| Spot::About(About::Key(key)));
                    let spot = error.span.map_or(key, Spot::At);
                    self.say(written, spot, (error.message, String::new()));
                }
                return (None, None);
            }
        };
        let inline = || {
            needed
                .iter()
                .find_map(|name| Some(name.strip_suffix(".base64")?.to_owned()))
        };
        let audio = template.audio_pool().map(str::to_owned);
        if let Some(pool) = audio
            .as_ref()
            .filter(|pool| !self.scene.pools.contains_key(*pool))
        {
            self.say(
                written,
                Spot::About(About::Pool(pool.clone())),
                self.no_pool(pool),
            );
        }
        (Some(template), audio.or_else(inline))
    }

    /// The folder that relative paths of a step start from.
    pub(super) fn folder(&self, written: &Written<'_>) -> &'a Path {
        let own = written.flow.and_then(|flow| self.scene.folders.get(flow));
        own.map_or(self.scene.folder, std::path::PathBuf::as_path)
    }

    /// A reference text that is sent must be there for every clip.
    pub(super) fn check_text(&self, name: &str) -> Result<(), (String, String)> {
        let pool = name
            .strip_suffix(".text")
            .and_then(|pool| self.scene.pools.get_key_value(pool));
        let Some((name, pool)) = pool else {
            return Ok(());
        };
        match pool.clips.iter().find(|clip| clip.text.is_none()) {
            None => Ok(()),
            Some(clip) => {
                let help = format!(
                    "put its text beside it, or name a table: [audio.{name}] references = \"texts.tsv\""
                );
                Err((
                    format!("the clip `{}` of `{name}` has no reference text", clip.name),
                    help,
                ))
            }
        }
    }

    /// The pools whose clips are sent or named.
    fn used_pools(&self) -> BTreeMap<String, Arc<Pool>> {
        let sent = |name: &str| {
            self.steps.iter().any(|step| {
                [&step.audio, &step.reference]
                    .into_iter()
                    .flatten()
                    .any(|own| own == name)
            })
        };
        let named = |name: &str| {
            self.slots
                .iter()
                .any(|(slot, _)| slot.split_once('.').is_some_and(|(pool, _)| pool == name))
        };
        let used = self
            .scene
            .pools
            .iter()
            .filter(|(name, _)| sent(name) || named(name));
        used.map(|(name, pool)| (name.clone(), Arc::clone(pool)))
            .collect()
    }

    /// The place of a step by its name, among those that are done once or those that are not.
    pub(super) fn place_of(&self, name: &str, once: bool) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| step.name == name && step.once.is_some() == once)
    }

    /// The place of the last step so far.
    pub(super) fn last_place(&self, once: bool) -> Option<usize> {
        self.steps
            .iter()
            .rposition(|step| step.once.is_some() == once)
    }

    /// The names of the steps so far.
    pub(super) fn names_so_far(&self, once: bool) -> Vec<&str> {
        let own = self.steps.iter().filter(|step| step.once.is_some() == once);
        own.map(|step| step.name.as_str())
            .filter(|name| *name != NAMELESS)
            .collect()
    }
}
