//! A flow half compiled: what its steps share, and everything that is wrong so far.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::error::{ErrorLocation, ErrorSubject, FlowError};
use super::scope::{Scope, Word};
use crate::audio::Pool;
use crate::diag::{Span, Spanned, nearest};
use crate::flow::program::op::Op;
use crate::flow::program::step::{CompiledStep, Holes};
use crate::flow::spec::data::DataTable;
use crate::flow::spec::live::Fillable;
use crate::flow::spec::step::{NAMELESS, StepSpec};
use crate::flow::spec::walk::{SourceStep, WalkEvent};
use crate::metric::{Catalog, LoadId, StepId};
use crate::protocol::SpecError;
use crate::protocol::http::{Auth, TextMap};
use crate::template::{Slot, Slots};
use crate::units::Duration;

/// What a flow is compiled in.
#[derive(Debug, Clone, Copy)]
pub struct CompileContext<'a> {
    /// The target's URL.
    pub base: Option<&'a Url>,
    /// The target's headers.
    pub headers: &'a TextMap,
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
    pub tags: &'a TextMap,
    /// The name that the load is split by.
    pub split_by: Option<&'a Spanned<String>>,
    /// Orders pauses.
    pub seed: u64,
    /// Makes what must be unique differ from session to session.
    pub nonce: u64,
    /// Whether each transcript is kept.
    pub transcripts: bool,
}

/// A flow half compiled.
pub(crate) struct Compiler<'a> {
    pub(crate) visits: Vec<WalkEvent<'a>>,
    pub(crate) ids: std::slice::Iter<'a, StepId>,
    pub(crate) catalog: &'a Catalog,
    pub(crate) load: LoadId,
    pub(crate) scene: &'a CompileContext<'a>,
    pub(crate) slots: Slots,
    pub(crate) scope: Scope,
    pub(crate) steps: Vec<CompiledStep>,
    /// What of the step that is being compiled only the iteration knows.
    pub(crate) holes: Holes,
    pub(crate) body: Vec<Op>,
    pub(crate) setup: Vec<Op>,
    /// Where each flow that is open began to be repeated, where it is.
    pub(crate) open: Vec<Option<usize>>,
    pub(crate) kept: Vec<Slot>,
    pub(crate) per_run: usize,
    pub(crate) errors: Vec<FlowError>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(
        visits: Vec<WalkEvent<'a>>,
        ids: &'a [StepId],
        catalog: &'a Catalog,
        load: LoadId,
        scene: &'a CompileContext<'a>,
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
            holes: Holes::default(),
            body: Vec::new(),
            setup: Vec::new(),
            open: Vec::new(),
            kept: Vec::new(),
            per_run: 0,
            errors: Vec::new(),
        }
    }

    pub(crate) fn say(
        &mut self,
        written: &SourceStep<'_>,
        spot: ErrorLocation,
        (message, help): Word,
    ) {
        let (span, about) = match spot {
            ErrorLocation::At(span) => (Some(span), None),
            ErrorLocation::About(about) => (None, Some(about)),
            ErrorLocation::Step => (None, None),
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

    /// What is wrong with the table of a protocol, or with a message.
    pub(crate) fn say_all(&mut self, written: &SourceStep<'_>, errors: Vec<SpecError>) {
        for error in errors {
            let location = match (error.span, error.key) {
                (Some(span), _) => ErrorLocation::At(span),
                (None, Some(key)) => ErrorLocation::About(ErrorSubject::Key(key)),
                (None, None) => ErrorLocation::Step,
            };
            self.say(written, location, (error.message, String::new()));
        }
    }

    /// A name that a step cannot do without must have a value there; `once` where the step is done once.
    pub(crate) fn check_needed(&mut self, written: &SourceStep<'_>, name: &str, once: bool) {
        let known = self.scope.check(name, once);
        if let Err(word) = known.and_then(|()| self.check_text(name)) {
            let location = ErrorLocation::About(ErrorSubject::Name(name.to_owned()));
            self.say(written, location, word);
        }
    }

    /// What is known of a value of the step now. Names of the iteration in it are checked, and filled in by `put` in each iteration.
    pub(crate) fn live<F: Fillable>(
        &mut self,
        written: &SourceStep<'_>,
        once: bool,
        value: &F,
        put: impl Fn(&mut CompiledStep, F::Filled) + Send + Sync + 'static,
    ) -> F::Filled
    where
        F::Filled: Clone + 'static,
    {
        for name in value.names() {
            self.check_needed(written, &name, once);
        }
        if let Some(fill) = value.filler(&mut self.slots) {
            self.holes.push(move |step, values| {
                put(step, fill(values)?);
                Ok(())
            });
        }
        value.now().clone()
    }

    /// Something that is wrong with the load as a whole.
    pub(crate) fn say_of_load(&mut self, (message, help): Word, span: Span) {
        self.errors.push(FlowError {
            flow: None,
            step: 0,
            message,
            help,
            span: Some(span),
            about: None,
        });
    }

    /// A name that a capture or a counter takes: none that has a meaning already.
    pub(crate) fn check_new(&mut self, written: &SourceStep<'_>, name: &str, span: Span) {
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
            ErrorLocation::At(span),
            (message, "choose another name".to_owned()),
        );
    }

    /// The folder that relative paths of a step start from.
    pub(crate) fn folder(&self, written: &SourceStep<'_>) -> &'a Path {
        let own = written.flow.and_then(|flow| self.scene.folders.get(flow));
        own.map_or(self.scene.folder, std::path::PathBuf::as_path)
    }

    /// A reference text that is sent must be there for every clip.
    fn check_text(&self, name: &str) -> Result<(), Word> {
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

    /// The place of a step by its name, among those that are done once or those that are not.
    pub(crate) fn place_of(&self, name: &str, once: bool) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| step.name == name && step.once.is_some() == once)
    }

    /// The place of the last step so far.
    pub(crate) fn last_place(&self, once: bool) -> Option<usize> {
        self.steps
            .iter()
            .rposition(|step| step.once.is_some() == once)
    }

    /// The names of the steps so far.
    pub(crate) fn names_so_far(&self, once: bool) -> Vec<&str> {
        let own = self.steps.iter().filter(|step| step.once.is_some() == once);
        own.map(|step| step.name.as_str())
            .filter(|name| *name != NAMELESS)
            .collect()
    }

    /// What to say about a pool that is not there.
    pub(crate) fn no_pool(&self, pool: &str) -> Word {
        let help = nearest(pool, self.scene.pools.keys().map(String::as_str)).map_or_else(
            || format!("add [audio.{pool}] with `files` or `synthesize`"),
            |close| format!("a pool with a similar name exists: `{close}`"),
        );
        (format!("there is no audio pool `{pool}`"), help)
    }
}
