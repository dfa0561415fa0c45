//! What was normal: the `[baseline]` section, the file, and what follows from its sessions.

mod derive;
mod document;
mod guide;
mod scale;
mod setting;
mod spec;
mod tolerance;

pub use document::{Baseline, Change, Compared, Curve, Derived, Recorded, SCHEMA, Severity, VERSION, Values};
pub use guide::{import, is_guide};
pub use scale::Scale;
pub(in crate::gate) use scale::middle;
pub use setting::Setting;
pub use spec::{BaselineSpec, COMPARED, MATCH, MATCH_WORDS};
pub use tolerance::{Allowed, Tolerance, ToleranceError};
