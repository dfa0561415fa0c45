//! What can be measured: outcomes, kinds of metric with unit and direction, and the catalog of one plan.

mod address;
mod address_parts;
mod catalog;
mod kind;
mod outcome;
mod owner;
mod part;
mod reference;
mod stat;

pub use address::Address;
pub use catalog::{Catalog, Entry, LoadEntry, LoadId, MetricId, StepEntry, StepId};
pub use kind::{Better, Covers, KINDS, Kind, Level, Shape};
pub use outcome::{ErrorClass, Outcome};
pub use owner::Owner;
pub use part::Part;
pub use reference::reference;
pub use stat::{DRIFT, DRIFT_SECONDS, DRIFTS, Stat};
