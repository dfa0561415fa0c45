//! Texts with `{{names}}` in them, compiled once: filled when a plan is loaded, and again in every iteration. And `${NAME}`, the environment.

mod bound;
mod environment;
mod expression;
mod parse;
mod piece;
mod slots;

pub use bound::{Bound, Missing};
pub use environment::{EnvironmentError, expand_environment};
pub use parse::TemplateError;
pub use piece::Template;
pub use slots::{Slot, Slots, Values};
