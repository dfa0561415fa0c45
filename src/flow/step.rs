//! A step ready to run: its request, what its reply must be, and the ids of what it measures.

use http::HeaderValue;
use serde_json::Value;

use super::audio_seconds::AudioSeconds;
use super::covers::Covers;
use super::retry::RetrySpec;
use super::script::Script;
use super::stream_spec::Mark;
use super::transcript::Transcript;
use super::wait::Wait;
use crate::metric::{Catalog, LoadId, MetricId, StepId};
use crate::protocol::Framing;
use crate::protocol::grpc::Described;
use crate::protocol::http::HttpTemplate;
use crate::select::{Conditions, Pattern, Selector};
use crate::template::Slot;
use crate::units::Duration;

/// A value of a reply that later steps want.
#[derive(Debug, Clone)]
pub(super) struct Captured {
    pub(super) name: String,
    /// Where it is kept.
    pub(super) slot: Slot,
    /// Where it stands in the reply.
    pub(super) from: Selector,
    /// What stands for it where it is missing.
    pub(super) default: Option<Value>,
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) id: StepId,
    /// The request, or what opens the conversation.
    pub(super) http: HttpTemplate,
    pub(super) transport: Transport,
    /// The pool whose clip it sends.
    pub(super) audio: Option<String>,
    pub(super) timeout: Duration,
    pub(super) expect: Option<Conditions>,
    pub(super) reject: Option<Conditions>,
    pub(super) retry: Option<RetrySpec>,
    pub(super) capture: Vec<Captured>,
    pub(super) transcript: Option<Transcript>,
    /// The pool whose clip says what the transcript should be.
    pub(super) reference: Option<String>,
    pub(super) audio_seconds: Option<AudioSeconds>,
    pub(super) poll: Option<Poll>,
    pub(super) stream: Option<Stream>,
    pub(super) once: Option<Once>,
    pub(super) ids: StepMetrics,
}

/// What a step speaks.
#[derive(Debug, Clone)]
pub(super) enum Transport {
    Http,
    /// A WebSocket, with its offer of subprotocols.
    WebSocket(Option<HeaderValue>),
    Grpc(Described),
}

/// Who does what is done before the first iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Once {
    /// Every user.
    PerVu,
    /// One user, for all of them; its place among such steps.
    PerRun(usize),
}

#[derive(Debug, Clone)]
pub(super) struct Poll {
    /// The place of the step that `total` counts from; `None` where there is none before.
    pub(super) since: Option<usize>,
    pub(super) every: Wait,
    pub(super) backoff: f64,
    pub(super) delay: Duration,
    pub(super) at_most: u64,
    pub(super) within: Option<Duration>,
    pub(super) state: Selector,
    pub(super) done: Vec<Pattern>,
    pub(super) running: Vec<Pattern>,
    pub(super) failed: Vec<Pattern>,
    pub(super) tolerate: u64,
    pub(super) ids: PollMetrics,
    /// Named running states with the metric of the time spent in each.
    pub(super) states: Vec<(Pattern, MetricId)>,
}

#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub(super) events: Option<Framing>,
    /// What this side says, where both do.
    pub(super) script: Option<Script>,
    pub(super) until: Option<Conditions>,
    pub(super) error: Option<Conditions>,
    pub(super) warning: Option<Conditions>,
    pub(super) marks: Vec<(String, Mark, MetricId)>,
    pub(super) spans: Vec<Span>,
    /// Whether a condition on the whole answer reads JSON.
    pub(super) keeps_json: bool,
    pub(super) ids: StreamMetrics,
}

impl Stream {
    /// What says how far into the audio a message reaches.
    pub(super) fn covers(&self) -> Option<&Covers> {
        self.script.as_ref()?.covers.as_ref()
    }
}

/// The time between two moments of a stream.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) name: String,
    pub(super) from: StreamEnd,
    pub(super) to: StreamEnd,
    pub(super) id: MetricId,
}

/// A moment of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamEnd {
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

/// The distributions of a step. A poll has only its latency.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepMetrics {
    pub(super) latency: MetricId,
    pub(super) requests: MetricId,
    pub(super) exchange: Option<ExchangeMetrics>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ExchangeMetrics {
    pub(super) dns: MetricId,
    pub(super) connect: MetricId,
    pub(super) tls: MetricId,
    pub(super) first_byte: MetricId,
    pub(super) receive: MetricId,
    pub(super) bytes: MetricId,
    pub(super) rtfx: MetricId,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct PollMetrics {
    pub(super) total: MetricId,
    pub(super) accept: MetricId,
    pub(super) queue: MetricId,
    pub(super) processing: MetricId,
    pub(super) wait: MetricId,
    pub(super) slack: MetricId,
    pub(super) polls: MetricId,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct StreamMetrics {
    pub(super) first_message: MetricId,
    pub(super) gap: MetricId,
    pub(super) messages: MetricId,
    pub(super) handshake: Option<MetricId>,
    pub(super) ready: Option<MetricId>,
    pub(super) delay: Option<MetricId>,
    pub(super) staleness: Option<MetricId>,
    pub(super) coverage: Option<MetricId>,
    pub(super) audio: Option<AudioMetrics>,
}

/// The distributions of a stream that sends audio.
#[derive(Debug, Clone, Copy)]
pub(super) struct AudioMetrics {
    pub(super) tail: MetricId,
    pub(super) pace: Option<MetricId>,
    pub(super) send_lag: Option<MetricId>,
}

impl StepMetrics {
    pub(super) fn of(catalog: &Catalog, load: LoadId, step: StepId) -> Self {
        let id = |name: &str| catalog.find(load, Some(step), name);
        let known = |name: &str| id(name).expect("every step of this kind has it");
        Self {
            latency: known("latency"),
            requests: catalog
                .find(load, None, "requests.latency")
                .expect("every load has it"),
            exchange: id("first_byte").map(|first_byte| ExchangeMetrics {
                dns: known("dns"),
                connect: known("connect"),
                tls: known("tls"),
                first_byte,
                receive: known("receive"),
                bytes: known("bytes"),
                rtfx: known("rtfx"),
            }),
        }
    }
}

impl PollMetrics {
    pub(super) fn of(catalog: &Catalog, load: LoadId, step: StepId) -> Self {
        let known = |name: &str| {
            catalog
                .find(load, Some(step), name)
                .expect("every poll has it")
        };
        Self {
            total: known("total"),
            accept: known("accept"),
            queue: known("queue"),
            processing: known("processing"),
            wait: known("wait"),
            slack: known("slack"),
            polls: known("polls"),
        }
    }
}

impl StreamMetrics {
    pub(super) fn of(catalog: &Catalog, load: LoadId, step: StepId) -> Self {
        let known = |name: &str| {
            catalog
                .find(load, Some(step), name)
                .expect("every stream has it")
        };
        let some = |name: &str| catalog.find(load, Some(step), name);
        Self {
            first_message: known("first_message"),
            gap: known("gap"),
            messages: known("messages"),
            handshake: some("handshake"),
            ready: some("ready"),
            delay: some("delay"),
            staleness: some("staleness"),
            coverage: some("coverage"),
            audio: some("tail").map(|tail| AudioMetrics {
                tail,
                pace: some("pace"),
                send_lag: some("send_lag"),
            }),
        }
    }
}
