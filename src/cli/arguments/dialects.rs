//! What `perfgate dialects` takes.

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Dialects {
    /// The dialect to print; without one they are listed.
    pub(in crate::cli) name: Option<String>,
}
