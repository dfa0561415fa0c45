//! What workers tell the control thread.

use crate::measure::{ErrorRecord, LoadResult, SecondSlot, WorkerHealth};
use crate::metric::LoadId;

/// A message of a running worker.
#[derive(Debug)]
pub enum WorkerReport {
    /// Its virtual users are made: time zero may come.
    Ready,
    /// Seconds of a load that are over.
    Slots(LoadId, Vec<SecondSlot>),
    /// Errors of a load that are the first of their kind on this worker.
    Errors(LoadId, Vec<ErrorRecord>),
    /// The share of one core that the worker used in the last second.
    Busy(f64),
}

/// What a worker has in the end.
#[derive(Debug)]
pub struct WorkerResult {
    /// One for each load.
    pub loads: Vec<LoadResult>,
    /// The share of one core that the worker used, one value a second while any load was measured.
    pub busy: Vec<f64>,
    /// What kept the worker from its work.
    pub health: WorkerHealth,
    /// Samples that the writer could not take.
    pub samples_lost: u64,
}
