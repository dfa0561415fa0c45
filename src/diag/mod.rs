//! What is wrong with a file a person wrote: where, what, and what to do next.

mod diagnostic;
mod nearest;
mod problem;
mod shell;
mod sources;

pub use diagnostic::{Diagnostic, Diagnostics, FindingLevel};
pub use nearest::nearest;
pub use problem::Problem;
pub use shell::shell_word;
pub use sources::{Place, Sources, Span};
pub use toml::Spanned;
