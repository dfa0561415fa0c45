//! One virtual user of a flow.

use std::sync::Arc;

use super::context::StepContext;
use super::failure::StepFailure;
use super::found::Findings;
use super::iteration::IterationState;
use super::setup_step::{self, SetupFailure};
use super::{interrupt, steps};
use crate::clock::{Clock, Tick};
use crate::flow::program::built_in::mix;
use crate::flow::program::flow::Flow;
use crate::measure::{Recorder, Ticket, Vu};
use crate::metric::{LoadPart, MetricName, Outcome};
use crate::protocol::Transport;

/// Runs a flow again and again over connections of its own.
#[derive(Debug)]
pub struct FlowUser<T> {
    flow: Arc<Flow>,
    clock: Clock,
    transport: T,
    /// The user's number in its load, from 1.
    number: u64,
    state: IterationState,
    /// Why nothing can be done, where the user is not set up.
    setup_failure: Option<SetupFailure>,
    reconnects: u64,
}

impl<T: Transport> FlowUser<T> {
    /// A user that has not done anything yet; `number` is its own in the load, from 1.
    pub fn new(flow: Arc<Flow>, clock: Clock, transport: T, number: u64) -> Self {
        Self {
            flow,
            clock,
            transport,
            number,
            state: IterationState::default(),
            setup_failure: None,
            reconnects: 0,
        }
    }

    /// The same user, remembering what its steps find.
    #[must_use]
    pub fn with_findings(mut self) -> Self {
        self.state.findings = Some(Vec::new());
        self
    }

    /// What its steps run against.
    fn context<'a>(&'a mut self, recorder: &'a mut Recorder) -> StepContext<'a, T> {
        StepContext {
            flow: &self.flow,
            clock: &self.clock,
            transport: &mut self.transport,
            state: &mut self.state,
            recorder,
        }
    }

    /// What the steps so far have found, each as it ended last.
    #[must_use]
    pub fn findings(&self) -> &[Findings] {
        self.state.findings.as_deref().unwrap_or_default()
    }
}

impl<T: Transport> Vu for FlowUser<T> {
    async fn setup(&mut self, recorder: &mut Recorder) -> Outcome {
        self.setup_failure = None;
        if self.flow.setup.is_empty() {
            return Outcome::Ok;
        }
        let now = self.clock.now();
        // Rows and clips go by the user's number here, because there is no iteration yet.
        let ticket = Ticket {
            n: self.number.saturating_sub(1),
            vu: self.number,
            due: now,
            start: now,
            part: LoadPart::WarmUp,
        };
        self.transport.begin_iteration();
        self.state.values.clear();
        self.state.begin(&self.flow, &ticket, mix(self.flow.nonce));
        self.setup_failure = setup_step::run_all(&mut self.context(recorder)).await.err();
        self.reconnects = self.transport.reconnects();
        let failure = self.setup_failure.as_ref();
        failure.map_or(Outcome::Ok, |failure| failure.outcome)
    }

    async fn iterate(&mut self, ticket: Ticket, recorder: &mut Recorder) -> Outcome {
        self.transport.begin_iteration();
        self.state.begin(&self.flow, &ticket, self.flow.nonce);
        let (number, failed) = (self.number, self.setup_failure.clone());
        let mut context = self.context(recorder);
        let outcome = match failed {
            Some(failure) => {
                let message = format!("not set up: {}", failure.message);
                let failed = StepFailure::new(failure.outcome, message);
                context.record_failure(failure.step, failed);
                failure.outcome
            }
            None => steps::run(&mut context, number, ticket.due).await,
        };
        recorder.count(
            MetricName::Reconnects,
            self.transport.reconnects() - self.reconnects,
        );
        self.reconnects = self.transport.reconnects();
        self.state.tag(&self.flow, recorder);
        outcome
    }

    fn interrupt(&mut self, at: Tick, recorder: &mut Recorder) {
        interrupt::record(&mut self.context(recorder), at);
    }
}
