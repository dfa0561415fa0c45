//! Markdown for a step summary and for the comment on a pull request.

mod escape;
mod session;
mod sheet;

pub use session::markdown;
pub use sheet::sheet_markdown;
