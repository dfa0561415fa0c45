//! Enters the steps of a flow into the catalog of metrics.

use crate::flow::program::flow::Flow;
use crate::flow::spec::step::{NAMELESS, StepSpec};
use crate::flow::spec::walk::{Flows, WalkEvent, walk};
use crate::metric::{Catalog, LoadId, MetricKind, MetricLevel, StepId};

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
            let WalkEvent::Step(step) = visit else {
                continue;
            };
            if step.spec.is_exchange() {
                ids.push(enter_step(step.spec, catalog, load));
            }
        }
        ids
    }
}

fn enter_step(step: &StepSpec, catalog: &mut Catalog, load: LoadId) -> StepId {
    let level = match (&step.poll, &step.stream) {
        (Some(_), _) => MetricLevel::Poll,
        (None, Some(_)) => MetricLevel::Stream,
        (None, None) => MetricLevel::Exchange,
    };
    let without = step
        .stream
        .as_ref()
        .map_or_else(Vec::new, |stream| stream.without(step.has_handshake()));
    let id = catalog.add_step_without(
        load,
        step.name.as_deref().unwrap_or(NAMELESS),
        level,
        &without,
    );
    if let (Some(poll), Some(kind)) = (
        &step.poll,
        MetricKind::find(MetricLevel::Poll, "processing"),
    ) {
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
    if let (Some(stream), Some(kind)) = (
        &step.stream,
        MetricKind::find(MetricLevel::Stream, "first_message"),
    ) {
        let marks = stream.marks.0.iter().map(|(name, _)| name);
        for name in marks.chain(stream.spans.0.iter().map(|(name, _)| name)) {
            catalog.add(load, Some(id), name, kind);
        }
    }
    id
}
