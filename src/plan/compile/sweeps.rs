//! The sweeps of a plan and the rules at their points.

use crate::gate::{MonitorKinds, Rules};
use crate::metric::Owner;
use crate::monitor::MonitorSpec;
use crate::plan::compile::prepared::PreparedPhase;
use crate::plan::compile::thresholds::Resolver;
use crate::plan::model::{Phase, Plan};
use crate::summary::{Demand, SweepDescription, ThresholdLine};

impl Plan {
    /// Its sweeps, in the order of their phases.
    pub(in crate::plan) fn sweeps(&self) -> Vec<SweepDescription> {
        let points = self.phases.iter().filter_map(|phase| phase.point.as_ref());
        let firsts = points.filter(|point| point.is_first());
        firsts.map(|point| point.sweep.describe()).collect()
    }
}

impl Plan {
    /// What is watched in each phase.
    pub(in crate::plan) fn watched(&self) -> Vec<MonitorKinds> {
        let of_phase = |phase: &Phase| -> Vec<MonitorKinds> {
            let one = |(name, spec): (&String, &MonitorSpec)| MonitorKinds {
                owner: Owner::load(phase.name.as_deref(), name),
                kinds: spec
                    .kinds()
                    .into_iter()
                    .map(|kind| (kind.name, kind.unit, kind.better))
                    .collect(),
                has_instances: spec.instances() > 1,
            };
            self.monitors.iter().map(one).collect()
        };
        self.phases.iter().flat_map(of_phase).collect()
    }
}

impl Resolver<'_> {
    /// Gives a prepared phase the rules of `accept` and of `stop` at its point of a sweep.
    pub(in crate::plan) fn point(&mut self, phase: &Phase, prepared: &mut PreparedPhase) {
        let Some(point) = &phase.point else {
            return;
        };
        let mut lines = |rules: &Rules| -> Vec<ThresholdLine> {
            let rules = rules.0.iter();
            rules
                .flat_map(|rule| self.lines(rule, phase.name.as_deref(), Demand::Must))
                .collect()
        };
        prepared.accept = lines(&point.sweep.accept);
        prepared.stop = lines(&point.sweep.stop);
    }
}
