//! The plan of a session as it stands: hooks and searches may give its variables other values while it runs.

use std::sync::Arc;

use crate::diag::Sources;
use crate::plan::{Override, Plan, Prepared};
use crate::run::RunError;
use crate::run::prepare::Running;

/// A plan and what it is compiled to.
#[derive(Clone)]
pub(crate) enum BoundPlan<'a> {
    /// As it was read.
    First(&'a Plan, &'a Prepared),
    /// With other values.
    Again(Arc<(Plan, Prepared)>),
}

/// A point of a search: the plan has one phase, and the variable one value.
#[derive(Debug, Clone)]
pub(crate) struct SearchPoint {
    /// The phase, without its point.
    pub(crate) phase: Option<String>,
    /// The variable and its value.
    pub(crate) value: Override,
    /// The point's name: the value, and which try of it.
    pub(crate) name: String,
}

impl<'a> BoundPlan<'a> {
    pub(crate) fn plan(&self) -> &Plan {
        match self {
            Self::First(plan, _) => plan,
            Self::Again(both) => &both.0,
        }
    }

    pub(crate) fn prepared(&self) -> &Prepared {
        match self {
            Self::First(_, prepared) => prepared,
            Self::Again(both) => &both.1,
        }
    }

    /// The plan read again with these values, from the text that it was first read from.
    pub(crate) fn again(
        plan: &Plan,
        running: &Running,
        values: &[Override],
        point: Option<&SearchPoint>,
    ) -> Result<BoundPlan<'a>, RunError> {
        let loaded = match point {
            None => plan.source.read_again(values),
            Some(at) => {
                let values: Vec<Override> = values.iter().chain([&at.value]).cloned().collect();
                let place = (at.phase.as_deref(), at.name.as_str());
                plan.source.read_point(&values, place)
            }
        };
        let wrong = |text: String| RunError::Plan(text);
        let Some(plan) = loaded.plan else {
            let found = loaded.diagnostics.render(&loaded.sources, false);
            return Err(wrong(found));
        };
        let prepared = bind(&plan, running, &loaded.sources)?;
        Ok(BoundPlan::Again(Arc::new((plan, prepared))))
    }

    /// Whether the same loads with the same steps are run, so that what is measured of both belongs together.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let shape = |own: &Self| -> Vec<(Option<String>, String, usize)> {
            let catalog = &own.prepared().catalog;
            let loads = catalog.loads();
            loads
                .map(|(_, load)| (load.phase.clone(), load.name.clone(), load.steps.len()))
                .collect()
        };
        shape(self) == shape(other)
    }
}

fn bind(plan: &Plan, running: &Running, sources: &Sources) -> Result<Prepared, RunError> {
    plan.bind(running.demo_url(), running.nonce, sources)
        .map_err(|found| RunError::Plan(found.render(sources, false)))
}
