//! What `perfgate report` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// A session: its folder or summary.json. Of two of one plan: what changed from the first to the second. Of more, or of
    /// a folder that holds some: all of them side by side.
    #[arg(required = true)]
    pub(crate) sessions: Vec<PathBuf>,
    /// Judge several sessions of one plan as one, and show the newest, as `perfgate check` does.
    #[arg(long)]
    pub(crate) together: bool,
    /// Print this to standard output, and write nothing.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Write the reports, or the document of `--format clients`, into this folder in place of the session's own. Made where
    /// it is missing.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Draw the sessions of this history too, beside those in the folder of the plan.
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// Compare with this baseline, and judge anew.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// As `perfgate run` shows it.
    Text,
    /// One page for people.
    Html,
    /// For step summaries and comments.
    Markdown,
    /// One flat document for scripts.
    Json,
    /// For test reports.
    Junit,
    /// OpenMetrics, for the metrics of GitLab.
    Metrics,
    /// Each conversation of a streaming session; with --out as run_<N>_clients_<time>.json.
    Clients,
    /// What fails, as annotations of GitHub Actions.
    Annotations,
}
