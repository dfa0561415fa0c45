//! From a plan to what the run carries out: a catalog, compiled flows, schedules and thresholds.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use url::Url;

use crate::diag::{Diagnostic, Diagnostics, Sources};
use crate::flow::{CompileContext, ErrorSubject, Flow, FlowError};
use crate::gate::{AbortRule, MetricIndex};
use crate::metric::{Address, Catalog, LoadId, Owner, StepId};
use crate::plan::compile::thresholds::{self, Resolver};
use crate::plan::model::Phase;
use crate::plan::model::Plan;
use crate::plan::tree::Text;
use crate::protocol::ConnectionOptions;
use crate::protocol::PROTOCOLS;
use crate::schedule::Load;
use crate::summary::{ComparisonPolicy, SweepDescription, ThresholdLine};
use crate::template::Template;
use crate::units::Duration;

/// Stands for the embedded target until it has started and its port is known (RFC 2606).
const UNBOUND: &str = "http://demo.invalid";

/// A plan ready to be carried out.
#[derive(Debug)]
pub struct Prepared {
    /// Everything it can measure.
    pub catalog: Arc<Catalog>,
    /// The same, to be found by the names that rules use.
    pub index: MetricIndex,
    /// Its phases, in order.
    pub phases: Vec<PreparedPhase>,
    /// What must or should hold, with full addresses.
    pub thresholds: Vec<ThresholdLine>,
    /// What it is compared with, and how.
    pub comparison: ComparisonPolicy,
    /// Its sweeps, in the order of their phases.
    pub sweeps: Vec<SweepDescription>,
    /// The thresholds that name a point: they hold although the point was not measured.
    pub named_points: BTreeSet<Address>,
}

/// One phase ready to be carried out.
#[derive(Debug)]
pub struct PreparedPhase {
    /// Its name; `None` in a plan without phases.
    pub name: Option<String>,
    /// Where its load goes, where that is one address.
    pub base: Option<Url>,
    /// Its loads.
    pub loads: Vec<PreparedLoad>,
    /// What ends a load early.
    pub aborts: Vec<AbortRule>,
    /// What a point of a sweep must hold to be an optimum.
    pub accept: Vec<ThresholdLine>,
    /// What makes a point of a sweep the last one.
    pub stop: Vec<ThresholdLine>,
}

/// One load ready to be carried out.
#[derive(Debug, Clone)]
pub struct PreparedLoad {
    /// Its place in the catalog.
    pub id: LoadId,
    /// The phase it belongs to.
    pub phase: Option<String>,
    /// Its name.
    pub name: String,
    /// The flow's name.
    pub flow_name: String,
    /// When its iterations start.
    pub load: Load,
    /// What they do.
    pub flow: Arc<Flow>,
    /// How connections are made.
    pub wiring: Arc<ConnectionOptions>,
    /// How long iterations under way may take after the last start.
    pub drain: Duration,
    /// The longest that one iteration can take.
    pub longest: Duration,
}

impl Prepared {
    /// The loads of all phases.
    pub fn loads(&self) -> impl Iterator<Item = &PreparedLoad> {
        self.phases.iter().flat_map(|phase| &phase.loads)
    }
}

impl Phase {
    /// Where its load goes: the embedded target's address where it is that, else the one that the plan gives.
    pub(in crate::plan) fn base_url(
        &self,
        demo: Option<&Url>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Url> {
        if self.target.demo.is_some() {
            return demo.cloned().or_else(|| Url::parse(UNBOUND).ok());
        }
        self.target.base().unwrap_or_else(|problem| {
            diagnostics.push(
                Diagnostic::error(problem.message, self.target_span.clone()).help(problem.help),
            );
            None
        })
    }
}

/// A load that was entered into the catalog.
struct Entered<'a> {
    id: LoadId,
    name: &'a str,
    load: &'a Load,
    steps: Vec<StepId>,
}

