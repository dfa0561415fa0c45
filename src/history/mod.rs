//! Earlier sessions: what is kept of each, how it goes along, and what drifts although no single session is beyond its
//! tolerance.

mod append;
mod drift;
mod entry;
mod file;
mod trend;
#[cfg(test)]
mod virtual_nights;

pub use append::append;
pub use drift::{Drift, drifts};
pub use entry::{HistoryEntry, SCHEMA, VERSION};
pub use file::{History, HistoryError};
pub use trend::{Course, Courses, TrendValue};
