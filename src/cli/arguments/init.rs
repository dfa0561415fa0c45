//! What `perfgate init` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// Where to write: the root of a repository, as a rule. Made where it is missing.
    #[arg(default_value = ".")]
    pub(in crate::cli) folder: PathBuf,
    /// Whose nightly job to write.
    #[arg(long, value_enum, default_value_t = Ci::Github)]
    pub(in crate::cli) ci: Ci,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Ci {
    /// GitHub Actions: `.github/workflows/performance.yml`.
    Github,
    /// GitLab CI: `.gitlab-ci.yml`.
    Gitlab,
    /// No job.
    None,
}
