//! What `perfgate init` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Where to write: the root of a repository, as a rule. Made where it is missing.
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Whose nightly job to write.
    #[arg(long, value_enum, default_value_t = Ci::Github)]
    pub(crate) ci: Ci,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// GitHub Actions: `.github/workflows/performance.yml`.
    Github,
    /// GitLab CI: `.gitlab-ci.yml`.
    Gitlab,
    /// No job.
    None,
}
