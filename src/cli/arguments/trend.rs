//! What `perfgate trend` takes.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct TrendArguments {
    /// Sessions: their folders or summary.json, folders that hold sessions at any depth, and histories (`.jsonl`). Without any,
    /// all below `results`.
    pub(crate) paths: Vec<PathBuf>,
    /// Compare with this baseline in place of the one that the newest session's plan names.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Show these metrics alone: a full address, or its end as in `latency.p95`.
    #[arg(long = "metric", value_name = "NAME")]
    pub(crate) metrics: Vec<String>,
    /// Write all sessions found as a history, in place of the file that is there.
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
}
