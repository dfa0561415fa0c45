//! What `perfgate compare` takes.

use clap::Args;

use super::plan::{Execution, PlanArguments};

#[derive(Debug, Args)]
pub(crate) struct Compare {
    #[command(flatten)]
    pub(crate) plan: PlanArguments,
    /// The target that is known: it takes the place of the plan's.
    #[arg(long, value_name = "URL")]
    pub(crate) base: String,
    /// The target that is judged.
    #[arg(long, value_name = "URL")]
    pub(crate) head: String,
    /// Runs against each of the two. The number is fixed before anything is measured.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..=100))]
    pub(crate) pairs: u64,
    #[command(flatten)]
    pub(crate) execution: Execution,
}
