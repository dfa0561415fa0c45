//! What `perfgate report` takes.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::report::{FORMATS, Format};

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// A session: its folder or summary.json. Of two of one plan: what changed from the first to the second. Of more, or of
    /// a folder that holds some: all of them side by side.
    #[arg(required = true)]
    pub(crate) sessions: Vec<PathBuf>,
    /// Judge several sessions of one plan as one, and show the newest, as `perfgate check` does.
    #[arg(long)]
    pub(crate) together: bool,
    /// Print this to standard output, and write nothing.
    #[arg(long, value_parser = formats())]
    pub(crate) format: Option<&'static Format>,
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

/// The names of [`FORMATS`], each with what it says.
fn formats() -> impl TypedValueParser<Value = &'static Format> {
    let names = FORMATS
        .iter()
        .map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(names).try_map(|name| Format::named(&name).ok_or("no such format"))
}
