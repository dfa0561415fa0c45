//! The `[sweep]` of a plan or of one phase: the phase again for each value of a variable.

mod point;
mod spec;
mod values;

pub(in crate::plan) use point::Sweep;
pub(crate) use point::SweepPoint;
pub(in crate::plan) use spec::{SECTIONS, SweepSpec};
pub(in crate::plan) use values::{SweepValues, written};
