//! From a plan to what a run carries out.

pub(super) mod comparison_policy;
mod description;
pub(super) mod memory;
pub(super) mod prepared;
pub(super) mod sweeps;
pub(super) mod thresholds;
