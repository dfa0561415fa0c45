//! The composed plan: every section in its place, filled, checked against each other, ready to be carried out.

mod check;
mod compile;
mod composed;
mod document;
mod entry;
mod fill;
mod hash;
mod include;
mod keys;
mod load;
mod memory;
mod overrides;
mod session;
mod thresholds;
mod tree;

pub use compile::{Prepared, PreparedLoad};
pub use composed::Plan;
pub use load::{Loaded, Options, load};
pub use overrides::Override;
pub use session::SessionSpec;
