//! What `perfgate compare` takes.

use std::path::PathBuf;

use clap::Args;

use super::{PlanArguments, ProgressKind};
use crate::units::Duration;

#[derive(Debug, Args)]
pub(in crate::cli) struct Compare {
    #[command(flatten)]
    pub(in crate::cli) plan: PlanArguments,
    /// The target that is known: it takes the place of the plan's.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) base: String,
    /// The target that is judged.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) head: String,
    /// Runs against each of the two. The number is fixed before anything is measured.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..=100))]
    pub(in crate::cli) pairs: u64,
    /// Where results go.
    #[arg(long, value_name = "FOLDER", default_value = "results")]
    pub(in crate::cli) out: PathBuf,
    /// Worker threads; as many as the planned rate needs where it is not said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(in crate::cli) threads: Option<u16>,
    /// How to show where the run is.
    #[arg(long, value_enum, default_value_t = ProgressKind::Auto)]
    pub(in crate::cli) progress: ProgressKind,
    /// How often a line is written where nobody watches.
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    pub(in crate::cli) progress_interval: Duration,
}
