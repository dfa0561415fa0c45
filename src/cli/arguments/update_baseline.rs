//! What `perfgate update-baseline` takes.

use std::path::PathBuf;

use clap::Args;

use super::PlanArguments;

#[derive(Debug, Args)]
pub(in crate::cli) struct UpdateBaseline {
    #[command(flatten)]
    pub(in crate::cli) plan: PlanArguments,
    /// Record these sessions: folders, or their summary.json.
    #[arg(long, value_name = "SESSION", num_args = 1.., required_unless_present_any = ["init", "tolerance", "derive"])]
    pub(in crate::cli) from: Vec<PathBuf>,
    /// Write the tolerances of the plan alone; sessions are recorded later. Nothing is overwritten.
    #[arg(long, conflicts_with_all = ["from", "tolerance", "replace"])]
    pub(in crate::cli) init: bool,
    /// The recorded sessions give way to these; tolerances stay.
    #[arg(long, requires = "from")]
    pub(in crate::cli) replace: bool,
    /// Allow a metric another drift: `latency.p95=15%`, `latency.p50=10% and 50ms`. Without a value, the usual one.
    #[arg(long, value_name = "METRIC=DRIFT")]
    pub(in crate::cli) tolerance: Vec<String>,
    /// Compute `derived` anew from the sessions in the file, after it was merged or edited.
    #[arg(long, conflicts_with = "init")]
    pub(in crate::cli) derive: bool,
    /// Why, in one sentence: it is kept in the file.
    #[arg(long, value_name = "TEXT", required_unless_present = "init")]
    pub(in crate::cli) reason: Option<String>,
    /// The commit that was measured: it is kept in the file.
    #[arg(long, value_name = "HASH")]
    pub(in crate::cli) commit: Option<String>,
    /// Record sessions although something speaks against them: that is kept in the file too.
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Show what would change and write nothing.
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// The baseline file; without it, the one that the plan names.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,
}
