//! What can be measured: outcomes, kinds of metric with unit and direction, and the catalog of one plan.

mod address;
mod address_parts;
mod catalog;
mod counter;
mod ids;
mod kind_base;
mod kinds;
mod outcome;
mod owner;
mod part;
mod reference;
mod shape;
mod stat;

pub use address::Address;
pub use catalog::{Catalog, CatalogEntry, LoadEntry, StepEntry};
pub(crate) use counter::COUNTERS;
pub use ids::{LoadId, MetricId, MetricIds, StepId};
pub use kinds::{KINDS, MetricKind, MetricName};
pub use outcome::{ErrorClass, Outcome};
pub use owner::{Owner, phase_point, split_point};
pub use part::LoadPart;
pub use reference::reference;
pub use shape::{Better, CoveredOutcomes, MetricLevel, MetricShape};
pub use stat::{DRIFT, DRIFT_SECONDS, DRIFTS, IMBALANCE, OF_SERIES, Stat};
