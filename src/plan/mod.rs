//! The composed plan: every section in its place, filled, checked against each other, ready to be carried out.

mod again;
mod compile;
mod diagnostics;
mod docs;
mod fill;
mod hash;
mod load_options;
mod model;
mod names;
mod narrow;
mod read;
mod session;
mod source;
mod sweep;
mod tree;
mod validate;

pub use compile::prepared::{Prepared, PreparedLoad, PreparedPhase};
pub use docs::dialects::{DIALECTS, ShippedDialect};
pub use docs::explain::Explained;
pub use docs::reference::reference;
pub use docs::schema::schema_text;
pub use load_options::LoadOptions;
pub use model::{Phase, Plan, RuleSets};
pub use read::load::{Loaded, load, load_text};
pub use read::options::Options;
pub use read::overrides::Override;
pub use read::target_override::Aim;
pub use session::SessionSpec;
pub(crate) use sweep::SweepPoint;