impl Plan {
    /// The plan for one session. `demo` is where the embedded target listens, `nonce` makes what must be unique differ
    /// from session to session.
    ///
    /// # Errors
    /// What cannot be meant, where a file that the plan names has changed since it was checked.
    pub fn bind(
        &self,
        demo: Option<&Url>,
        nonce: u64,
        sources: &Sources,
    ) -> Result<Prepared, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        self.compile(demo, nonce, sources, &mut diagnostics)
            .ok_or(diagnostics)
    }

    /// Compiles the plan; without `demo` for its checks alone, before the embedded target has an address.
    pub(in crate::plan) fn compile(
        &self,
        demo: Option<&Url>,
        nonce: u64,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) -> Option<Prepared> {
        let mut catalog = Catalog::default();
        let entered: Vec<Vec<Entered<'_>>> = self
            .phases
            .iter()
            .map(|phase| enter(phase, &mut catalog))
            .collect();
        let mut phases = Vec::new();
        for (phase, entered) in self.phases.iter().zip(entered) {
            let before = diagnostics.errors();
            let base = phase.base_url(demo, diagnostics);
            if diagnostics.errors() > before {
                // Every path would be wrong for the same reason.
                continue;
            }
            let of_phase =
                |one| self.compile_load(phase, base.as_ref(), &one, &catalog, nonce, diagnostics);
            let loads = entered.into_iter().filter_map(of_phase).collect();
            phases.push(PreparedPhase {
                name: phase.name.clone(),
                base,
                loads,
                aborts: Vec::new(),
                accept: Vec::new(),
                stop: Vec::new(),
            });
        }
        let sweeps = self.sweeps();
        let index = MetricIndex::of(&catalog, &sweeps, &self.watched());
        let comparison = self.comparison(&index, diagnostics);
        let resolved = thresholds::resolve(self, (&catalog, &index), sources, diagnostics);
        for rule in resolved.aborts {
            let own = phases
                .iter_mut()
                .find(|phase| phase.loads.iter().any(|load| load.id == rule.load));
            own.into_iter()
                .for_each(|phase| phase.aborts.push(rule.clone()));
        }
        let mut resolver = Resolver {
            plan: self,
            index: &index,
            sources,
            diagnostics,
            named_points: BTreeSet::new(),
        };
        for (phase, prepared) in self.phases.iter().zip(&mut phases) {
            resolver.point(phase, prepared);
        }
        let thresholds = resolved.thresholds;
        (!diagnostics.has_errors()).then(|| Prepared {
            catalog: Arc::new(catalog),
            index,
            phases,
            thresholds,
            comparison,
            sweeps,
            named_points: resolved.named_points,
        })
    }

    fn compile_load(
        &self,
        phase: &Phase,
        base: Option<&Url>,
        entered: &Entered<'_>,
        catalog: &Catalog,
        nonce: u64,
        diagnostics: &mut Diagnostics,
    ) -> Option<PreparedLoad> {
        let Entered {
            id,
            name,
            load,
            steps: step_ids,
        } = entered;
        let flow_name = load.flow.as_deref().unwrap_or(name);
        let steps = phase.steps_of(name, load);
        let folder = self
            .places
            .folders
            .get(flow_name)
            .map_or(Path::new("."), |folder| folder.as_path());
        let timeout = phase.target.timeout;
        let (headers, auth) = (&phase.target.headers, phase.target.auth.as_ref());
        let scene = CompileContext {
            base,
            headers,
            auth,
            timeout,
            folder,
            folders: &self.places.folders,
            pools: &self.pools,
            data: &self.data,
            flows: &phase.flows,
            filled: &phase.filled,
            tags: &phase.tags,
            split_by: load.split_by.as_ref(),
            seed: self.session.seed.0,
            nonce,
            transcripts: self.session.transcripts.0,
        };
        match Flow::compile(steps, step_ids, catalog, *id, &scene) {
            Ok(flow) => Some(PreparedLoad {
                id: *id,
                phase: phase.name.clone(),
                name: (*name).to_owned(),
                flow_name: flow_name.to_owned(),
                load: fitted(load, &flow, Flow::paced_chunk(steps, &phase.flows)),
                drain: load
                    .drain
                    .unwrap_or_else(|| Flow::drain(steps, &phase.flows, &self.pools, timeout)),
                longest: Flow::longest(steps, &phase.flows, &self.pools, timeout),
                flow: Arc::new(flow),
                wiring: Arc::clone(&phase.wiring),
            }),
            Err(errors) => {
                errors
                    .into_iter()
                    .for_each(|error| diagnostics.push(self.finding(flow_name, error)));
                None
            }
        }
    }

    /// An error of a flow at its place: its own, or that of the text that it is about, or the step's.
    fn finding(&self, flow: &str, error: FlowError) -> Diagnostic {
        let step = (error.flow.unwrap_or_else(|| flow.to_owned()), error.step);
        let is_meant = |(key, text, _): &&Text| match &error.about {
            Some(ErrorSubject::Name(name)) => {
                Template::parse(text).is_ok_and(|text| text.names().any(|own| own == name))
            }
            Some(ErrorSubject::Pool(pool)) => key == "audio" && text == pool,
            Some(ErrorSubject::Key(_)) | None => false,
        };
        let key = match &error.about {
            Some(ErrorSubject::Key(key)) => {
                let keys = self.places.keys.get(&step);
                let of = |key: &str| {
                    PROTOCOLS.iter().find_map(|protocol| {
                        let name = protocol.key;
                        keys?.get(&format!("{name}{key}"))
                    })
                };
                let (own, whole) = (of(&format!(".{key}")), of(""));
                own.or_else(|| self.places.target_keys.get(key))
                    .or(whole)
                    .cloned()
            }
            _ => None,
        };
        let mut texts = self
            .places
            .texts
            .get(&step)
            .into_iter()
            .flatten()
            .chain(&self.places.target_texts);
        let text = error
            .span
            .or(key)
            .or_else(|| texts.find(is_meant).map(|(_, _, span)| span.clone()));
        let place = text.or_else(|| self.places.steps.get(&step).cloned());
        let finding = Diagnostic::error(error.message, place.unwrap_or(0..0));
        if error.help.is_empty() {
            finding
        } else {
            finding.help(error.help)
        }
    }
}

/// Enters the loads of a phase with their steps into the catalog.
fn enter<'a>(phase: &'a Phase, catalog: &mut Catalog) -> Vec<Entered<'a>> {
    let one = |(name, load): &'a (String, Load)| {
        let id = catalog.add_load(phase.name.as_deref(), name);
        if load.canary.0 {
            catalog.mark_canary(id);
        }
        if load.split_by.is_some() {
            catalog.ask_for(id, None, "imbalance");
        }
        let steps = Flow::enter(phase.steps_of(name, load), &phase.flows, catalog, id);
        Entered {
            id,
            name,
            load,
            steps,
        }
    };
    phase.loads.iter().map(one).collect()
}

/// A pool that is read once ends the load with its last clip, and users that speak by the clock do not all begin in the same moment.
fn fitted(load: &Load, flow: &Flow, chunk: Option<Duration>) -> Load {
    let mut load = load.clone();
    load.at_most = flow.lasts();
    load.connect_over = load.connect_over.or(chunk.filter(|_| !load.is_open()));
    load
}

impl PreparedLoad {
    /// What its metrics belong to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::load(self.phase.as_deref(), &self.name)
    }
}
