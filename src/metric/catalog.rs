//! Everything that one plan can measure, with an id for the hot path. Built before any traffic.

use super::ids::{LoadId, MetricId, MetricIds, StepId};
use super::kinds::{KINDS, MetricKind};
use super::owner::Owner;
use super::shape::MetricLevel;

/// One load and its metrics.
#[derive(Debug, Clone)]
pub struct LoadEntry {
    /// The phase, `None` in a plan without phases.
    pub phase: Option<String>,
    /// The load's name.
    pub name: String,
    /// Its steps, in order.
    pub steps: Vec<StepId>,
    /// A control that is measured beside the others and judged by nothing.
    pub canary: bool,
}

/// One step of a load's flow.
#[derive(Debug, Clone)]
pub struct StepEntry {
    /// The load it belongs to.
    pub load: LoadId,
    /// The step's name.
    pub name: String,
    /// What kind of step it is.
    pub level: MetricLevel,
}

/// One distribution of a load or a step.
#[derive(Debug, Clone)]
pub struct CatalogEntry {
    /// The load it belongs to.
    pub load: LoadId,
    /// The step, `None` for the whole iteration.
    pub step: Option<StepId>,
    /// The full name of the quantity; `in.STATE` has its state in it.
    pub quantity: String,
    /// What kind it is.
    pub kind: &'static MetricKind,
}

/// All loads, steps and distributions of a plan.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    loads: Vec<LoadEntry>,
    steps: Vec<StepEntry>,
    entries: Vec<CatalogEntry>,
    asked_for: Vec<(LoadId, Option<StepId>, &'static str)>,
}

/// Metrics with one value a run that exist only where the plan asks for them.
const OPTIONAL: [&str; 2] = ["wer", "imbalance"];

impl Catalog {
    /// Adds a load with the distributions that every load has.
    pub fn add_load(&mut self, phase: Option<&str>, name: &str) -> LoadId {
        let id = LoadId(self.loads.len() as u16);
        let phase = phase.map(str::to_owned);
        self.loads.push(LoadEntry {
            phase,
            name: name.to_owned(),
            steps: Vec::new(),
            canary: false,
        });
        self.add_kinds(id, None, MetricLevel::Load, &[]);
        id
    }

    /// The load is a control: no rule is about it.
    pub fn mark_canary(&mut self, load: LoadId) {
        self.loads[usize::from(load.0)].canary = true;
    }

    /// Adds a step with the distributions that its kind of step has.
    pub fn add_step(&mut self, load: LoadId, name: &str, level: MetricLevel) -> StepId {
        self.add_step_without(load, name, level, &[])
    }

    /// Adds a step of a kind that never has some of its distributions.
    pub fn add_step_without(
        &mut self,
        load: LoadId,
        name: &str,
        level: MetricLevel,
        without: &[&str],
    ) -> StepId {
        let id = StepId(self.steps.len() as u16);
        self.steps.push(StepEntry {
            load,
            name: name.to_owned(),
            level,
        });
        self.loads[usize::from(load.0)].steps.push(id);
        self.add_kinds(load, Some(id), level, without);
        id
    }

    /// Adds a distribution that only the plan knows, such as the time in a named state; it is measured like `kind`.
    pub fn add(
        &mut self,
        load: LoadId,
        step: Option<StepId>,
        quantity: &str,
        kind: &'static MetricKind,
    ) -> MetricId {
        let id = MetricId(self.entries.len() as u16);
        self.entries.push(CatalogEntry {
            load,
            step,
            quantity: quantity.to_owned(),
            kind,
        });
        id
    }

    /// The plan asks for a metric that not every load or step has.
    pub fn ask_for(&mut self, load: LoadId, step: Option<StepId>, quantity: &'static str) {
        self.asked_for.push((load, step, quantity));
    }

