//! What `perfgate check` takes.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Folders of sessions, their summary.json, or summaries of k6.
    pub(crate) sessions: Vec<PathBuf>,
    /// Compare with this file: a baseline, or one of fixed bounds (`metrics` and `tolerances`).
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Add each session to this file, `history/<plan>.jsonl` as a rule, and say what drifts in it.
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// Where to look for the newest sessions.
    #[arg(long, value_name = "FOLDER", default_value = "results")]
    pub(crate) results: PathBuf,
}
