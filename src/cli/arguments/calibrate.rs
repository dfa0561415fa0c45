//! What `perfgate calibrate` takes.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// Sessions of a target that did not change: their folders or summary.json, or folders that hold sessions at any depth.
    /// Without any, all below `results`.
    pub(crate) paths: Vec<PathBuf>,
    /// Take the tolerances of this baseline in place of the one that the plan names.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
}
