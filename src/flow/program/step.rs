//! A step ready to run: its request, what its reply must be, and the ids of what it measures.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::script::StreamScript;
use crate::flow::spec::audio_seconds::AudioSeconds;
use crate::flow::spec::covers::CoversSpec;
use crate::flow::spec::delay::RetryDelay;
use crate::flow::spec::moments::MarkSpec;
use crate::flow::spec::retry::RetrySpec;
use crate::flow::spec::transcript::Transcript;
use crate::metric::{MetricId, MetricIds, StepId};
use crate::protocol::http::HttpTemplate;
use crate::protocol::{Binding, Framing, RequestError};
use crate::select::{Conditions, Pattern, Selector};
use crate::template::{Slot, Values};
use crate::units::Duration;

/// A value of a reply that later steps want.
#[derive(Debug, Clone)]
pub(crate) struct CompiledCapture {
    pub(crate) name: String,
    /// Where it is kept.
    pub(crate) slot: Slot,
    /// Where it stands in the reply.
    pub(crate) from: Selector,
    /// What stands for it where it is missing.
    pub(crate) default: Option<Value>,
}

#[derive(Debug, Clone)]
pub(crate) struct CompiledStep {
    pub(crate) name: String,
    pub(crate) id: StepId,
    /// The request, or what opens the conversation.
    pub(crate) http: HttpTemplate,
    pub(crate) binding: Binding,
    /// The pool whose clip it sends.
    pub(crate) audio: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) expect: Option<Conditions>,
    pub(crate) reject: Option<Conditions>,
    pub(crate) retry: Option<RetrySpec>,
    pub(crate) capture: Vec<CompiledCapture>,
    pub(crate) transcript: Option<Transcript>,
    /// The pool whose clip says what the transcript should be.
    pub(crate) reference: Option<String>,
    pub(crate) audio_seconds: Option<AudioSeconds>,
    pub(crate) poll: Option<CompiledPoll>,
    pub(crate) stream: Option<CompiledStream>,
    pub(crate) once: Option<Once>,
    /// What of it only the iteration knows.
    pub(crate) holes: Holes,
    /// The ids of what it measures.
    pub(crate) ids: MetricIds,
    /// What each of its exchanges adds to, with all others of the load.
    pub(crate) requests: MetricId,
}

/// Who does what is done before the first iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Once {
    /// Every user.
    PerVu,
    /// One user, for all of them; its place among such steps.
    PerRun(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct CompiledPoll {
    /// The place of the step that `total` counts from; `None` where there is none before.
    pub(crate) since: Option<usize>,
    pub(crate) every: RetryDelay,
    pub(crate) backoff: f64,
    pub(crate) delay: Duration,
    pub(crate) at_most: u64,
    pub(crate) within: Option<Duration>,
    pub(crate) state: Selector,
    pub(crate) done: Vec<Pattern>,
    pub(crate) queued: Vec<Pattern>,
    pub(crate) running: Vec<Pattern>,
    pub(crate) failed: Vec<Pattern>,
    pub(crate) tolerate: u64,
    /// Named running states with the metric of the time spent in each.
    pub(crate) states: Vec<(Pattern, MetricId)>,
}

#[derive(Debug, Clone)]
pub(crate) struct CompiledStream {
    pub(crate) events: Option<Framing>,
    /// What this side says, where both do.
    pub(crate) script: Option<StreamScript>,
    pub(crate) until: Option<Conditions>,
    pub(crate) error: Option<Conditions>,
    pub(crate) warning: Option<Conditions>,
    /// The messages that `first_message` and `gap` are about.
    pub(crate) content: Option<Conditions>,
    pub(crate) marks: Vec<(String, MarkSpec, MetricId)>,
    pub(crate) spans: Vec<CompiledSpan>,
    /// Whether a condition on the whole answer reads JSON.
    pub(crate) keeps_json: bool,
}

impl CompiledStream {
    /// What says how far into the audio a message reaches.
    pub(crate) fn covers(&self) -> Option<&CoversSpec> {
        self.script.as_ref()?.covers.as_ref()
    }
}

/// The time between two moments of a stream.
#[derive(Debug, Clone)]
pub(crate) struct CompiledSpan {
    pub(crate) name: String,
    pub(crate) from: StreamMoment,
    pub(crate) to: StreamMoment,
    pub(crate) id: MetricId,
}

/// A moment of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamMoment {
    /// A mark of the plan, by its place.
    Mark(usize),
    Start,
    Connected,
    Ready,
    AudioStart,
    AudioEnd,
    Finished,
    FirstMessage,
    LastMessage,
    End,
}

/// Fills one place of a step.
type Fill = dyn Fn(&mut CompiledStep, &Values) -> Result<(), RequestError> + Send + Sync;

/// The places of a step whose values only the iteration knows; none in most steps, which are run as they were compiled.
#[derive(Clone, Default)]
pub(crate) struct Holes(Vec<Arc<Fill>>);

impl Holes {
    pub(crate) fn push(
        &mut self,
        fill: impl Fn(&mut CompiledStep, &Values) -> Result<(), RequestError> + Send + Sync + 'static,
    ) {
        self.0.push(Arc::new(fill));
    }
}

impl CompiledStep {
    /// The step with the values of now; `None` where nothing of it depends on them.
    ///
    /// # Errors
    /// Names a value that is not there, or that cannot stand where it is put.
    pub(crate) fn filled(&self, values: &Values) -> Result<Option<Self>, RequestError> {
        if self.holes.0.is_empty() {
            return Ok(None);
        }
        let mut own = self.clone();
        for fill in &self.holes.0 {
            fill(&mut own, values)?;
        }
        Ok(Some(own))
    }
}

impl fmt::Debug for Holes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} holes", self.0.len())
    }
}
