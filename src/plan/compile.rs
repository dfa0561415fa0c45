//! From a plan to what the run carries out: a catalog, compiled flows, schedules and thresholds.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::composed::Plan;
use super::thresholds;
use crate::diag::{Diagnostic, Diagnostics, Sources};
use crate::flow::{Flow, Scene, StepSpec};
use crate::metric::{Catalog, LoadId, StepId};
use crate::schedule::Load;
use crate::summary::{LoadDescription, ThresholdLine};
use crate::units::Duration;

/// A plan ready to be carried out.
#[derive(Debug)]
pub struct Prepared {
    /// Everything it can measure.
    pub catalog: Arc<Catalog>,
    /// Its loads.
    pub loads: Vec<PreparedLoad>,
    /// What must hold, with full addresses.
    pub thresholds: Vec<ThresholdLine>,
}

/// One load ready to be carried out.
#[derive(Debug, Clone)]
pub struct PreparedLoad {
    /// Its place in the catalog.
    pub id: LoadId,
    /// Its name.
    pub name: String,
    /// When its iterations start.
    pub load: Load,
    /// What they do.
    pub flow: Arc<Flow>,
    /// How long iterations under way may take after the last start.
    pub drain: Duration,
    /// The longest that one iteration can take.
    pub longest: Duration,
}

impl Plan {
    /// The target's URL, where the plan gives one.
    pub(super) fn base_url(&self, found: &mut Diagnostics) -> Option<Url> {
        let url = self.target.url.as_ref()?;
        match Url::parse(url.get_ref()) {
            Ok(parsed) if parsed.scheme() == "http" && parsed.has_host() => Some(parsed),
            Ok(parsed) if ["https", "ws", "wss", "grpc", "grpcs", "unix"].contains(&parsed.scheme()) => {
                let message = format!("`{}` addresses are not built yet", parsed.scheme());
                found.push(Diagnostic::error(message, self.places.target.clone()).help("use an http address"));
                None
            }
            _ => {
                let error =
                    Diagnostic::error(format!("`{}` is not an address", url.get_ref()), self.places.target.clone());
                found.push(error.help("write for example \"http://localhost:8001\""));
                None
            }
        }
    }

    /// Compiles the plan for a target at `base`. `nonce` makes what must be unique differ from session to session.
    pub fn compile(
        &self,
        base: Option<&Url>,
        nonce: u64,
        sources: &Sources,
        found: &mut Diagnostics,
    ) -> Option<Prepared> {
        let mut catalog = Catalog::default();
        let mut entered: Vec<(LoadId, &str, &Load, Vec<StepId>)> = Vec::new();
        for (name, load) in &self.loads {
            let id = catalog.add_load(None, name);
            let steps = Flow::enter(self.steps_of(name, load), &mut catalog, id);
            entered.push((id, name, load, steps));
        }
        let mut loads = Vec::new();
        for (id, name, load, step_ids) in entered {
            let flow_name = load.flow.as_deref().unwrap_or(name);
            let steps = self.steps_of(name, load);
            let folder = self.places.folders.get(flow_name).map_or(Path::new("."), |folder| folder.as_path());
            let scene = Scene {
                base,
                headers: &self.target.headers,
                timeout: self.target.timeout,
                folder,
                pools: &self.pools,
                nonce,
            };
            match Flow::compile(steps, &step_ids, &catalog, id, &scene) {
                Ok(flow) => {
                    let drain = load.drain.unwrap_or_else(|| Flow::drain(steps, self.target.timeout));
                    let longest = Flow::longest(steps, self.target.timeout);
                    let load = until_clips_end(load, &flow);
                    loads.push(PreparedLoad { id, name: name.to_owned(), load, flow: Arc::new(flow), drain, longest });
                }
                Err(errors) => {
                    for error in errors {
                        let place = self.places.steps.get(&(flow_name.to_owned(), error.step)).cloned();
                        let finding = Diagnostic::error(error.message, error.span.or(place).unwrap_or(0..0));
                        found.push(if error.help.is_empty() { finding } else { finding.help(error.help) });
                    }
                }
            }
        }
        let thresholds = thresholds::resolve(&self.thresholds, &catalog, sources, found);
        (!found.has_errors()).then(|| Prepared { catalog: Arc::new(catalog), loads, thresholds })
    }

    fn steps_of(&self, name: &str, load: &Load) -> &[StepSpec] {
        self.flows.get(load.flow.as_deref().unwrap_or(name)).map_or(&[], Vec::as_slice)
    }
}

/// A pool that is read once ends the load with its last clip.
fn until_clips_end(load: &Load, flow: &Flow) -> Load {
    let mut load = load.clone();
    load.at_most = flow.lasts();
    load
}

impl PreparedLoad {
    /// The load in words.
    #[must_use]
    pub fn describe(&self) -> LoadDescription {
        let load = &self.load;
        let mut words = Vec::new();
        if let Some(rate) = load.rate {
            words.push(format!("{rate}"));
        }
        if let Some(vus) = load.vus {
            words.push(if vus.0 == 1 { "1 user".to_owned() } else { format!("{vus} users") });
        }
        for stage in load.stages.iter().flatten() {
            let level = stage
                .rate
                .map_or_else(|| stage.vus.map_or(String::new(), |n| format!("{n} users")), |rate| rate.to_string());
            words.push(format!("to {level} in {}", stage.duration));
        }
        if let Some(duration) = load.duration {
            words.push(format!("for {duration}"));
        }
        if let Some(iterations) = load.iterations {
            words.push(format!("{iterations} iterations"));
        }
        if load.is_open() {
            words.push(format!("at most {} in flight", load.in_flight_limit()));
        }
        if !load.ramp_up.is_zero() {
            words.push(format!("ramp-up {}", load.ramp_up));
        }
        if !load.warm_up.is_none() {
            words.push(format!("warm-up {}", load.warm_up));
        }
        let users = match load.schedule(0) {
            crate::schedule::Schedule::Closed(closed) => Some(closed.vus),
            crate::schedule::Schedule::Open(_) => None,
        };
        LoadDescription {
            name: self.name.clone(),
            executor: load.executor().to_owned(),
            plan: words.join(", "),
            open: load.is_open(),
            users,
        }
    }
}
