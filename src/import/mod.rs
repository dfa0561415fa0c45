//! What other tools have written, read as sessions and baselines.

mod bound_names;
mod client_file;
mod fixed_bounds;
mod format;
mod k6;

pub(crate) use fixed_bounds::{baseline_of_bounds, is_fixed_bounds};
pub(crate) use format::{foreign_session, single_measurements};
pub(crate) use k6::PLAN as K6_PLAN;
