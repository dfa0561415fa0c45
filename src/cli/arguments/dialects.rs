//! What `perfgate dialects` takes.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Dialects {
    /// The dialect to print; without one they are listed.
    pub(crate) name: Option<String>,
}
