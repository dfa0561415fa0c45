//! What was normal: the `[baseline]` section, the file, and what follows from its sessions.

mod canaries;
mod derive;
mod document;
mod record;
mod scale;
mod setting;
mod spec;
mod steady;
mod tolerance;

pub use canaries::canaries;
pub use document::{
    Baseline, Change, Curve, Derived, MetricPolicy, Recorded, RecordedValues, SCHEMA, Severity,
    VERSION,
};
pub use scale::MetricScale;
pub(in crate::gate) use scale::middle;
pub use setting::Setting;
pub use spec::{
    BaselineSpec, COMPARED, COMPARED_OF_STREAMS, COMPARED_OF_SWEEPS, MATCH, MATCH_WORDS,
};
pub use steady::{Arrivals, unsteady};
pub use tolerance::{Allowed, Tolerance, ToleranceError};
