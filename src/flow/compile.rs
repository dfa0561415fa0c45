//! From the steps of a plan to a flow that users can run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::DataTable;
use super::compiler::Compiler;
use super::names::{BuiltIn, mix};
use super::program::Op;
use super::setup::Shared;
use super::spec::StepSpec;
use super::step::Step;
use super::tags::Tags;
use super::walk::{Flows, Visit, walk};
use crate::audio::Pool;
use crate::diag::{Span, Spanned};
use crate::metric::{Catalog, Kind, Level, LoadId, StepId};
use crate::protocol::http::{Auth, Texts};
use crate::template::Slot;
use crate::units::Duration;

/// A flow of one load, compiled: shared by all its users on all threads.
#[derive(Debug, Clone)]
pub struct Flow {
    pub(super) steps: Vec<Step>,
    /// What each iteration does.
    pub(super) body: Vec<Op>,
    /// What is done once, before the first iteration.
    pub(super) setup: Vec<Op>,
    /// What users share of that, by the place among the steps that one user does for all.
    pub(super) shared: Arc<[Shared]>,
    /// Where captures of what is done once stay.
    pub(super) kept: Vec<Slot>,
    pub(super) pools: BTreeMap<String, Arc<Pool>>,
    pub(super) built_in: BuiltIn,
    pub(super) tags: Tags,
    /// The value that the load is split by.
    pub(super) split: Option<Slot>,
    /// A step captures that value.
    pub(super) split_captured: bool,
    /// Orders pauses.
    pub(super) seed: u64,
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
    /// The folder of each flow that may be run within this one.
    pub folders: &'a BTreeMap<String, PathBuf>,
    /// The audio pools of the plan.
    pub pools: &'a BTreeMap<String, Arc<Pool>>,
    /// The tables of rows of the plan.
    pub data: &'a BTreeMap<String, Arc<DataTable>>,
    /// All flows of the plan.
    pub flows: &'a BTreeMap<String, Vec<StepSpec>>,
    /// Names that have been filled in already: a capture of one would never be seen.
    pub filled: &'a [String],
    /// What is written with every sample.
    pub tags: &'a Texts,
    /// The name that the load is split by.
    pub split_by: Option<&'a Spanned<String>>,
    /// Orders pauses.
    pub seed: u64,
    /// Makes what must be unique differ from session to session.
    pub nonce: u64,
}

/// What is wrong with a step, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowError {
    /// The flow that the step stands in; `None` for the one that was compiled.
    pub flow: Option<String>,
    /// The step's place in its flow, from 0.
    pub step: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next; may be empty.
    pub help: String,
    /// The value that is wrong, where its place is known here.
    pub span: Option<Span>,
    /// What the value that is wrong has in it, where only the plan knows its place.
    pub about: Option<About>,
}

/// What a value of a step has in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// This key of its `http`, or of the target.
    Key(String),
    /// This name in `{{ }}`.
    Name(String),
    /// This text, at a key `audio`.
    Pool(String),
}

/// The name of a step that has none of its own.
pub(super) const NAMELESS: &str = "request";

impl Flow {
    /// Adds the steps of a flow to the catalog, in order, with those of the flows that it names.
    pub fn enter(
        specs: &[StepSpec],
        flows: &Flows,
        catalog: &mut Catalog,
        load: LoadId,
    ) -> Vec<StepId> {
        let mut ids = Vec::new();
        for visit in walk(specs, flows) {
            let Visit::Step(step) = visit else { continue };
            if step.spec.is_exchange() {
                ids.push(enter_step(step.spec, catalog, load));
            }
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
        Compiler::new(walk(specs, scene.flows), ids, catalog, load, scene).compile()
    }

    /// The same flow for another run: what one user does for all is to be done again, and what must be unique differs.
    #[must_use]
    pub fn for_run(&self, salt: u64) -> Self {
        let shared = self.shared.iter().map(|_| Shared::default()).collect();
        Self {
            shared,
            nonce: mix(self.nonce ^ mix(salt)),
            ..self.clone()
        }
    }

    /// How many iterations the pools and tables that the flow uses last for; `None` without an end.
    #[must_use]
    pub fn lasts(&self) -> Option<u64> {
        self.pools
            .values()
            .filter_map(|pool| pool.lasts())
            .chain(self.built_in.lasts())
            .min()
    }

    /// The names of the pools whose clips it sends or names.
    pub fn pools(&self) -> impl Iterator<Item = &str> {
        self.pools.keys().map(String::as_str)
    }

    /// Whether a reply of the target says what the load is split by.
    #[must_use]
    pub const fn is_split_by_capture(&self) -> bool {
        self.split_captured
    }

    /// The names of its steps.
    pub fn step_names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.name.as_str())
    }
}

fn enter_step(step: &StepSpec, catalog: &mut Catalog, load: LoadId) -> StepId {
    let level = match (&step.poll, &step.stream) {
        (Some(_), _) => Level::Poll,
        (None, Some(_)) => Level::Stream,
        (None, None) => Level::Exchange,
    };
    let without = step
        .stream
        .as_ref()
        .map_or_else(Vec::new, |stream| stream.without(step.websocket.is_some()));
    let id = catalog.add_step_without(
        load,
        step.name.as_deref().unwrap_or(NAMELESS),
        level,
        &without,
    );
    if let (Some(poll), Some(kind)) = (&step.poll, Kind::find(Level::Poll, "processing")) {
        for state in poll
            .running
            .0
            .iter()
            .map(ToString::to_string)
            .filter(|state| !state.contains('*'))
        {
            catalog.add(load, Some(id), &format!("in.{state}"), kind);
        }
    }
    if step.transcript.is_some() {
        catalog.ask_for(load, Some(id), "wer");
        catalog.ask_for(load, None, "wer");
    }
    if let (Some(stream), Some(kind)) = (&step.stream, Kind::find(Level::Stream, "first_message")) {
        let marks = stream.marks.0.iter().map(|(name, _)| name);
        for name in marks.chain(stream.spans.0.iter().map(|(name, _)| name)) {
            catalog.add(load, Some(id), name, kind);
        }
    }
    id
}
