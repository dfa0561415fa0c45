//! What `perfgate update-baseline` takes.

use std::path::PathBuf;

use clap::Args;

use super::plan::PlanArguments;

#[derive(Debug, Args)]
pub(crate) struct UpdateBaseline {
    #[command(flatten)]
    pub(crate) plan: PlanArguments,
    /// Record these sessions: folders, or their summary.json.
    #[arg(long, value_name = "SESSION", num_args = 1.., required_unless_present_any = ["init", "tolerance", "derive"])]
    pub(crate) from: Vec<PathBuf>,
    /// Write the tolerances of the plan alone; sessions are recorded later. Nothing is overwritten.
    #[arg(long, conflicts_with_all = ["from", "tolerance", "replace"])]
    pub(crate) init: bool,
    /// The recorded sessions give way to these; tolerances stay.
    #[arg(long, requires = "from")]
    pub(crate) replace: bool,
    /// Allow a metric another drift: `latency.p95=15%`, `latency.p50=10% and 50ms`. Without a value, the usual one.
    #[arg(long, value_name = "METRIC=DRIFT")]
    pub(crate) tolerance: Vec<String>,
    /// Compute `derived` anew from the sessions in the file, after it was merged or edited.
    #[arg(long, conflicts_with = "init")]
    pub(crate) derive: bool,
    /// Why, in one sentence: it is kept in the file.
    #[arg(long, value_name = "TEXT", required_unless_present = "init")]
    pub(crate) reason: Option<String>,
    /// The commit that was measured: it is kept in the file.
    #[arg(long, value_name = "HASH")]
    pub(crate) commit: Option<String>,
    /// Record sessions although something speaks against them: that is kept in the file too.
    #[arg(long)]
    pub(crate) force: bool,
    /// Show what would change and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The baseline file; without it, the one that the plan names.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}
