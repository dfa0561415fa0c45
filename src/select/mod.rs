//! What is read from an answer and what must hold of it: selectors, conditions, and the patterns of states.

mod condition;
mod conditions;
mod error;
mod evidence;
mod finding;
mod holds;
mod no_json;
mod pattern;
mod schema;
mod selector;
mod subject;
mod unmet;

pub use condition::Condition;
pub use conditions::Conditions;
pub use error::SelectError;
pub use evidence::{Evidence, Found};
pub use finding::Finding;
pub use no_json::{begin, why_no_json};
pub use pattern::Pattern;
pub use selector::Selector;
pub use subject::Subject;
pub use unmet::Unmet;
