//! Texts with `{{names}}` in them, compiled once: filled when a plan is loaded, and again in every iteration. And `${NAME}`, the environment.

mod bound;
mod environment;
mod expression;
mod parse;
mod piece;
mod slots;
mod written;

pub use bound::{Bound, Missing};
pub use environment::{EnvironmentError, expand_environment};
pub use expression::value_text;
pub use parse::TemplateError;
pub use slots::{Slot, Slots, Values};
pub use written::Template;
