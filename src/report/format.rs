//! The forms in which sessions are reported: the one table that files, `--format`, help and documentation are made from.

mod annotations;
mod clients;
mod json;
mod junit;
mod metrics;

use std::io;
use std::path::PathBuf;

use super::html::{HtmlError, diff_html, html, series_html};
use super::inputs::ReportInputs;
use super::markdown::{markdown, sheet_markdown};
use super::sessions::{SessionSeries, Sheet};
use super::terminal::{self, Detail};
use super::view::View;
use crate::gate::Verdict;
use crate::summary::{ClientLine, Summary};

pub use annotations::{annotations, line_in_baseline};
use clients::clients;
pub use json::json;
pub use junit::junit;
use metrics::metrics;

/// Why a form of a report could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormatError {
    /// The page does not fit its template.
    #[error(transparent)]
    Html(#[from] HtmlError),
    /// The conversations cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Clients {
        /// Their file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There are none.
    #[error(
        "this session has no conversations: no step of its plan streams over websocket or grpc"
    )]
    NoConversations,
}

/// What makes a text of a session.
pub(super) type Render = fn(&Report<'_>) -> Result<String, FormatError>;
/// What makes the name of a file, and its text.
pub(super) type RenderDocument = fn(&Report<'_>) -> Result<(String, String), FormatError>;
/// What makes a text of several sessions.
pub(super) type RenderSeveral = fn(&SeveralReport<'_>) -> Result<String, FormatError>;

/// One form of a report.
#[derive(Debug)]
pub struct Format {
    pub(crate) name: &'static str,
    /// What it says, and for whom.
    pub about: &'static str,
    /// Its lines are meant for a runner of workflows, which carries them out.
    pub(crate) is_of_commands: bool,
    /// The file that is written beside every session.
    pub file: Option<&'static str>,
    /// The file that is written only where somebody asks for it.
    pub(crate) document: Option<RenderDocument>,
    pub(crate) render: Render,
    /// Its text of several sessions side by side.
    pub(crate) render_several: Option<RenderSeveral>,
}

/// A judged session with all that its reports show.
pub(crate) struct Report<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) verdict: &'a Verdict,
    pub(crate) view: View,
    pub(crate) inputs: ReportInputs<'a>,
    pub(crate) detail: Detail,
    pub(crate) colour: bool,
    /// Reads the text of the baseline file, where annotations point to.
    pub(crate) baseline_text: &'a dyn Fn() -> String,
    pub(crate) clients: &'a dyn Fn() -> Result<Vec<ClientLine>, FormatError>,
}

pub(crate) struct SeveralReport<'a> {
    pub(crate) sessions: SessionsCompared<'a>,
    pub(crate) detail: Detail,
    pub(crate) colour: bool,
}

/// Which sessions are held against each other.
pub(crate) enum SessionsCompared<'a> {
    /// Two of one plan: the tables of what changed, the earlier, the later, and the judgement of that one alone.
    Two(&'a Sheet, &'a Summary, &'a Summary, &'a Verdict),
    /// Many of one plan.
    Many(&'a SessionSeries),
}

impl SessionsCompared<'_> {
    const fn sheet(&self) -> &Sheet {
        match self {
            Self::Two(sheet, ..) => sheet,
            Self::Many(series) => &series.sheet,
        }
    }
}

impl<'a> Report<'a> {
    /// A report for files: without colours, and without what only some forms ask for.
    pub(crate) fn new(
        summary: &'a Summary,
        verdict: &'a Verdict,
        inputs: ReportInputs<'a>,
    ) -> Self {
        Self {
            summary,
            verdict,
            view: View::of(summary, verdict).with(inputs.conversations),
            inputs,
            detail: Detail::Normal,
            colour: false,
            baseline_text: &String::new,
            clients: &|| Ok(Vec::new()),
        }
    }
}

/// The conversations: the name of their file, and its text.
fn client_document(report: &Report<'_>) -> Result<(String, String), FormatError> {
    let lines = (report.clients)()?;
    if lines.is_empty() {
        return Err(FormatError::NoConversations);
    }
    let (name, document) = clients(report.summary, &lines);
    Ok((name, format!("{document:#}")))
}

/// A form that says nothing, for what most forms do not have.
const NOTHING: Format = Format {
    name: "",
    about: "",
    is_of_commands: false,
    file: None,
    document: None,
    render: |_| Ok(String::new()),
    render_several: None,
};

/// Every form, in the order of the help. A new one is its file in `format/`, and its entry here.
pub const FORMATS: &[Format] = &[
    Format {
        name: "text",
        about: "what `perfgate run` shows",
        render: |report| Ok(terminal::render(&report.view, report.detail, report.colour)),
        render_several: Some(|several| {
            Ok(terminal::sheet(
                several.sessions.sheet(),
                several.detail,
                several.colour,
            ))
        }),
        ..NOTHING
    },
    Format {
        name: "html",
        about: "the verdict, why, charts now over then, every number, the sessions before, and what to do: one page, \
                without network or script",
        file: Some("report.html"),
        render: |report| Ok(html(report.summary, report.verdict, &report.inputs)?),
        render_several: Some(|several| {
            Ok(match several.sessions {
                SessionsCompared::Two(_, then, now, verdict) => diff_html(then, now, verdict)?,
                SessionsCompared::Many(series) => series_html(series)?,
            })
        }),
        ..NOTHING
    },
    Format {
        name: "markdown",
        about: "the verdict and the numbers for a step summary or a comment",
        file: Some("report.md"),
        render: |report| Ok(markdown(&report.view)),
        render_several: Some(|several| Ok(sheet_markdown(several.sessions.sheet()))),
        ..NOTHING
    },
    Format {
        name: "json",
        about: "the numbers as one flat document for scripts",
        render: |report| {
            let document = json(report.summary, report.verdict, report.inputs.conversations);
            Ok(format!("{document:#}"))
        },
        ..NOTHING
    },
    Format {
        name: "junit",
        about: "every judgement as a test case, for test reports",
        file: Some("junit.xml"),
        render: |report| Ok(junit(report.summary, &report.view)),
        ..NOTHING
    },
    Format {
        name: "metrics",
        about: "every judged metric as OpenMetrics text, for the metrics of GitLab",
        file: Some("metrics.txt"),
        render: |report| Ok(metrics(report.summary, report.verdict)),
        ..NOTHING
    },
    Format {
        name: "clients",
        about: "each conversation of a streaming session; with --out as run_<N>_clients_<time>.json",
        document: Some(client_document),
        render: |report| client_document(report).map(|(_, text)| text),
        ..NOTHING
    },
    Format {
        name: "annotations",
        about: "what fails, as annotations of GitHub Actions",
        is_of_commands: true,
        render: |report| {
            let text = (report.baseline_text)();
            let line = line_in_baseline(report.verdict, &text);
            Ok(annotations(&report.view, &line).join("\n"))
        },
        ..NOTHING
    },
];

impl Format {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The files that are written beside every session.
    pub(crate) fn files() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().filter_map(|format| format.file)
    }
}
