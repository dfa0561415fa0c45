//! What `perfgate init` takes.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use crate::draft::KINDS;

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Where to write: the root of a repository, as a rule. Made where it is missing.
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The service that the plan is for.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// What kind of service it is; `http` where a URL is given.
    #[arg(long, value_parser = kinds())]
    pub(crate) kind: Option<String>,
    /// Make the plan of a curl command, as `--from curl 'curl …'`, or of a file: a curl command, a HAR file, or an
    /// OpenAPI document.
    #[arg(long, value_names = ["FILE|curl", "COMMAND"], num_args = 1..=2, conflicts_with = "kind")]
    pub(crate) from: Vec<String>,
    /// The plan is `plans/NAME.toml`.
    #[arg(long, value_name = "NAME", default_value = "service")]
    pub(crate) name: String,
    /// Whose nightly job to write.
    #[arg(long, value_enum, default_value_t = Ci::Github)]
    pub(crate) ci: Ci,
}

fn kinds() -> PossibleValuesParser {
    let values = KINDS
        .iter()
        .map(|kind| PossibleValue::new(kind.name).help(kind.about));
    PossibleValuesParser::new(values)
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
