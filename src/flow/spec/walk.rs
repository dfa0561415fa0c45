//! The steps of a flow in the order in which they are run, those of the flows that it names among them.

use std::collections::BTreeMap;

use crate::flow::StepSpec;

/// All flows of a plan.
pub(crate) type Flows = BTreeMap<String, Vec<StepSpec>>;

/// A step as the plan writes it, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceStep<'a> {
    /// The flow it stands in; `None` for the one that was asked for.
    pub(crate) flow: Option<&'a str>,
    /// Its place there, from 0.
    pub(crate) at: usize,
    pub(crate) spec: &'a StepSpec,
}

/// What is met on the way.
#[derive(Debug, Clone)]
pub(crate) enum WalkEvent<'a> {
    /// An exchange or a pause.
    Step(SourceStep<'a>),
    /// The steps of another flow begin.
    Enter(SourceStep<'a>),
    /// They end.
    Leave,
    /// A flow that cannot be run here, and why.
    Wrong(SourceStep<'a>, FlowCallError),
}

/// Why a flow cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FlowCallError {
    /// There is none of the name.
    Unknown,
    /// It runs itself: the names on the way.
    Cycle(String),
}

/// Every step, in order.
pub(crate) fn walk<'a>(specs: &'a [StepSpec], flows: &'a Flows) -> Vec<WalkEvent<'a>> {
    let own = flows
        .iter()
        .find(|(_, steps)| std::ptr::eq(steps.as_slice(), specs))
        .map(|(name, _)| name.as_str());
    let mut visits = Vec::new();
    let mut way = own.into_iter().collect();
    below(None, specs, flows, &mut way, &mut visits);
    visits
}

fn below<'a>(
    flow: Option<&'a str>,
    specs: &'a [StepSpec],
    flows: &'a Flows,
    way: &mut Vec<&'a str>,
    visits: &mut Vec<WalkEvent<'a>>,
) {
    for (at, spec) in specs.iter().enumerate() {
        let written = SourceStep { flow, at, spec };
        let Some(name) = spec.flow.as_ref().map(|name| name.get_ref().as_str()) else {
            visits.push(WalkEvent::Step(written));
            continue;
        };
        match flows.get_key_value(name) {
            None => visits.push(WalkEvent::Wrong(written, FlowCallError::Unknown)),
            Some((name, _)) if way.contains(&name.as_str()) => {
                let circle: Vec<&str> = way
                    .iter()
                    .copied()
                    .skip_while(|on| on != name)
                    .chain([name.as_str()])
                    .collect();
                visits.push(WalkEvent::Wrong(
                    written,
                    FlowCallError::Cycle(circle.join(" -> ")),
                ));
            }
            Some((name, steps)) => {
                visits.push(WalkEvent::Enter(written));
                way.push(name);
                below(Some(name), steps, flows, way, visits);
                way.pop();
                visits.push(WalkEvent::Leave);
            }
        }
    }
}
