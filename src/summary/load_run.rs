//! What became of one load in one run, as `summary.json` holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Series, SplitLine, Staleness};
use crate::measure::Counts;
use crate::metric::Owner;

/// What became of a load in one run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LoadRun {
    /// The phase, `None` in a plan without phases.
    #[serde(default)]
    pub phase: Option<String>,
    /// The load's name.
    pub load: String,
    /// The measured window from time zero; its end is the end of the last measured iteration where a count ends the load.
    pub window_s: (f64, f64),
    /// Time zero on the clock that `samples.csv.gz` counts by.
    pub zero_s: f64,
    /// Whether a count, not a time, ended the load.
    pub by_count: bool,
    /// Every iteration, by part.
    pub counts: BTreeMap<String, Counts>,
    /// Measured runs of each step, in order.
    pub steps: Vec<(String, Counts)>,
    /// Measured single exchanges.
    pub requests: Counts,
    /// Exchanges that got at least a byte of reply, warm-up included: none means that the target never answered.
    pub answered: u64,
    /// Latency before measuring, of ok iterations; `None` without any.
    pub warm_up_mean_s: Option<f64>,
    /// Mean latency of the measured iterations that failed.
    pub failed_mean_s: Option<f64>,
    /// Mean latency of the measured iterations that were refused.
    pub rejected_mean_s: Option<f64>,
    /// Sum of the latency of ok iterations: not the wall time.
    pub ok_sum_s: f64,
    /// States that the plan does not know.
    pub strange_states: Vec<StrangeState>,
    /// Users set up before their first iteration, by how that ended.
    #[serde(default)]
    pub setups: Counts,
    /// The mean time of that; `None` where the flow does nothing once.
    #[serde(default)]
    pub setup_mean_s: Option<f64>,
    /// Measured iterations apart by the value that `split_by` names, in the order of the values.
    #[serde(default)]
    pub splits: Vec<SplitLine>,
    /// What the target said when it refused as the plan expects, most frequent first; every part of the load.
    #[serde(default)]
    pub rejections: Vec<RemarkLine>,
    /// What was odd without being an error, most frequent first; every part of the load.
    #[serde(default)]
    pub oddities: Vec<RemarkLine>,
    /// Iterations in flight at the end of the second that had most of them, every part of the load.
    #[serde(default)]
    pub most_in_flight: u64,
    /// Second by second.
    pub series: Series,
    /// How far results were behind the audio, over time; `None` where no load says how far they reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staleness: Option<Staleness>,
}

/// A state of a polled job that the plan does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrangeState {
    /// The step that saw it.
    pub step: String,
    /// The state.
    pub state: String,
    /// How many polls saw it.
    pub count: u64,
}

/// Refusals or oddities of one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemarkLine {
    /// The step.
    pub step: String,
    /// The first one.
    pub message: String,
    /// How many.
    pub count: u64,
}

impl LoadRun {
    /// The first part of the addresses of its metrics: `phase/load`.
    #[must_use]
    pub fn address(&self) -> String {
        self.owner().to_string()
    }

    /// What its metrics belong to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::load(self.phase.as_deref(), &self.load)
    }

    /// Measured arrivals that never started.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.counts
            .get("measured")
            .map_or(0, |counts| counts.dropped)
    }
}
