//! The same plan once more: with other values, or one point of it alone.

use crate::metric::phase_point;
use crate::plan::read::load::{Loaded, load_files};
use crate::plan::read::options::Options;
use crate::plan::read::overrides::Override;
use crate::plan::read::target_override::Aim;
use crate::plan::source::{FilesRead, PlanSource};

impl PlanSource {
    /// One phase of the plan alone, with a variable that it sweeps at one value; `point` is what that point is called.
    pub(crate) fn read_point(
        &self,
        values: &[Override],
        (phase, point): (Option<&str>, &str),
    ) -> Loaded {
        let mut loaded = self.read_again(values);
        if let Some(plan) = &mut loaded.plan {
            plan.phases.retain(|own| own.plain_name() == phase);
            for own in &mut plan.phases {
                own.name = Some(phase_point(phase, point));
            }
            plan.partial = true;
        }
        loaded
    }

    /// The same plan with other values of some variables.
    pub(crate) fn read_again(&self, values: &[Override]) -> Loaded {
        let environment = |name: &str| self.environment.get(name).cloned().flatten();
        let typed = self.set.iter().map(|(name, value)| Override {
            name: name.clone(),
            value: value.clone(),
        });
        let set: Vec<Override> = typed.chain(values.iter().cloned()).collect();
        let options = Options {
            environment: &environment,
            presets: &self.presets,
            set: &set,
            only: &self.only,
            seed: self.seed,
            load: self.load,
            aim: self.aim.as_ref().map(|(option, url)| Aim { option, url }),
        };
        let mut loaded = load_files(&self.path, &options, &FilesRead::of(self.files.clone()));
        if let Some(plan) = &mut loaded.plan {
            plan.source = self.clone();
            plan.cli_overrides.clear();
        }
        loaded
    }
}
