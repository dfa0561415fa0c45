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
/// What makes a text of several sessions.
pub(super) type RenderSeveral = fn(&SeveralReport<'_>) -> Result<String, FormatError>;

/// One form of a report.
#[derive(Debug)]
pub struct Format {
    pub(crate) name: &'static str,
    /// What it says, and for whom.
    pub about: &'static str,
    /// The file that is written beside every session.
    pub file: Option<&'static str>,
    /// The name of the file that is written only where somebody asks for it.
    pub(crate) document: Option<Render>,
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
    /// The text of the baseline file, where annotations point to.
    pub(crate) baseline_text: &'a str,
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
            baseline_text: "",
            clients: &|| Ok(Vec::new()),
        }
    }

    fn client_document(&self) -> Result<(String, serde_json::Value), FormatError> {
        let lines = (self.clients)()?;
        if lines.is_empty() {
            return Err(FormatError::NoConversations);
        }
        Ok(clients(self.summary, &lines))
    }
}

/// A form that says nothing, for what most forms do not have.
const NOTHING: Format = Format {
    name: "",
    about: "",
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
        document: Some(|report| report.client_document().map(|(name, _)| name)),
        render: |report| {
            report
                .client_document()
                .map(|(_, document)| format!("{document:#}"))
        },
        ..NOTHING
    },
    Format {
        name: "annotations",
        about: "what fails, as annotations of GitHub Actions",
        render: |report| {
            let line = line_in_baseline(report.verdict, report.baseline_text);
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
