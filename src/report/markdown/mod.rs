//! Markdown for a step summary and for the comment on a pull request.

mod clip;
mod escape;
mod hook;
mod monitors;
mod session;
mod sheet;
mod sweep;

pub use session::markdown;
pub use sheet::sheet_markdown;
