//! The composed plan: every section in its place, filled, checked against each other, ready to be carried out.

mod advice;
mod check;
mod compile;
mod composed;
mod data;
mod document;
mod effective;
mod entry;
mod explain;
mod fill;
mod hash;
mod include;
mod keys;
mod lint;
mod load;
mod memory;
mod narrow;
mod overrides;
mod phase;
mod phases;
mod pools;
mod preset;
mod rules;
mod session;
mod thresholds;
mod tree;
mod variables;
mod whole;

pub use compile::{Prepared, PreparedLoad, PreparedPhase};
pub use composed::{Phase, Plan, RuleSets};
pub use document::schema_text;
pub use explain::Explained;
pub use load::{Loaded, Options, load};
pub use overrides::Override;
pub use session::SessionSpec;
