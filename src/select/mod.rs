//! What is read from an answer and what must hold of it: selectors, conditions, and the patterns of states.

mod bare_text;
mod condition;
mod conditions;
mod error;
mod evidence;
mod fill;
mod finding;
mod holds;
mod no_json;
mod number;
mod pattern;
mod plan_text;
mod schema;
mod selector;
mod subject;
mod unmet;
mod value_type;
mod written_text;

pub use condition::{Condition, GRPC_STATUS_NAMES};
pub use conditions::Conditions;
pub use error::SelectError;
pub use evidence::{Evidence, Found};
pub use fill::{FillIn, hole, plain};
pub use finding::Finding;
pub use no_json::{begin, why_no_json};
pub use number::ExactNumber;
pub use pattern::Pattern;
pub use selector::Selector;
pub use subject::Subject;
pub use unmet::Unmet;
pub use value_type::ValueType;
pub use written_text::WrittenText;
