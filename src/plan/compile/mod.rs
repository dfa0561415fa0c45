//! From a plan to what a run carries out.

pub(super) mod comparison_policy;
pub(super) mod memory;
pub(super) mod prepared;
pub(super) mod thresholds;
