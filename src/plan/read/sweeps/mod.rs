//! The sweeps of a plan, and their points.

mod points;
mod section;

pub(in crate::plan) use points::read as points;
pub(in crate::plan) use section::{first_values, set, variables};