    /// The metrics with one value a run that a load has, or one of its steps.
    pub fn plain(
        &self,
        load: LoadId,
        step: Option<StepId>,
    ) -> impl Iterator<Item = &'static MetricKind> {
        let level = step.map_or(MetricLevel::Load, |step| self.step(step).level);
        let of_level = KINDS
            .iter()
            .filter(move |kind| kind.level == level && !kind.is_distribution());
        of_level.filter(move |kind| {
            !OPTIONAL.contains(&kind.name) || self.asked_for.contains(&(load, step, kind.name))
        })
    }

    fn add_kinds(
        &mut self,
        load: LoadId,
        step: Option<StepId>,
        level: MetricLevel,
        without: &[&str],
    ) {
        let has = |kind: &&MetricKind| {
            kind.level == level && kind.is_distribution() && !without.contains(&kind.name)
        };
        for kind in KINDS.iter().filter(has) {
            self.add(load, step, kind.name, kind);
        }
    }

    /// The distribution of that name.
    #[must_use]
    pub fn find(&self, load: LoadId, step: Option<StepId>, quantity: &str) -> Option<MetricId> {
        let found = self
            .entries
            .iter()
            .position(|e| e.load == load && e.step == step && e.quantity == quantity)?;
        Some(MetricId(found as u16))
    }

    /// The ids of everything that a load, or one of its steps, has distributions of.
    #[must_use]
    pub fn ids(&self, load: LoadId, step: Option<StepId>) -> MetricIds {
        let mut ids = MetricIds::default();
        let entries = self.entries();
        // What only the plan knows is measured like a kind, under a name of its own.
        for (id, entry) in entries.filter(|(_, entry)| entry.quantity == entry.kind.name) {
            if entry.load == load && entry.step == step {
                ids.set(entry.kind.metric, id);
            }
        }
        ids
    }

    /// All loads with their ids.
    pub fn loads(&self) -> impl Iterator<Item = (LoadId, &LoadEntry)> {
        self.loads
            .iter()
            .enumerate()
            .map(|(at, load)| (LoadId(at as u16), load))
    }

    /// One load.
    #[must_use]
    pub fn load(&self, id: LoadId) -> &LoadEntry {
        &self.loads[usize::from(id.0)]
    }

    /// What the metrics of a load, or of one of its steps, belong to.
    #[must_use]
    pub fn owner(&self, load: LoadId, step: Option<StepId>) -> Owner {
        let load = self.load(load);
        let owner = Owner::load(load.phase.as_deref(), &load.name);
        step.map_or_else(|| owner.clone(), |step| owner.step(&self.step(step).name))
    }

    /// One step.
    #[must_use]
    pub fn step(&self, id: StepId) -> &StepEntry {
        &self.steps[usize::from(id.0)]
    }

    /// How many steps there are.
    #[must_use]
    pub const fn step_count(&self) -> usize {
        self.steps.len()
    }

    /// All distributions with their ids.
    pub fn entries(&self) -> impl Iterator<Item = (MetricId, &CatalogEntry)> {
        self.entries
            .iter()
            .enumerate()
            .map(|(at, entry)| (MetricId(at as u16), entry))
    }

    /// One distribution.
    #[must_use]
    pub fn entry(&self, id: MetricId) -> &CatalogEntry {
        &self.entries[usize::from(id.0)]
    }

    /// How many distributions there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing can be measured.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_and_steps_get_the_distributions_of_their_kind() {
        let mut catalog = Catalog::default();
        let load = catalog.add_load(None, "transcribe");
        let submit = catalog.add_step(load, "submit", MetricLevel::Exchange);
        let job = catalog.add_step(load, "job", MetricLevel::Poll);
        assert!(catalog.find(load, None, "latency").is_some());
        assert!(catalog.find(load, Some(submit), "first_byte").is_some());
        assert!(catalog.find(load, Some(job), "slack").is_some());
        assert!(catalog.find(load, Some(submit), "slack").is_none());
        assert!(
            catalog.find(load, None, "throughput").is_none(),
            "a plain metric has no distribution"
        );
        assert_eq!(catalog.load(load).steps, [submit, job]);
        catalog.ask_for(load, Some(job), "wer");
        let has = |step, name: &str| catalog.plain(load, step).any(|kind| kind.name == name);
        assert!(
            has(Some(job), "wer") && has(None, "throughput") && has(Some(submit), "error_rate")
        );
        assert!(!has(Some(submit), "wer") && !has(None, "imbalance") && !has(None, "latency"));
    }
}
