//! What is known of the generator in one run.

use serde::{Deserialize, Serialize};

use super::machine_shares::MachineShares;
use crate::measure::WorkerHealth;

/// Whether the generator carried the plan out as it should.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Health {
    /// Why the run is no evidence; empty for a run that is.
    pub invalid: Vec<String>,
    /// What is worth knowing and does not spoil the run.
    pub notes: Vec<String>,
    /// 99 % of iterations started no later than this after they were due; `None` without an open load.
    pub lag_p99_s: Option<f64>,
    /// 99 % of the chunks of audio were sent no later than this after they were due; `None` where none was paced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_lag_p99_s: Option<f64>,
    /// The highest share of one core that a worker used in a measured second.
    pub busiest: f64,
    /// How many workers there were.
    pub workers: usize,
    /// What the machine kept from the generator.
    #[serde(default)]
    pub machine: MachineShares,
}

/// What is known of the generator besides its loads.
#[derive(Debug, Clone, Default)]
pub struct GeneratorEvidence {
    /// The share of one core that each worker used in each measured second.
    pub busy: Vec<Vec<f64>>,
    /// What kept the workers from their work.
    pub workers: WorkerHealth,
    /// What the machine did meanwhile.
    pub machine: MachineShares,
    /// How long the loads took, in seconds.
    pub wall_s: f64,
}

impl Health {
    /// Whether the run is evidence.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        self.invalid.is_empty()
    }

    /// Makes notes of the reasons that would make the run no evidence.
    pub fn trust(&mut self) {
        let reasons = self.invalid.drain(..);
        self.notes.extend(reasons.map(|reason| {
            format!(
                "not held against the session, because PERFGATE_TRUST_GENERATOR is set: {reason}"
            )
        }));
    }

    /// Adds what is known of other loads of the same run.
    pub fn merge(&mut self, other: Self) {
        self.invalid.extend(other.invalid);
        self.notes.extend(other.notes);
        self.notes.dedup();
        self.lag_p99_s = self
            .lag_p99_s
            .into_iter()
            .chain(other.lag_p99_s)
            .reduce(f64::max);
        self.send_lag_p99_s = self
            .send_lag_p99_s
            .into_iter()
            .chain(other.send_lag_p99_s)
            .reduce(f64::max);
        self.busiest = self.busiest.max(other.busiest);
        self.workers = self.workers.max(other.workers);
        self.machine = self.machine.worst(other.machine);
    }
}
