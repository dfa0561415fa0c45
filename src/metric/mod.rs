//! What can be measured: outcomes, kinds of metric with unit and direction, and the catalog of one plan.

mod address;
mod address_parts;
mod catalog;
mod ids;
mod kinds;
mod outcome;
mod owner;
mod part;
mod reference;
mod shape;
mod stat;

pub use address::Address;
pub use catalog::{Catalog, Entry, LoadEntry, StepEntry};
pub use ids::{LoadId, MetricId, MetricIds, StepId};
pub(crate) use kinds::COUNTERS;
pub use kinds::{KINDS, Kind, MetricName};
pub use outcome::{ErrorClass, Outcome};
pub use owner::Owner;
pub use part::Part;
pub use reference::reference;
pub use shape::{Better, Covers, Level, Shape};
pub use stat::{DRIFT, DRIFT_SECONDS, DRIFTS, Stat};
