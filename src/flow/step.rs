//! A step ready to run: its request, what its reply must be, and the ids of what it measures.

use crate::metric::{Catalog, LoadId, MetricId, StepId};
use crate::protocol::http::HttpTemplate;
use crate::select::{Conditions, Pattern, Selector};
use crate::template::Slot;
use crate::units::Duration;

#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) id: StepId,
    pub(super) http: HttpTemplate,
    pub(super) timeout: Duration,
    pub(super) expect: Option<Conditions>,
    /// What each captured value is called, where it is kept, and how it is found.
    pub(super) capture: Vec<(String, Slot, Selector)>,
    pub(super) poll: Option<Poll>,
    pub(super) ids: StepMetrics,
}

#[derive(Debug)]
pub(super) struct Poll {
    /// The place of the step that `total` counts from.
    pub(super) since: usize,
    pub(super) every: Duration,
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

impl StepMetrics {
    pub(super) fn of(catalog: &Catalog, load: LoadId, step: StepId) -> Self {
        let id = |name: &str| catalog.find(load, Some(step), name);
        let known = |name: &str| id(name).expect("every step of this kind has it");
        Self {
            latency: known("latency"),
            requests: catalog.find(load, None, "requests.latency").expect("every load has it"),
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
        let known = |name: &str| catalog.find(load, Some(step), name).expect("every poll has it");
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
